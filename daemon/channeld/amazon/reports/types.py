"""What Amazon says of its report types, as data (Amazon's reference, sections 7 and 11.1).

What use is made of each of them stands in the other table, `domain/report/types.py`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

__all__ = [
    "ALL_LISTINGS",
    "ORDERS_BY_UPDATE",
    "REPORT_TYPES",
    "RESTRICTED",
    "Contents",
    "ReportType",
    "report_type",
    "why_refused",
]

Contents = Literal["listings", "orders", "other"]


class ReportType(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a report type."""

    name: str
    contents: Contents = "other"
    """How its lines are read; of others only their number and the names of the columns are told."""
    has_layout: bool = False
    """Its columns stand in the known order, so that headers in a language that is not known can be read."""
    takes_locale: bool = False
    """It knows `preferredReportDocumentLocale`, which only changes the names in the header."""
    is_personal: bool = True
    """Its lines may hold personal data: their text is never kept."""
    repeat_after: timedelta = timedelta(0)
    """An identical request sooner than this gets old data, or is cancelled."""
    longest_span: timedelta | None = None
    """The most time that one report covers; None where no time is asked for, or no limit is known."""
    denied_without_rdt: bool = False
    """Sources disagree whether the plain token reads it; a refusal means that it takes a restricted one."""


ALL_LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
ORDERS_BY_UPDATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
ORDERS_BY_DATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"

_HALF_HOUR, _FOUR_HOURS, _MONTH = timedelta(minutes=30), timedelta(hours=4), timedelta(days=30)


def _listings(name: str, *, has_layout: bool = True) -> ReportType:
    return ReportType(
        name=name,
        contents="listings",
        has_layout=has_layout,
        takes_locale=True,
        is_personal=False,
        repeat_after=_HALF_HOUR,
    )


def _orders(name: str) -> ReportType:
    return ReportType(name=name, contents="orders", longest_span=_MONTH, denied_without_rdt=True)


def _stock(name: str, repeat_after: timedelta) -> ReportType:
    return ReportType(name=name, is_personal=False, repeat_after=repeat_after)


REPORT_TYPES: Mapping[str, ReportType] = {
    each.name: each
    for each in (
        _listings(ALL_LISTINGS),
        _listings("GET_MERCHANT_LISTINGS_DATA"),
        _listings("GET_MERCHANT_LISTINGS_INACTIVE_DATA"),
        _listings("GET_MERCHANT_CANCELLED_LISTINGS_DATA", has_layout=False),
        _listings("GET_FLAT_FILE_OPEN_LISTINGS_DATA", has_layout=False),
        _orders(ORDERS_BY_UPDATE),
        _orders(ORDERS_BY_DATE),
        _stock("GET_AFN_INVENTORY_DATA", _HALF_HOUR),
        _stock("GET_FBA_MYI_ALL_INVENTORY_DATA", _HALF_HOUR),
        _stock("GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", _HALF_HOUR),
        _stock("GET_RESERVED_INVENTORY_DATA", _HALF_HOUR),
        _stock("GET_LEDGER_SUMMARY_VIEW_DATA", _FOUR_HOURS),
        _stock("GET_LEDGER_DETAIL_VIEW_DATA", _FOUR_HOURS),
        ReportType(
            name="GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
            repeat_after=_HALF_HOUR,
            longest_span=_MONTH,
            denied_without_rdt=True,
        ),
        ReportType(name="GET_XML_RETURNS_DATA_BY_RETURN_DATE", denied_without_rdt=True),
        ReportType(name="GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE", denied_without_rdt=True),
    )
}

RESTRICTED = frozenset(
    (
        "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING",
        "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX",
        "GET_EASYSHIP_DOCUMENTS",
        "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX",
        "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_INVOICING",
        "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDERS_RECONCILIATION_DATA_TAX",
        "GET_GST_MTR_B2B_CUSTOM",
        "GET_ORDER_REPORT_DATA_INVOICING",
        "GET_ORDER_REPORT_DATA_SHIPPING",
        "GET_ORDER_REPORT_DATA_TAX",
        "GET_VAT_TRANSACTION_DATA",
        "SC_VAT_TAX_REPORT",
    )
)
"""Types whose documents hold addresses and names, so that Amazon gives them for restricted tokens only."""


def report_type(name: str) -> ReportType:
    """What is known of a type; of one that is not known, that its lines may be personal."""
    return REPORT_TYPES.get(name) or ReportType(name=name)


def why_refused(name: str) -> str:
    """Why a type is not asked for; empty if it is."""
    if name in RESTRICTED:
        return "its document holds customers' personal data, which orders are read for one by one instead"
    return ""
