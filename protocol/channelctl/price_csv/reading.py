"""From a file to wanted prices, each with its row; what cannot be read is answered, and stops nothing."""

from collections.abc import Iterator

import msgspec

from channel_protocol.prices import PriceWanted
from channelctl.bulk import Told
from channelctl.order_csv.cells import SHORTENED
from channelctl.order_csv.table import SAVE_AGAIN, Row, read_table
from channelctl.price_csv.columns import COLUMNS, NONE, SHOWN
from channelctl.price_csv.results import PriceResult, result

__all__ = ["PriceLine", "bound", "read_prices"]

HINT = f"{SAVE_AGAIN} `channelctl price export CHANNEL FILE` writes a file that can be loaded."


class PriceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and the price that is wanted by it."""

    row: int
    wanted: PriceWanted


def read_prices(text: str) -> tuple[list[PriceLine], list[PriceResult]]:
    """Prices, and rows that are none. Of two rows for one SKU only the first is one.

    Raises `ClientError` for a file that is wrong as a whole.
    """
    first: dict[str, PriceLine] = {}
    refused: list[PriceResult] = []
    for row in read_table(text, COLUMNS, passed_over=SHOWN, hint=HINT):
        sku = row.cells.get("sku", "")
        problem = row.problem or " ".join(_faults(row))
        if not problem:
            line = PriceLine(row=row.number, wanted=_wanted(row))
            if (earlier := first.setdefault(sku, line)) is not line:
                problem = f"Row {earlier.row} has the same SKU: keep one of them."
        if problem:
            refused.append(
                result(row.number, sku, Told(outcome="refused", message=problem, code="invalid_row"))
            )
    return list(first.values()), refused


def bound(text: str) -> str | None:
    """A minimum or maximum as the daemon takes it: None leaves it as it is, an empty text takes it away."""
    if not text:
        return None
    return "" if text.casefold() == NONE else text


def _wanted(row: Row) -> PriceWanted:
    cells = row.cells
    return PriceWanted(
        sku=cells["sku"],
        price=cells.get("price", ""),
        min_price=bound(cells.get("min_price", "")),
        max_price=bound(cells.get("max_price", "")),
        currency=cells.get("currency", ""),
    )


def _faults(row: Row) -> Iterator[str]:
    """What is wrong with the cells, without repeating them."""
    if not row.cells.get("sku"):
        yield "sku is missing."
    if SHORTENED.fullmatch(row.cells.get("sku", "")):
        yield "sku was shortened by a spreadsheet: format the column as text and enter it anew."
    if not any(row.cells.get(name) for name in ("price", "min_price", "max_price")):
        yield "price is missing."
