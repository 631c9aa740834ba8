"""Searching the sandbox: bounds, filters, chains of pages that survive change, and who sees what."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from channeld.sandbox import Line, Market, SandboxOptions, demo_accounts
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import ALL_DATA, connected

RATES = {"searchOrders": 1000.0, "getOrder": 1000.0}
DE = "A1PA6795UKMFR9"


def market_of(clock: FakeClock, number: int, **options: Any) -> Market:
    """A market with so many UK orders, one a minute, the last an hour ago; nothing is throttled."""
    market = Market(clock, SandboxOptions(rates=RATES, **options))
    for age in range(number, 0, -1):
        market.place_order(at=START - timedelta(hours=1, minutes=age))
    return market


def ids(orders: list[dict[str, Any]]) -> list[str]:
    return [order["orderId"] for order in orders]


async def test_all_orders_come_once_in_the_order_of_their_update(clock: FakeClock) -> None:
    market = market_of(clock, 250)
    async with connected(market) as client:
        found = await client.found()
    assert ids(found) == list(market.orders())
    assert market.truth.counted("searchOrders") == 3


async def test_bounds_are_inclusive_and_the_effective_one_is_told(clock: FakeClock) -> None:
    market = market_of(clock, 3)
    first, second, third = (order.updated for order in market.orders().values())
    async with connected(market) as client:
        open_end = await client.search()
        closed = await client.search(lastUpdatedAfter=first.isoformat(), lastUpdatedBefore=second.isoformat())
        created = await client.search(createdAfter=third.isoformat())
    assert open_end.json()["lastUpdatedBefore"] == "2026-11-22T08:58:00.000Z"
    assert len(closed.json()["orders"]) == 2
    assert closed.json()["lastUpdatedBefore"].startswith(second.strftime("%Y-%m-%dT%H:%M:%S"))
    assert len(created.json()["orders"]) == 1
    assert "createdBefore" in created.json()


async def test_filters(clock: FakeClock) -> None:
    market = market_of(clock, 1)
    at = START - timedelta(hours=1)
    german = market.place_order(country="DE", status="SHIPPED", at=at)
    amazons = market.place_order(fulfilled_by="AMAZON", at=at)
    async with connected(market) as client:
        assert ids(await client.found(marketplaceIds=DE)) == [german.order_id]
        assert ids(await client.found(fulfillmentStatuses="SHIPPED,CANCELLED")) == [german.order_id]
        assert ids(await client.found(fulfilledBy="AMAZON")) == [amazons.order_id]


async def test_changes_under_way_neither_break_the_chain_nor_hide_other_orders(clock: FakeClock) -> None:
    market = market_of(clock, 30)
    every = list(market.orders())
    async with connected(market) as client:
        page = (await client.search(maxResultsPerPage="10")).json()
        for order_id in (every[2], every[12], every[29]):
            market.act(order_id, "ship")
        market.place_order()
        await clock.advance(600)
        seen = ids(page["orders"])
        while "pagination" in page:
            token = page["pagination"]["nextToken"]
            page = (await client.search(maxResultsPerPage="10", paginationToken=token)).json()
            seen += ids(page["orders"])
        bound = page["lastUpdatedBefore"]
        assert bound == "2026-11-22T08:58:00.000Z"
        assert seen == [order_id for order_id in every if order_id not in (every[12], every[29])]
        later = ids(await client.found(lastUpdatedAfter=bound))
    assert later == [every[2], every[12], every[29], list(market.orders())[-1]]


async def test_a_change_shows_with_delay(clock: FakeClock) -> None:
    market = market_of(clock, 1, change_delay=30.0)
    (order_id,) = market.orders()
    path = f"/orders/2026-01-01/orders/{order_id}"
    market.act(order_id, "ship")
    wanted = {"includedData": "FULFILLMENT"}
    async with connected(market) as client:
        await clock.advance(29.9)
        before = (await client.get(path, wanted)).json()["order"]
        await clock.advance(0.1)
        after = (await client.get(path, wanted)).json()["order"]
    assert before["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert after["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert after["lastUpdatedTime"] == "2026-11-22T09:00:00.000Z"


async def test_a_silent_change_keeps_the_update_time(clock: FakeClock) -> None:
    market = market_of(clock, 1, change_delay=0.0)
    (order,) = market.orders().values()
    assert market.change(order.order_id, "CANCELLED", silent=True).updated == order.updated


async def test_a_page_token_wants_all_else_unchanged(clock: FakeClock) -> None:
    market = market_of(clock, 5)
    asked = {"lastUpdatedAfter": "2026-01-01T00:00:00Z", "includedData": "BUYER"}
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        page = await client.search(**asked, maxResultsPerPage="2")
        token = page.json()["pagination"]["nextToken"]
        size = await client.search(**asked, maxResultsPerPage="3", paginationToken=token)
        assert len(size.json()["orders"]) == 3
        changes = (
            {"includedData": "BUYER,TAX"},
            {"lastUpdatedAfter": "2026-01-01T00:00:00.000Z"},
            {"lastUpdatedBefore": "2026-11-20T00:00:00Z"},
        )
        for changed in changes:
            refused = await client.search(**(asked | changed), paginationToken=token)
            assert refused.status_code == 400
            assert "paginationToken" in refused.json()["errors"][0]["message"]
        assert (await other.search(**asked, paginationToken=token)).status_code == 400
        assert (await client.search(**asked, paginationToken=token[:-4] + "AAAA")).status_code == 400


async def test_a_page_token_lives_a_day(clock: FakeClock) -> None:
    market = market_of(clock, 5, token_seconds=200_000)
    async with connected(market) as client:
        page = await client.search(maxResultsPerPage="2")
        token = page.json()["pagination"]["nextToken"]
        await clock.advance(86_400)
        assert (await client.search(maxResultsPerPage="2", paginationToken=token)).status_code == 200
        await clock.advance(1)
        assert (await client.search(maxResultsPerPage="2", paginationToken=token)).status_code == 400


@pytest.mark.parametrize("role", [True, False])
async def test_personal_data_needs_the_restricted_role(clock: FakeClock, role: bool) -> None:
    spec = replace(demo_accounts()[0], restricted_role=role)
    market = Market(clock, SandboxOptions(accounts=(spec,)))
    gift = Line(sku="A", gift=True, gift_message="Dear you", customized_url="https://custom.example/x")
    market.place_order(lines=[gift], at=START - timedelta(hours=1))
    async with connected(market) as client:
        (order,) = await client.found(includedData=ALL_DATA)
    address = order["recipient"]["deliveryAddress"]
    item = order["orderItems"][0]
    personal = [
        *(field in order["buyer"] for field in ("buyerName", "buyerEmail")),
        *(field in address for field in ("name", "addressLine1", "postalCode", "phone")),
        "giftMessage" in item["fulfillment"]["packing"]["giftOption"],
        "customization" in item["product"],
    ]
    assert set(personal) == {role}
    assert {"city", "countryCode"} <= address.keys()
