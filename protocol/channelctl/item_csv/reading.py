"""From a file to items, each with its row; what cannot be read is answered, and stops nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from channel_protocol.items import Component, ItemFields
from channelctl.bulk import Told
from channelctl.item_csv.columns import COLUMNS, PROPERTY
from channelctl.item_csv.components import components
from channelctl.item_csv.results import ItemResult, result
from channelctl.order_csv.cells import SHORTENED
from channelctl.order_csv.table import Row, read_table

__all__ = ["ItemRow", "Read", "fields_of", "read_csv", "read_lines"]

ANEW = "was shortened by a spreadsheet: format the column as text and enter it anew"
WHERE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and what an item is to be by it."""

    row: int
    fields: ItemFields


class Read(NamedTuple):
    """A file, row by row."""

    rows: list[ItemRow]
    """In an order in which they can be carried out."""
    refused: list[ItemResult]
    """Rows that are no item."""


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of JSON, with the fields of an export that are only for reading."""

    sku: str
    title: str | None = None
    barcodes: tuple[str, ...] | None = None
    properties: dict[str, str | None] = {}
    components: tuple[Component, ...] | None = None
    listings: Any = None
    created_at: Any = None
    changed_at: Any = None


class _Sku(msgspec.Struct, frozen=True):
    sku: str = ""


_decode = msgspec.json.Decoder(_Line).decode
_decode_sku = msgspec.json.Decoder(_Sku).decode


def read_csv(text: str) -> Read:
    """Raises `ClientError` for a file that is wrong as a whole."""
    return _planned(_csv_row(row) for row in read_table(text, COLUMNS, PROPERTY))


def read_lines(text: str) -> Read:
    """The same of JSON Lines."""
    numbered = enumerate(text.split("\n"), 1)
    return _planned(_json_row(number, line) for number, line in numbered if line.strip())


def _planned(rows: Iterable[ItemRow | ItemResult]) -> Read:
    """Components before their kits; of two rows with one SKU only the first."""
    first: dict[str, ItemRow] = {}
    refused: list[ItemResult] = []
    for row in rows:
        if isinstance(row, ItemResult):
            refused.append(row)
        elif (earlier := first.setdefault(row.fields.sku, row)) is not row:
            message = f"Row {earlier.row} has the same SKU: keep one of them."
            refused.append(_refused(row.row, row.fields.sku, message))
    return Read(_in_turn(first), refused)


def _in_turn(rows: Mapping[str, ItemRow]) -> list[ItemRow]:
    """Each after its components, depth first. Kits that go round in a circle the daemon refuses."""
    ready: dict[str, ItemRow] = {}
    seen: set[str] = set()
    for first in rows:
        path = [first]
        while path:
            row = rows[path[-1]]
            if row.fields.sku in seen:
                ready.setdefault(path.pop(), row)
            else:
                seen.add(row.fields.sku)
                parts = (part.sku for part in row.fields.components or ())
                path += [sku for sku in parts if sku in rows and sku not in seen]
    return list(ready.values())


def _csv_row(row: Row) -> ItemRow | ItemResult:
    sku = row.cells.get("sku", "")
    faults = [row.problem] if row.problem else list(_faults(row))
    if faults:
        return _refused(row.number, sku, " ".join(faults))
    barcodes = row.cells.get("barcodes")
    parts = row.cells.get("components")
    fields = ItemFields(
        sku=sku,
        title=row.cells.get("title"),
        barcodes=None if barcodes is None else tuple(barcodes.split()),
        properties=_properties(row.cells),
        components=None if parts is None else components(parts),
    )
    return ItemRow(row=row.number, fields=fields)


def _faults(row: Row) -> Iterator[str]:
    """What is wrong with the cells, without repeating them."""
    if not row.cells.get("sku"):
        yield "sku is missing."
    if SHORTENED.fullmatch(row.cells.get("sku", "")):
        yield f"sku {ANEW}."
    if any(SHORTENED.fullmatch(each) for each in row.cells.get("barcodes", "").split()):
        yield f"barcodes {ANEW}."
    try:
        components(row.cells.get("components", ""))
    except ValueError as error:
        yield f"components {error}."


def _properties(cells: Mapping[str, str]) -> dict[str, str]:
    """Of columns whose names differ in capitals only, as an export may have them, one may have a value."""
    found: dict[str, tuple[str, str]] = {}
    for column, value in cells.items():
        if column.startswith(PROPERTY):
            name = column.removeprefix(PROPERTY)
            known = found.get(name.casefold())
            if known is None or (value and not known[1]):
                found[name.casefold()] = (name, value)
    return dict(found.values())


def _json_row(number: int, line: str) -> ItemRow | ItemResult:
    try:
        read = _decode(line)
    except msgspec.ValidationError as error:
        return _refused(number, _sku_of(line), _said(error))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _refused(number, "", "The line is not JSON.")
    fields = ItemFields(
        sku=read.sku,
        title=read.title,
        barcodes=read.barcodes,
        properties={name: value or "" for name, value in read.properties.items()},
        components=read.components,
    )
    return ItemRow(row=number, fields=fields)


def _said(error: msgspec.ValidationError) -> str:
    """msgspec's words, with the field in front."""
    text = str(error)
    found = WHERE.search(text)
    field = found["path"] if found else ""
    return f"{field or 'The line'}: {WHERE.sub('', text)}."


def _sku_of(line: str) -> str:
    try:
        return _decode_sku(line).sku
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ""


def _refused(row: int, sku: str, message: str) -> ItemResult:
    return result(row, sku, Told(outcome="refused", message=message, code="invalid_row"))


def fields_of(rows: Sequence[ItemRow]) -> tuple[ItemFields, ...]:
    """What is asked of the daemon."""
    return tuple(row.fields for row in rows)
