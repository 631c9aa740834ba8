"""From a file to levels, each with its row; what cannot be read is answered, and stops nothing."""

import re
from collections.abc import Iterator

import msgspec

from channel_protocol.stock import StockLevel
from channelctl.bulk import Told
from channelctl.order_csv.cells import SHORTENED
from channelctl.order_csv.table import Row, read_table
from channelctl.stock_csv.columns import COLUMNS, SHOWN
from channelctl.stock_csv.results import StockResult, result

__all__ = ["LevelRow", "read_levels"]

UNITS = re.compile(r"-?[0-9]{1,18}")
"""How many there may be the daemon says."""


class LevelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and the level that is wanted by it."""

    row: int
    level: StockLevel


def read_levels(text: str) -> tuple[list[LevelRow], list[StockResult]]:
    """Levels, and rows that are none. Of two rows for one SKU at a location only the first is one.

    Raises `ClientError` for a file that is wrong as a whole.
    """
    first: dict[tuple[str, str], LevelRow] = {}
    refused: list[StockResult] = []
    for row in read_table(text, COLUMNS, passed_over=SHOWN):
        sku, location = row.cells.get("sku", ""), row.cells.get("location", "")
        problem = row.problem or " ".join(_faults(row))
        if not problem:
            level = StockLevel(sku=sku, location=location, units=int(row.cells["units"]))
            wish = LevelRow(row=row.number, level=level)
            if (earlier := first.setdefault((sku, location), wish)) is not wish:
                problem = f"Row {earlier.row} has the same SKU and location: keep one of them."
        if problem:
            told = Told(outcome="refused", message=problem, code="invalid_row")
            refused.append(result(row.number, sku, location, told))
    return list(first.values()), refused


def _faults(row: Row) -> Iterator[str]:
    """What is wrong with the cells, without repeating them."""
    for name in ("sku", "location", "units"):
        if not row.cells.get(name):
            yield f"{name} is missing."
    if SHORTENED.fullmatch(row.cells.get("sku", "")):
        yield "sku was shortened by a spreadsheet: format the column as text and enter it anew."
    if (units := row.cells.get("units")) and not UNITS.fullmatch(units):
        yield "units must be a whole number."
