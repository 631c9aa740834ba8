"""The components of a kit in one cell: a CSV of its own, as an SKU may have any letters that can be seen."""

import csv
import io
import re
from collections.abc import Iterable

from channel_protocol.items import Component

__all__ = ["component", "components", "written"]

QUANTITY = re.compile(r"0*([1-9][0-9]{0,8})")


def components(cell: str) -> tuple[Component, ...]:
    """`SKU=QUANTITY,…`. Raises `ValueError` with what is wrong."""
    if not cell:
        return ()
    try:
        rows = list(csv.reader(io.StringIO(cell), skipinitialspace=True, strict=True))
    except csv.Error:
        raise ValueError("has a quotation mark in the wrong place") from None
    return tuple(component(each) for row in rows for each in row)


def component(text: str) -> Component:
    """`SKU=QUANTITY`. Raises `ValueError` with what is wrong."""
    sku, separator, quantity = text.rpartition("=")
    found = QUANTITY.fullmatch(quantity.strip())
    if not separator or not sku.strip() or not found:
        raise ValueError("must be written as SKU=QUANTITY, the quantity a whole number from 1")
    return Component(sku=sku.strip(), quantity=int(found[1]))


def written(parts: Iterable[Component]) -> str:
    """As `components` reads it."""
    cell = io.StringIO()
    csv.writer(cell, lineterminator="").writerow([f"{part.sku}={part.quantity}" for part in parts])
    return cell.getvalue()
