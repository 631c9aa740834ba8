"""The report types that the sandbox makes: what each one shows, and how it is treated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from channeld.sandbox.book import Field
from channeld.sandbox.listings.shelf import View
from channeld.sandbox.marketplaces import BY_ID
from channeld.sandbox.orders import Order
from channeld.sandbox.reports.all_orders import all_orders_lines
from channeld.sandbox.reports.merchant import merchant_lines
from channeld.sandbox.reports.report import Lines, Report
from channeld.sandbox.reports.stock import afn_lines, open_lines

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["KEPT", "KINDS", "RESTRICTED", "Kind"]

HALF_AN_HOUR = timedelta(minutes=30)
KEPT = timedelta(days=90)
"""How long Amazon knows of a report."""


class Kind(NamedTuple):
    """How reports of one type are made and treated."""

    draw: Callable[[Market, Report, datetime], Lines | None]
    """What there is to report at that instant; None: nothing, and Amazon cancels the report."""
    rows: Callable[[Market, Report], int]
    """About so many there will be."""
    repeat: timedelta = timedelta(0)
    """An identical report within this time is cancelled."""
    longest: timedelta | None = None
    """The longest span of data."""
    kept: timedelta = KEPT
    """How long its document can be had."""


def _view(market: Market, report: Report, at: datetime) -> View:
    """The listings of the first marketplace; those of the report before, if that was lately."""
    return market.reports.view(report, BY_ID[report.marketplace_ids[0]].country, at)


def _merchant(everything: bool) -> Callable[[Market, Report, datetime], Lines]:
    def draw(market: Market, report: Report, at: datetime) -> Lines:
        features = market.accounts[report.seller_id].spec.report_columns
        english = report.options.get("preferredReportDocumentLocale") == "en_US"
        localized = market.options.localized_reports and not english
        view = _view(market, report, at)
        return partial(merchant_lines, view, features, everything=everything, localized=localized)

    return draw


def _open(market: Market, report: Report, at: datetime) -> Lines:
    return partial(open_lines, _view(market, report, at))


def _afn(market: Market, report: Report, at: datetime) -> Lines:
    """Stock is told as it is: only listing reports show an old state."""
    country = BY_ID[report.marketplace_ids[0]].country
    return partial(afn_lines, market.listings.shown(report.seller_id, country, at))


def _orders(field: Field) -> Callable[[Market, Report, datetime], Lines | None]:
    def draw(market: Market, report: Report, at: datetime) -> Lines | None:
        account = market.accounts[report.seller_id]
        asked = {BY_ID[identifier].country for identifier in report.marketplace_ids}
        orders = [
            order
            for key, order in account.book.search(field, (report.start, ""), report.end, at)
            if order.country in asked and key[0] <= at - _lag(market, order)
        ]
        country = BY_ID[report.marketplace_ids[0]].country
        personal = account.spec.restricted_role
        return partial(all_orders_lines, orders, country, personal=personal) if orders else None

    return draw


def _lag(market: Market, order: Order) -> timedelta:
    """How late reports learn of that order."""
    return timedelta(seconds=market.options.order_report_lag * (crc32(order.order_id.encode()) / 2**32))


def _listings(market: Market, report: Report) -> int:
    country = BY_ID[report.marketplace_ids[0]].country
    return len(market.listings.shown(report.seller_id, country, report.created))


def _booked(market: Market, report: Report) -> int:
    return len(market.accounts[report.seller_id].book.orders)


def _header_only(market: Market, report: Report, at: datetime) -> Lines:
    return lambda: iter(("order-id\torder-item-id\n",))


def _order_kind(field: Field) -> Kind:
    month = timedelta(days=30)
    return Kind(_orders(field), _booked, longest=month, kept=month)


RESTRICTED = frozenset(
    (
        "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING",
        "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX",
        "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX",
        "GET_VAT_TRANSACTION_DATA",
        "SC_VAT_TAX_REPORT",
    )
)
"""Types whose documents are only given for a restricted data token, which the sandbox does not issue."""
KINDS = {
    "GET_AFN_INVENTORY_DATA": Kind(_afn, _listings, HALF_AN_HOUR),
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": _order_kind("updated"),
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": _order_kind("created"),
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA": Kind(_open, _listings, HALF_AN_HOUR),
    "GET_MERCHANT_LISTINGS_ALL_DATA": Kind(_merchant(everything=True), _listings, HALF_AN_HOUR),
    "GET_MERCHANT_LISTINGS_DATA": Kind(_merchant(everything=False), _listings, HALF_AN_HOUR),
} | dict.fromkeys(RESTRICTED, Kind(_header_only, _booked))
