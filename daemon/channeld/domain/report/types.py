"""Report types with the use that is made of them. Others than these can be asked for, too.

One of two tables with the same rows: this one has what we decide (short names, ranges, what may serve again),
`amazon/reports/types.py` what Amazon says (columns, spans, pauses, who may read them). A test has them fit.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal

import msgspec

__all__ = ["LISTINGS", "ORDERS", "REPORT_USES", "ReportUse", "report_use"]

HALF_HOUR, FOUR_HOURS = timedelta(minutes=30), timedelta(hours=4)


class ReportUse(msgspec.Struct, frozen=True, kw_only=True):
    """One type."""

    name: str
    """Amazon's."""
    short: str = ""
    """Stands for it in commands."""
    purpose: Literal["listings", "gaps", "person"] = "person"
    """What becomes of one that a person asks for."""
    range: Literal["none", "allowed", "needed"] = "allowed"
    """Whether it is about a range of time."""
    usual_range: timedelta = timedelta(days=1)
    """Up to now, where a range is needed and none was said."""
    reuse: timedelta | None = None
    """How old a report that Amazon has already may be to serve; of one of a range only the same range."""


def _present(name: str, reuse: timedelta = HALF_HOUR) -> ReportUse:
    """About what is there now."""
    return ReportUse(name=name, range="none", reuse=reuse)


def _dated(name: str, reuse: timedelta = HALF_HOUR) -> ReportUse:
    return ReportUse(name=name, range="needed", reuse=reuse)


LISTINGS: Final = ReportUse(
    name="GET_MERCHANT_LISTINGS_ALL_DATA",
    short="listings",
    purpose="listings",
    range="none",
    reuse=HALF_HOUR,
)
ORDERS: Final = ReportUse(
    name="GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
    short="orders",
    purpose="gaps",
    range="needed",
    usual_range=timedelta(days=2),
    reuse=HALF_HOUR,
)
REPORT_USES: Final[Mapping[str, ReportUse]] = {
    use.name: use
    for use in (
        LISTINGS,
        ORDERS,
        _present("GET_MERCHANT_LISTINGS_DATA"),
        _present("GET_MERCHANT_LISTINGS_INACTIVE_DATA"),
        _present("GET_MERCHANT_CANCELLED_LISTINGS_DATA"),
        _present("GET_FLAT_FILE_OPEN_LISTINGS_DATA"),
        _present("GET_AFN_INVENTORY_DATA"),
        _present("GET_FBA_MYI_ALL_INVENTORY_DATA"),
        _present("GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"),
        _present("GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"),
        _present("GET_RESERVED_INVENTORY_DATA"),
        _dated("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"),
        _dated("GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"),
        _dated("GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"),
        _dated("GET_XML_RETURNS_DATA_BY_RETURN_DATE"),
        _dated("GET_LEDGER_SUMMARY_VIEW_DATA", FOUR_HOURS),
        _dated("GET_LEDGER_DETAIL_VIEW_DATA", FOUR_HOURS),
    )
}
_SHORT = {use.short: use for use in REPORT_USES.values() if use.short}


def report_use(text: str) -> ReportUse:
    """By its short name or Amazon's, in any case; of one that is not listed nothing is assumed."""
    name = text.strip().upper()
    return _SHORT.get(name.lower()) or REPORT_USES.get(name) or ReportUse(name=name)
