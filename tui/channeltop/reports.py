"""Reports as people look at them. Pure."""

from collections.abc import Iterable

from channel_protocol.reports import ReportRow
from channeltop.tone import Tone

__all__ = ["in_order", "short_type", "status", "status_tone"]

TONES: dict[str, Tone] = {"no data": "muted", "failed": "bad", "stuck": "bad"}
SHORT = {
    "GET_MERCHANT_LISTINGS_ALL_DATA": "listings",
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": "orders",
}
"""The daemon's own names for the two that it uses itself."""


def in_order(rows: Iterable[ReportRow]) -> list[ReportRow]:
    """The newest first."""
    return sorted(rows, key=lambda row: -row.number)


def short_type(report_type: str) -> str:
    """A type as people say it: `GET_AFN_INVENTORY_DATA` is `afn inventory`."""
    known = SHORT.get(report_type)
    return known or report_type.removeprefix("GET_").removesuffix("_DATA").replace("_", " ").lower()


def status(row: ReportRow) -> str:
    """Submitted, Available and Processed as they are; any other word in brackets, as it is none of them."""
    return row.status if row.plain else f"[{row.status.lower()}]"


def status_tone(row: ReportRow) -> Tone:
    """The three words plain, the others not."""
    return "" if row.plain else TONES.get(row.state, "accent")
