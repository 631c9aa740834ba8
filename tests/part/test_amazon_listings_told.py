"""Changes of listings told to the simulated Amazon, written from Amazon's documents, and read back."""

import gzip
import json
from typing import Any

import pytest

from channeld.amazon.documents.charset import decoded
from channeld.amazon.feeds.calls import (
    create_feed_call,
    create_feed_document_call,
    feed_call,
    feed_document_call,
)
from channeld.amazon.feeds.listings_document import (
    CONTENT_TYPE,
    FEED_TYPE,
    ListingChange,
    write_listings_document,
)
from channeld.amazon.feeds.listings_outcomes import ListingsFeedResult, read_listings_outcomes
from channeld.amazon.listings.availability import (
    quantity_patch,
    quantity_with_lead_time_patch,
    quantity_without_lead_time_patch,
    read_availability,
)
from channeld.amazon.listings.calls import listings_item_call
from channeld.amazon.listings.offers import price_patch, read_price
from channeld.amazon.listings.patches import Patch, make_patch
from channeld.amazon.listings.submitting import patch_listing_call
from channeld.amazon.operations import Call
from channeld.domain.listing.item import ItemRead
from channeld.sandbox import Market, SandboxOptions
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import SandboxClient, connected

SELLER, GB, SKU = "A1SANDBOXEU", "A1F83G8C2ARO7P", "MUG-BLUE"
APPLIED = 10
"""Seconds after which a change is shown."""


@pytest.fixture
def market(clock: FakeClock) -> Market:
    names = ("createFeed", "createFeedDocument", "getFeed", "getFeedDocument", "patchListingsItem")
    return Market(clock, SandboxOptions(listings=300, rates=dict.fromkeys((*names, "getListingsItem"), 1e6)))


async def ask(client: SandboxClient, call: Call[Any]) -> Any:
    """The answer as it is read."""
    headers = client.headers | ({"content-type": "application/json"} if call.body else {})
    method, target = call.operation.method, call.target
    answer = await client.http.request(method, target, content=call.body, headers=headers)
    assert answer.is_success, answer.text
    return call.operation.read(answer.content)


async def shown(client: SandboxClient, sku: str = SKU) -> ItemRead:
    items = await ask(client, listings_item_call(SELLER, GB, sku))
    return next(item for item in items if item.marketplace_id == GB)


async def tell(clock: FakeClock, client: SandboxClient, *patches: Patch, sku: str = SKU) -> str:
    submission = await ask(client, patch_listing_call(SELLER, GB, sku, patches))
    await clock.advance(APPLIED)
    return submission.outcome


async def fed(clock: FakeClock, client: SandboxClient, *changes: ListingChange) -> ListingsFeedResult:
    """What became of the changes by a feed."""
    written = write_listings_document(SELLER, changes)
    place = await ask(client, create_feed_document_call(CONTENT_TYPE))
    await client.http.put(place.url, content=written.content, headers={"content-type": CONTENT_TYPE})
    feed_id = await ask(client, create_feed_call(FEED_TYPE, [GB], place.document_id))
    await clock.advance(120)
    feed = await ask(client, feed_call(feed_id))
    result = await ask(client, feed_document_call(feed.result_document_id))
    content = (await client.http.get(result.url)).content
    text = decoded(gzip.decompress(content) if result.gzip else content, CONTENT_TYPE)
    return read_listings_outcomes(text, feed_id, written.skus)


async def test_quantities_and_handling_times_arrive_as_they_were_meant(
    clock: FakeClock, market: Market
) -> None:
    seen: list[tuple[int | None, int | None]] = []
    async with connected(market, SELLER) as client:
        for patch in (
            quantity_with_lead_time_patch(9, 5),
            quantity_patch(4),
            quantity_patch(0),
            quantity_without_lead_time_patch(7),
        ):
            assert await tell(clock, client, patch) == "accepted"
            read = read_availability(await shown(client))
            assert read.is_lead_time_shown and not read.is_amazons
            seen.append((read.quantity, read.lead_time))
    assert seen == [(9, 5), (4, 5), (0, 5), (7, None)]


async def test_a_price_arrives_and_leaves_the_rest_of_the_offer(clock: FakeClock, market: Market) -> None:
    async with connected(market, SELLER) as client:
        (offer,) = json.loads((await shown(client)).attributes)["purchasable_offer"]
        sale: dict[str, Any] = {"value_with_tax": 1.5}
        sale |= {"start_at": "2026-01-01T00:00:00Z", "end_at": "2027-01-01T00:00:00Z"}
        offers = [offer | {"discounted_price": [{"schedule": [sale]}]}, offer | {"audience": "B2B"}]
        assert await tell(clock, client, make_patch("replace", "purchasable_offer", offers)) == "accepted"
        assert await tell(clock, client, price_patch(await shown(client), GB, 1307, "GBP")) == "accepted"
        item = await shown(client)
    price = read_price(item, GB)
    assert price and (price.minor, price.currency, price.has_sale_price) == (1307, "GBP", True)
    everybody, business = json.loads(item.attributes)["purchasable_offer"]
    assert everybody["discounted_price"] == offers[0]["discounted_price"]
    assert business["our_price"] == offer["our_price"]


async def test_what_amazon_refuses_is_told_with_its_reason(clock: FakeClock, market: Market) -> None:
    wrong = make_patch("merge", "fulfillment_availability", [{"quantity": 1}])
    async with connected(market, SELLER) as client:
        submission = await ask(client, patch_listing_call(SELLER, GB, SKU, [wrong]))
    assert submission.outcome == "refused"
    assert submission.issues[0].severity == "ERROR"
    assert submission.issues[0].attributes == ("fulfillment_availability",)


async def test_a_feed_tells_what_became_of_each_sku(clock: FakeClock, market: Market) -> None:
    async with connected(market, SELLER) as client:
        result = await fed(
            clock,
            client,
            ListingChange(sku=SKU, patches=[quantity_with_lead_time_patch(3, 2)]),
            ListingChange(sku="NOT-LISTED", patches=[quantity_patch(1)]),
            ListingChange(sku="MUG-RED", patches=[quantity_patch(11)]),
        )
        assert {sku: each.outcome for sku, each in result.by_sku.items()} == {
            SKU: "accepted",
            "NOT-LISTED": "refused",
            "MUG-RED": "accepted",
        }
        assert result.by_sku["NOT-LISTED"].issues and not result.about_feed
        assert read_availability(await shown(client, "MUG-RED")).quantity == 11
        assert read_availability(await shown(client)).lead_time == 2
