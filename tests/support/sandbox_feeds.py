"""Order feeds for tests of the sandbox: the XML of messages, and the way of a feed to its report."""

import gzip
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import httpx

from channeld.sandbox import Market
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import SandboxClient, connected

__all__ = [
    "DOCUMENTS",
    "FEEDS",
    "OFTEN",
    "XML",
    "adjustment",
    "cancellation",
    "create_feed",
    "envelope",
    "fed",
    "fulfillment",
    "report",
    "results",
    "upload",
]

FEEDS, DOCUMENTS = "/feeds/2021-06-30/feeds", "/feeds/2021-06-30/documents"
XML = "text/xml; charset=UTF-8"
GB = "A1F83G8C2ARO7P"
FEED_TYPES = {
    "OrderFulfillment": "POST_ORDER_FULFILLMENT_DATA",
    "OrderAcknowledgement": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "OrderAdjustment": "POST_PAYMENT_ADJUSTMENT_DATA",
}
OFTEN: dict[str, float] = {
    "createFeed": 1000.0,
    "createFeedDocument": 1000.0,
    "getFeed": 1000.0,
    "getFeedDocument": 1000.0,
}
"""Granted rates with which feeds wait for no budget."""


def envelope(kind: str, *messages: str) -> str:
    body = "".join(
        f"<Message><MessageID>{n}</MessageID><{kind}>{message}</{kind}></Message>"
        for n, message in enumerate(messages, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><AmazonEnvelope><Header>'
        "<DocumentVersion>1.01</DocumentVersion>"
        "<MerchantIdentifier>A1SANDBOXEU</MerchantIdentifier></Header>"
        f"<MessageType>{kind}</MessageType>{body}</AmazonEnvelope>"
    )


def fulfillment(order_id: str, *items: tuple[str, int], reference: str = "7001", data: str = "") -> str:
    contents = "".join(
        f"<Item><AmazonOrderItemCode>{item}</AmazonOrderItemCode><Quantity>{units}</Quantity></Item>"
        for item, units in items
    )
    return (
        f"<AmazonOrderID>{order_id}</AmazonOrderID><MerchantFulfillmentID>{reference}</MerchantFulfillmentID>"
        f"<FulfillmentDate>2026-11-22T09:00:00Z</FulfillmentDate>"
        f"<FulfillmentData>{data or '<CarrierCode>Royal Mail</CarrierCode>'}</FulfillmentData>{contents}"
    )


def cancellation(order_id: str, *items: str, reason: str = "NoInventory", extra: str = "") -> str:
    contents = "".join(
        f"<Item><AmazonOrderItemCode>{item}</AmazonOrderItemCode><CancelReason>{reason}</CancelReason>"
        f"{extra}</Item>"
        for item in items
    )
    return f"<AmazonOrderID>{order_id}</AmazonOrderID><StatusCode>Failure</StatusCode>{contents}"


def adjustment(order_id: str, item: str, currency: str = "GBP", **amounts: str) -> str:
    components = "".join(
        f'<Component><Type>{kind}</Type><Amount currency="{currency}">{amount}</Amount></Component>'
        for kind, amount in amounts.items()
    )
    return (
        f"<AmazonOrderID>{order_id}</AmazonOrderID><ActionType>Refund</ActionType><AdjustedItem>"
        f"<AmazonOrderItemCode>{item}</AmazonOrderItemCode><AdjustmentReason>CustomerReturn</AdjustmentReason>"
        f"<ItemPriceAdjustments>{components}</ItemPriceAdjustments></AdjustedItem>"
    )


async def upload(client: SandboxClient, content: str) -> str:
    """The id of a document with that content."""
    made = (await client.post(DOCUMENTS, {"contentType": XML})).json()
    put = await client.http.put(made["url"], content=content.encode(), headers={"content-type": XML})
    assert put.status_code == 200
    return made["feedDocumentId"]


async def create_feed(
    client: SandboxClient, feed_type: str, content: str, marketplace: str = GB
) -> httpx.Response:
    body = {"feedType": feed_type, "marketplaceIds": [marketplace]}
    return await client.post(FEEDS, body | {"inputFeedDocumentId": await upload(client, content)})


async def fed(
    clock: FakeClock, market: Market, kind: str, *messages: str, seller_id: str = "A1SANDBOXEU"
) -> Mapping[str, str]:
    """The errors by message id after a feed of these messages."""
    countries = market.accounts[seller_id]
    (place, *_) = [countries.marketplace_id(country) for country in countries.spec.countries]
    async with connected(market, seller_id) as client:
        made = await create_feed(client, FEED_TYPES[kind], envelope(kind, *messages), place)
        await clock.advance(61)
        feed = (await client.get(f"{FEEDS}/{made.json()['feedId']}")).json()
        counts, errors = results(await report(client, feed))
    assert counts == (len(messages), len(messages) - len(errors), len(errors))
    return errors


async def report(client: SandboxClient, feed: dict[str, Any]) -> ElementTree.Element:
    """The ProcessingReport element of a feed that is done."""
    where = (await client.get(f"{DOCUMENTS}/{feed['resultFeedDocumentId']}")).json()
    content = (await client.http.get(where["url"])).content
    if where.get("compressionAlgorithm") == "GZIP":
        content = gzip.decompress(content)
    found = ElementTree.fromstring(content).find("Message/ProcessingReport")  # noqa: S314 - the sandbox's own
    assert found is not None
    return found


def results(element: ElementTree.Element) -> tuple[tuple[int, ...], dict[str, str]]:
    """Counts (processed, successful, with error) and the described errors by message id."""
    names = ("MessagesProcessed", "MessagesSuccessful", "MessagesWithError")
    counts = tuple(int(element.findtext(f"ProcessingSummary/{name}", "")) for name in names)
    errors = {
        each.findtext("MessageID", ""): each.findtext("ResultDescription", "")
        for each in element.findall("Result")
    }
    return counts, errors
