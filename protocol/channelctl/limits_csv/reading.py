"""From a file to limits of listings, each with its row; what cannot be read is answered and stops nothing."""

from collections.abc import Iterator

import msgspec

from channel_protocol.offers import ListingSettings
from channelctl.bulk import Told
from channelctl.limits_csv.columns import COLUMNS, SETTINGS
from channelctl.limits_csv.results import LimitsResult, result
from channelctl.order_csv.cells import SHORTENED
from channelctl.order_csv.table import SAVE_AGAIN, Row, read_table

__all__ = ["LimitsRow", "read_limits"]

HINT = f"{SAVE_AGAIN} `channelctl listing export CHANNEL FILE --limits` writes a file that can be loaded."


class LimitsRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and what is wanted by it. What the numbers may be the daemon says."""

    row: int
    listing: ListingSettings


def read_limits(text: str) -> tuple[list[LimitsRow], list[LimitsResult]]:
    """Wishes, and rows that are none. Of two rows for one SKU only the first is one.

    Raises `ClientError` for a file that is wrong as a whole.
    """
    first: dict[str, LimitsRow] = {}
    refused: list[LimitsResult] = []
    for row in read_table(text, COLUMNS, hint=HINT):
        sku = row.cells.get("sku", "")
        problem = row.problem or " ".join(_faults(sku))
        if not problem:
            wish = LimitsRow(row=row.number, listing=ListingSettings(sku=sku, values=_values(row)))
            if (earlier := first.setdefault(sku, wish)) is not wish:
                problem = f"Row {earlier.row} has the same SKU: keep one of them."
        if problem:
            told = Told(outcome="refused", message=problem, code="invalid_row")
            refused.append(result(row.number, sku, told))
    return list(first.values()), refused


def _values(row: Row) -> dict[str, str]:
    return {each.name: row.cells[each.name] for each in SETTINGS if each.name in row.cells}


def _faults(sku: str) -> Iterator[str]:
    """What is wrong with it, without repeating it."""
    if not sku:
        yield "sku is missing."
    elif SHORTENED.fullmatch(sku):
        yield "sku was shortened by a spreadsheet: format the column as text and enter it anew."
