"""Writes to listings for tests of the sandbox: patches, JSON feeds, and what is read back."""

import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import SandboxClient
from tests.support.sandbox_feeds import DOCUMENTS, FEEDS
from tests.support.sandbox_reports import GB, ITEMS

__all__ = [
    "JSON",
    "SHOWN_AFTER",
    "amounts",
    "create",
    "document",
    "feed_of",
    "item",
    "merge",
    "message",
    "offer",
    "patch",
    "replace",
    "result_of",
    "send",
    "stock",
]

JSON = "application/json; charset=UTF-8"
SHOWN_AFTER = 5.001
"""Seconds from the acceptance of a write to its being shown, by the sandbox's usual options."""
ALL = "summaries,attributes,issues,offers,fulfillmentAvailability"


def stock(channel: str = "DEFAULT", **facts: Any) -> dict[str, Any]:
    """A value of fulfillment_availability."""
    return {"fulfillment_channel_code": channel, **facts}


def offer(price: float, audience: str = "ALL", currency: str = "GBP", **terms: Any) -> dict[str, Any]:
    """A value of purchasable_offer."""
    where = {"marketplace_id": GB, "currency": currency, "audience": audience}
    return {**where, "our_price": amounts(price), **terms}


def amounts(price: float, **more: Any) -> list[dict[str, Any]]:
    return [{"schedule": [{"value_with_tax": price, **more}]}]


def merge(name: str, *values: Mapping[str, Any]) -> dict[str, Any]:
    return {"op": "merge", "path": f"/attributes/{name}", "value": list(values)}


def replace(name: str, *values: Mapping[str, Any]) -> dict[str, Any]:
    return {"op": "replace", "path": f"/attributes/{name}", "value": list(values)}


async def send(
    client: SandboxClient, method: str, sku: str, body: object = None, **params: str
) -> httpx.Response:
    """One request to the listing of that SKU, in the UK if nothing else is said."""
    content = None if body is None else json.dumps(body).encode()
    headers = client.headers | ({} if body is None else {"content-type": "application/json"})
    params = {"marketplaceIds": GB, **params}
    path = f"{ITEMS}/{quote(sku, safe='')}"
    return await client.http.request(method, path, content=content, params=params, headers=headers)


async def patch(
    client: SandboxClient, sku: str, *patches: Mapping[str, Any], product_type: str = "PRODUCT", **params: str
) -> dict[str, Any]:
    """What Amazon thinks of the patch."""
    answer = await send(client, "PATCH", sku, {"productType": product_type, "patches": patches}, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def item(client: SandboxClient, sku: str, **params: str) -> dict[str, Any]:
    """The listing as it is shown."""
    answer = await send(client, "GET", sku, includedData=ALL, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def message(number: int, sku: str, operation: str = "PATCH", **facts: Any) -> dict[str, Any]:
    kind = {} if operation == "DELETE" else {"productType": "PRODUCT"}
    return {"messageId": number, "sku": sku, "operationType": operation, **kind, **facts}


def document(*messages: Mapping[str, Any], **header: Any) -> dict[str, Any]:
    return {"header": {"sellerId": "A1SANDBOXEU", "version": "2.0", **header}, "messages": messages}


async def create(
    client: SandboxClient, content: object, marketplaces: Iterable[str] = (GB,)
) -> httpx.Response:
    """A feed with that document."""
    made = (await client.post(DOCUMENTS, {"contentType": JSON})).json()
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    put = await client.http.put(made["url"], content=data, headers={"content-type": JSON})
    assert put.status_code == 200
    feed = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": list(marketplaces)}
    return await client.post(FEEDS, {**feed, "inputFeedDocumentId": made["feedDocumentId"]})


async def feed_of(client: SandboxClient, created: httpx.Response) -> dict[str, Any]:
    assert created.status_code == 202, created.text
    return (await client.get(f"{FEEDS}/{created.json()['feedId']}")).json()


async def result_of(clock: FakeClock, client: SandboxClient, content: object) -> dict[str, Any]:
    """The processing report of a small feed with that document, as soon as there is one."""
    created = await create(client, content)
    await clock.advance(61)
    feed = await feed_of(client, created)
    assert feed["processingStatus"] == "DONE"
    where = (await client.get(f"{DOCUMENTS}/{feed['resultFeedDocumentId']}")).json()
    answer = await client.http.get(where["url"])
    assert answer.headers["content-type"] == JSON
    zipped = where.get("compressionAlgorithm") == "GZIP"
    return json.loads(gzip.decompress(answer.content) if zipped else answer.content)
