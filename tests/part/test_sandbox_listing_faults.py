"""Writes of listings that go wrong at the simulated Amazon."""

from typing import Any

import httpx
import pytest

from channeld.sandbox import Market, SandboxOptions
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import connected
from tests.support.sandbox_listings import (
    SHOWN_AFTER,
    item,
    merge,
    offer,
    patch,
    replace,
    send,
    stock,
)

STOCK, OFFERS = "fulfillment_availability", "purchasable_offer"
SELLER = "A1SANDBOXEU"
RATES: dict[str, float] = dict.fromkeys(
    ("patchListingsItem", "putListingsItem", "deleteListingsItem", "getListingsItem"), 1e6
)


@pytest.fixture
def market(clock: FakeClock) -> Market:
    market = Market(clock, SandboxOptions(listings=300, rates=RATES))
    market.listings.stock(SELLER, "MUG-BLUE", START, quantity=8, lead_time=4)
    return market


@pytest.mark.parametrize("fault", ["reset_after", "error_500_after"])
async def test_an_answer_may_be_lost_after_the_effect(clock: FakeClock, market: Market, fault: str) -> None:
    market.faults.plan(fault, operation="patchListingsItem")
    async with connected(market) as client:
        try:
            body = {"productType": "PRODUCT", "patches": [merge(STOCK, stock(quantity=1))]}
            assert (await send(client, "PATCH", "MUG-BLUE", body)).status_code == 500
        except httpx.ReadError:
            assert fault == "reset_after"
    await clock.advance(SHOWN_AFTER)
    assert market.listings.get("MUG-BLUE").quantity == 1
    (told,) = market.truth.applied(SELLER, "MUG-BLUE")
    assert (told.at, told.route, told.quantity) == (START, "patchListingsItem", 1)


async def test_faults_of_a_write(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:

        async def written(quantity: int) -> dict[str, Any]:
            answer = await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=quantity)))
            await clock.advance(SHOWN_AFTER)
            return answer

        market.faults.plan("write_invalid", sku="MUG-RED")
        market.faults.plan("write_invalid", sku="MUG-BLUE")
        invalid = await written(1)
        market.faults.plan("no_effect", sku="MUG-BLUE")
        lost = await written(2)
        market.faults.plan("late_issue", sku="MUG-BLUE")
        late = await written(3)
        await patch(client, "MUG-BLUE", replace(OFFERS, offer(2)))
        await clock.advance(SHOWN_AFTER)
        shown = await item(client, "MUG-BLUE")
        assert market.listings.get("MUG-BLUE").quantity == 8
        await written(4)
        mended = await item(client, "MUG-BLUE")
    assert [answer["status"] for answer in (invalid, lost, late)] == ["INVALID", "ACCEPTED", "ACCEPTED"]
    assert [issue["attributeNames"] for issue in shown["issues"]] == [[STOCK]]
    assert shown["fulfillmentAvailability"][0]["quantity"] == 8
    assert mended["issues"] == [] and mended["fulfillmentAvailability"][0]["quantity"] == 4
    told = market.truth.told[SELLER, "MUG-BLUE"]
    applied = [(each.quantity, each.applied is not None) for each in told]
    assert applied == [(2, False), (3, False), (None, True), (4, True)]


async def test_a_late_write_wins_over_a_newer_one(clock: FakeClock, market: Market) -> None:
    """What a client has to find out by reading back."""
    market.faults.plan("late_effect", detail="60", operation="patchListingsItem")
    async with connected(market) as client:
        await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=1)))
        await clock.advance(10)
        await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=2)))
        await clock.advance(30)
        assert market.listings.get("MUG-BLUE").quantity == 2
        await clock.advance(30)
    assert market.listings.get("MUG-BLUE").quantity == 1
    assert [each.quantity for each in market.truth.told[SELLER, "MUG-BLUE"]] == [1, 2]
    assert [each.quantity for each in market.truth.applied(SELLER, "MUG-BLUE")] == [2, 1]
