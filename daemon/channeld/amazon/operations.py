"""Amazon's operations as data (Amazon's reference, section 16)."""

from channeld.amazon.assumptions import LISTINGS_ITEM_BURST
from channeld.amazon.documents.places import ResultDocument
from channeld.amazon.feeds.answers import (
    Feed,
    FeedDocument,
    FeedsPage,
    read_created,
    read_feed,
    read_feed_document,
    read_feeds,
    read_result_document,
)
from channeld.amazon.listings.answers import ItemsPage, read_item, read_items
from channeld.amazon.listings.submissions import Submission, read_submission
from channeld.amazon.operation import Call, Operation, Query
from channeld.amazon.order_wire import OrderPage, read_order_answer, read_page
from channeld.amazon.reports.answers import (
    Report,
    ReportsPage,
    read_created_report,
    read_report_document,
    read_report_state,
    read_reports,
)
from channeld.amazon.sellers import Participation, read_participations
from channeld.amazon.transactions import TransactionsPage, read_transactions
from channeld.domain.listing.item import ItemRead

__all__ = [
    "CANCEL_REPORT",
    "CONFIRM_SHIPMENT",
    "CREATE_FEED",
    "CREATE_FEED_DOCUMENT",
    "CREATE_REPORT",
    "GET_FEED",
    "GET_FEEDS",
    "GET_FEED_DOCUMENT",
    "GET_LISTINGS_ITEM",
    "GET_ORDER",
    "GET_PARTICIPATIONS",
    "GET_REPORT",
    "GET_REPORTS",
    "GET_REPORT_DOCUMENT",
    "LIST_TRANSACTIONS",
    "OPERATIONS",
    "PATCH_LISTINGS_ITEM",
    "PUT_LISTINGS_ITEM",
    "SEARCH_LISTINGS_ITEMS",
    "SEARCH_ORDERS",
    "Call",
    "Operation",
    "Query",
]


def _read_nothing(body: bytes) -> None:
    """Success without content. Raises `ValueError` for one that says something: it is not Amazon's."""
    if body.strip() not in (b"", b"{}"):
        raise ValueError("the answer is not empty")


SEARCH_ORDERS: Operation[OrderPage] = Operation(
    name="searchOrders",
    method="GET",
    path="/orders/2026-01-01/orders",
    rate=0.0056,
    burst=20,
    repeat_safe=True,
    read=read_page,
)
GET_ORDER: Operation[bytes] = Operation(
    name="getOrder",
    method="GET",
    path="/orders/2026-01-01/orders/{orderId}",
    rate=0.5,
    burst=30,
    repeat_safe=True,
    read=read_order_answer,
)
GET_PARTICIPATIONS: Operation[tuple[Participation, ...]] = Operation(
    name="getMarketplaceParticipations",
    method="GET",
    path="/sellers/v1/marketplaceParticipations",
    rate=0.016,
    burst=15,
    repeat_safe=True,
    read=read_participations,
)
CONFIRM_SHIPMENT: Operation[None] = Operation(
    name="confirmShipment",
    method="POST",
    path="/orders/v0/orders/{orderId}/shipmentConfirmation",
    rate=2,
    burst=10,
    repeat_safe=False,
    read=_read_nothing,
    keeps_text=True,
)
CREATE_FEED_DOCUMENT: Operation[FeedDocument] = Operation(
    name="createFeedDocument",
    method="POST",
    path="/feeds/2021-06-30/documents",
    rate=0.5,
    burst=15,
    repeat_safe=True,
    read=read_feed_document,
    keeps_text=True,
)
CREATE_FEED: Operation[str] = Operation(
    name="createFeed",
    method="POST",
    path="/feeds/2021-06-30/feeds",
    rate=0.0083,
    burst=15,
    repeat_safe=False,
    read=read_created,
    keeps_text=True,
)
GET_FEED: Operation[Feed] = Operation(
    name="getFeed",
    method="GET",
    path="/feeds/2021-06-30/feeds/{feedId}",
    rate=2,
    burst=15,
    repeat_safe=True,
    read=read_feed,
    keeps_text=True,
)
GET_FEEDS: Operation[FeedsPage] = Operation(
    name="getFeeds",
    method="GET",
    path="/feeds/2021-06-30/feeds",
    rate=0.0222,
    burst=10,
    repeat_safe=True,
    read=read_feeds,
    keeps_text=True,
)
GET_FEED_DOCUMENT: Operation[ResultDocument] = Operation(
    name="getFeedDocument",
    method="GET",
    path="/feeds/2021-06-30/documents/{feedDocumentId}",
    rate=0.0222,
    burst=10,
    repeat_safe=True,
    read=read_result_document,
    keeps_text=True,
)
LIST_TRANSACTIONS: Operation[TransactionsPage] = Operation(
    name="listTransactions",
    method="GET",
    path="/finances/2024-06-19/transactions",
    rate=0.5,
    burst=10,
    repeat_safe=True,
    read=read_transactions,
)
CREATE_REPORT: Operation[str] = Operation(
    name="createReport",
    method="POST",
    path="/reports/2021-06-30/reports",
    rate=0.0167,
    burst=15,
    repeat_safe=False,
    read=read_created_report,
    keeps_text=True,
)
GET_REPORT: Operation[Report] = Operation(
    name="getReport",
    method="GET",
    path="/reports/2021-06-30/reports/{reportId}",
    rate=2,
    burst=15,
    repeat_safe=True,
    read=read_report_state,
    keeps_text=True,
)
GET_REPORTS: Operation[ReportsPage] = Operation(
    name="getReports",
    method="GET",
    path="/reports/2021-06-30/reports",
    rate=0.0222,
    burst=10,
    repeat_safe=True,
    read=read_reports,
    keeps_text=True,
)
CANCEL_REPORT: Operation[None] = Operation(
    name="cancelReport",
    method="DELETE",
    path="/reports/2021-06-30/reports/{reportId}",
    rate=0.0222,
    burst=10,
    repeat_safe=True,
    read=_read_nothing,
    keeps_text=True,
)
GET_REPORT_DOCUMENT: Operation[ResultDocument] = Operation(
    name="getReportDocument",
    method="GET",
    path="/reports/2021-06-30/documents/{reportDocumentId}",
    rate=0.0167,
    burst=15,
    repeat_safe=True,
    read=read_report_document,
    keeps_text=True,
)
SEARCH_LISTINGS_ITEMS: Operation[ItemsPage] = Operation(
    name="searchListingsItems",
    method="GET",
    path="/listings/2021-08-01/items/{sellerId}",
    rate=5,
    burst=5,
    repeat_safe=True,
    read=read_items,
    keeps_text=True,
)
GET_LISTINGS_ITEM: Operation[tuple[ItemRead, ...]] = Operation(
    name="getListingsItem",
    method="GET",
    path="/listings/2021-08-01/items/{sellerId}/{sku}",
    rate=5,
    burst=LISTINGS_ITEM_BURST,
    repeat_safe=True,
    read=read_item,
    keeps_text=True,
)
PATCH_LISTINGS_ITEM: Operation[Submission] = Operation(
    name="patchListingsItem",
    method="PATCH",
    path="/listings/2021-08-01/items/{sellerId}/{sku}",
    rate=5,
    burst=5,
    repeat_safe=False,
    read=read_submission,
    keeps_text=True,
)
PUT_LISTINGS_ITEM: Operation[Submission] = Operation(
    name="putListingsItem",
    method="PUT",
    path="/listings/2021-08-01/items/{sellerId}/{sku}",
    rate=5,
    burst=LISTINGS_ITEM_BURST,
    repeat_safe=False,
    read=read_submission,
    keeps_text=True,
)

OPERATIONS = {
    operation.name: operation
    for operation in (
        SEARCH_ORDERS,
        GET_ORDER,
        GET_PARTICIPATIONS,
        CONFIRM_SHIPMENT,
        CREATE_FEED_DOCUMENT,
        CREATE_FEED,
        GET_FEED,
        GET_FEEDS,
        GET_FEED_DOCUMENT,
        LIST_TRANSACTIONS,
        CREATE_REPORT,
        GET_REPORT,
        GET_REPORTS,
        CANCEL_REPORT,
        GET_REPORT_DOCUMENT,
        SEARCH_LISTINGS_ITEMS,
        GET_LISTINGS_ITEM,
        PATCH_LISTINGS_ITEM,
        PUT_LISTINGS_ITEM,
    )
}
