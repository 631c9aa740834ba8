"""One answer of each operation, damaged: it is an answer, or one of Amazon's errors, and nothing else."""

from collections.abc import Callable
from typing import Any

import anyio
import httpx
from hypothesis import HealthCheck, given, seed, settings

from channeld.amazon.errors import AmazonError, UnreadableReport
from channeld.amazon.feeds.answers import ResultDocument
from channeld.amazon.feeds.calls import (
    create_feed_call,
    create_feed_document_call,
    feed_call,
    feed_document_call,
    feeds_call,
)
from channeld.amazon.feeds.documents import download
from channeld.amazon.feeds.reports import judge, read_report
from channeld.amazon.finances import transactions_call
from channeld.amazon.listings.availability import quantity_patch
from channeld.amazon.listings.calls import listings_item_call, search_listings_call
from channeld.amazon.listings.submitting import patch_listing_call, put_listing_call
from channeld.amazon.operations import GET_PARTICIPATIONS, Call
from channeld.amazon.orders import order_call
from channeld.amazon.reports.calls import (
    cancel_report_call,
    create_report_call,
    report_call,
    report_document_call,
    reports_call,
)
from channeld.amazon.reports.types import ALL_LISTINGS
from channeld.amazon.shipments import confirm_shipment_call
from channeld.book.readings import read_all
from tests.fuzz.answers import Damage, damages
from tests.support.amazon_api import FINE, SECRETS, Rig, send
from tests.support.amazon_effects import ORDER_ID, despatch
from tests.support.amazon_orders import CANARIES, personal_order
from tests.support.fake_clock import START, FakeClock

__all__ = ["AS_FAST", "OPERATIONS", "try_operation"]

AS_FAST = settings(
    deadline=None,
    max_examples=80,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
)
PARTICIPATION = {
    "marketplace": {"id": "A1F83G8C2ARO7P", "defaultCurrencyCode": "GBP", "name": "Amazon.co.uk"},
    "participation": {"isParticipating": True, "hasSuspendedListings": False},
    "storeName": "Shop",
}
GB, SHIP = "A1F83G8C2ARO7P", "POST_ORDER_FULFILLMENT_DATA"
FEED = {
    "feedId": "50001",
    "feedType": SHIP,
    "createdTime": "2026-11-22T09:00:00Z",
    "processingStatus": "DONE",
    "resultFeedDocumentId": "amzn1.tortuga.4.x",
}
PLACE = {"feedDocumentId": "amzn1.tortuga.4.x", "url": "http://127.0.0.1/d", "compressionAlgorithm": "GZIP"}
AMOUNT: dict[str, Any] = {"currencyCode": "GBP", "currencyAmount": -12.34}
TRANSACTION: dict[str, Any] = {
    "transactionId": "T1",
    "transactionType": "Refund",
    "transactionStatus": "RELEASED",
    "postedDate": "2026-11-22T09:00:00Z",
    "relatedIdentifiers": [{"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": ORDER_ID}],
    "totalAmount": AMOUNT,
    "items": [
        {
            "totalAmount": AMOUNT,
            "breakdowns": [{"breakdownType": "Tax", "breakdownAmount": AMOUNT, "breakdowns": []}],
            "contexts": [{"contextType": "ProductContext", "sku": "SKU-1"}],
        }
    ],
}
REPORT = {
    "header": {"sellerId": "A1", "version": "2.0", "feedId": "50001"},
    "issues": [{"messageId": 2, "code": "90220", "severity": "ERROR", "message": "No."}],
    "summary": {"messagesProcessed": 2, "messagesAccepted": 1, "messagesInvalid": 1},
}
ORDERED = {
    "reportId": "5001",
    "reportType": ALL_LISTINGS,
    "createdTime": "2026-11-22T09:00:00Z",
    "processingStatus": "DONE",
    "reportDocumentId": "amzn1.spdoc.1.4.x",
}
STORED = {
    "reportDocumentId": "amzn1.spdoc.1.4.x",
    "url": "http://127.0.0.1/d",
    "compressionAlgorithm": "GZIP",
}
LISTING: dict[str, Any] = {
    "sku": "KETTLE-1",
    "summaries": [{"marketplaceId": GB, "asin": "B00V7I4DHA", "status": ["BUYABLE"], "itemName": "Kettle"}],
    "attributes": {"product_description": [{"value": "Boils.", "marketplace_id": GB}]},
    "offers": [
        {"marketplaceId": GB, "offerType": "B2C", "price": {"currencyCode": "GBP", "amount": "19.99"}}
    ],
}
SUBMISSION = {
    "sku": "KETTLE-1",
    "status": "INVALID",
    "submissionId": "f1dc2914-75dd-11ea-bc55-0242ac130003",
    "issues": [{"code": "90220", "severity": "ERROR", "message": "No.", "attributeNames": ["item_name"]}],
}
WHOLE: dict[str, httpx.Response] = {
    "token exchange": httpx.Response(
        200, json={"access_token": SECRETS["access"], "token_type": "bearer", "expires_in": 3600}
    ),
    "getMarketplaceParticipations": httpx.Response(200, json={"payload": [PARTICIPATION]}),
    "getOrder": httpx.Response(200, json={"order": personal_order()}),
    "confirmShipment": httpx.Response(204),
    "createFeedDocument": httpx.Response(201, json=PLACE),
    "createFeed": httpx.Response(202, json={"feedId": "50001"}),
    "getFeed": httpx.Response(200, json=FEED),
    "getFeeds": httpx.Response(200, json={"feeds": [FEED], "nextToken": "t"}),
    "getFeedDocument": httpx.Response(200, json=PLACE),
    "listTransactions": httpx.Response(200, json={"payload": {"transactions": [TRANSACTION]}}),
    "createReport": httpx.Response(202, json={"reportId": "5001"}),
    "getReport": httpx.Response(200, json=ORDERED),
    "getReports": httpx.Response(200, json={"reports": [ORDERED], "nextToken": "t"}),
    "cancelReport": httpx.Response(200),
    "getReportDocument": httpx.Response(200, json=STORED),
    "searchListingsItems": httpx.Response(200, json={"numberOfResults": 1, "items": [LISTING]}),
    "getListingsItem": httpx.Response(200, json=LISTING),
    "patchListingsItem": httpx.Response(200, json=SUBMISSION),
    "putListingsItem": httpx.Response(200, json=SUBMISSION),
    "document": httpx.Response(200, json=REPORT),
    "thing": FINE,
}
"""What is answered when nothing is wrong."""


async def _token(rig: Rig) -> object:
    """Any call begins with it."""
    return await send(rig)


async def _participations(rig: Rig) -> object:
    return await send(rig, Call(operation=GET_PARTICIPATIONS))


async def _order(rig: Rig) -> object:
    raw: bytes = (await send(rig, order_call("203-1111111-2222222"))).value
    readings = read_all([raw])
    for damaged in readings.damaged:
        _tells_nothing(f"{damaged.reason} {damaged.field} {damaged!r}")
    return readings


async def _document(rig: Rig) -> object:
    """A processing report; never a success of what is not in it."""
    place = ResultDocument(url="http://127.0.0.1/d", gzip=True)
    try:
        report = read_report(await download(rig.http, rig.clock, place))
    except UnreadableReport as error:
        _tells_nothing(f"{error} {error.hint}")
        return None
    return judge(report, (1, 2))


CALLS: dict[str, Call[Any]] = {
    "confirmShipment": confirm_shipment_call(ORDER_ID, GB, 7001, despatch()),
    "createFeedDocument": create_feed_document_call("text/xml"),
    "createFeed": create_feed_call(SHIP, [GB], "amzn1.tortuga.4.x"),
    "getFeed": feed_call("50001"),
    "getFeeds": feeds_call(SHIP, START),
    "getFeedDocument": feed_document_call("amzn1.tortuga.4.x"),
    "listTransactions": transactions_call(ORDER_ID),
    "createReport": create_report_call(ALL_LISTINGS, [GB]),
    "getReport": report_call("5001"),
    "getReports": reports_call([ALL_LISTINGS], START),
    "cancelReport": cancel_report_call("5001"),
    "getReportDocument": report_document_call("amzn1.spdoc.1.4.x"),
    "searchListingsItems": search_listings_call("A1", GB, ["KETTLE-1"]),
    "getListingsItem": listings_item_call("A1", GB, "KETTLE-1"),
    "patchListingsItem": patch_listing_call("A1", GB, "KETTLE-1", [quantity_patch(4)]),
    "putListingsItem": put_listing_call("A1", GB, "KETTLE-1", b'{"item_name":[]}', "KETTLE", "LISTING"),
}


def _calling(name: str) -> Callable[[Rig], Any]:
    return lambda rig: send(rig, CALLS[name], within=1000)


OPERATIONS: dict[str, Callable[[Rig], Any]] = {
    "token exchange": _token,
    "getMarketplaceParticipations": _participations,
    "getOrder": _order,
    "document": _document,
    **{name: _calling(name) for name in CALLS},
}


def try_operation(name: str, how: settings = AS_FAST, number: int = 0) -> None:
    """An operation answered in any damaged way."""

    @seed(number)
    @how
    @given(damages())
    def fuzz(damage: Damage) -> None:
        anyio.run(_try, name, damage)

    fuzz()


async def _try(name: str, damage: Damage) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        is_token = request.url.host == "auth.test"
        asked = "token exchange" if is_token else "thing" if name == "token exchange" else name
        whole = WHOLE[asked]
        fresh = httpx.Response(whole.status_code, content=whole.content)
        return damage(fresh) if asked == name else fresh

    rig = Rig(FakeClock(), answer)
    try:
        await OPERATIONS[name](rig)
    except AmazonError as error:
        assert error.message
        assert error.hint
        _tells_nothing(f"{error} {error.message} {error.hint}")
    await rig.http.aclose()


def _tells_nothing(text: str) -> None:
    assert not any(value in text for value in (*CANARIES.values(), *SECRETS.values()))
