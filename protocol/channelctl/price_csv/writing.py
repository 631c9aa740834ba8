"""Saved prices as rows of a CSV that can be read back as it is."""

import csv
from collections.abc import Iterable
from typing import TextIO

from channel_protocol.prices import PriceRow
from channelctl.price_csv.columns import COLUMNS, NONE, SHOWN
from channelctl.table_cells import cell
from channelctl.words import amount

__all__ = ["write_prices"]


def write_prices(stream: TextIO, rows: Iterable[PriceRow]) -> int:
    """How many there were. Listings whose price was dropped and that have no bounds say nothing."""
    table = csv.writer(stream)
    table.writerow([*(column.name for column in COLUMNS), *SHOWN])
    count = 0
    for row in rows:
        if any(minor is not None for minor in (row.saved, row.min_price, row.max_price)):
            table.writerow(_cells(row))
            count += 1
    return count


def _cells(row: PriceRow) -> list[str]:
    saved = amount(row.saved, row.currency)
    price, not_sent = ("", saved) if _is_stopped(row) else (saved, "")
    bounds = (amount(minor, row.currency) or NONE for minor in (row.min_price, row.max_price))
    return [cell(value) for value in (row.sku, price, *bounds, row.currency, not_sent)]


def _is_stopped(row: PriceRow) -> bool:
    """Saving that price once more would send it, or judge it anew."""
    is_unsent = row.state == "NoChange" and (row.saved != row.confirmed or bool(row.reason))
    return is_unsent or row.state in ("Held", "Error")
