"""Buyers of the sandbox: seeded, over time, in everything that occurs; and the sandbox on a real port."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial

import anyio
import httpx
import pytest

from channeld.runtime.clock import SystemClock
from channeld.sandbox import Market, Order, SandboxOptions, serve
from channeld.sandbox.money import Convention
from channeld.sandbox.shape import shape
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import LONG_AGO, ORDERS, PARTICIPATIONS, USER_AGENT, connected, credentials

MANY = SandboxOptions(orders=1500)


async def lived(options: SandboxOptions, hours: float, *, asked: bool = False) -> list[Order]:
    """The orders after so many hours, with or without a client that asks meanwhile."""
    clock = FakeClock()
    market = Market(clock, options)
    async with anyio.create_task_group() as group:
        group.start_soon(market.live)
        for _ in range(4):
            await clock.advance(hours * 900)
            if asked:
                async with connected(market) as client:
                    await client.found()
        group.cancel_scope.cancel()
    return list(market.orders().values())


async def test_growth_is_the_same_for_the_same_seed_whoever_asks() -> None:
    options = SandboxOptions(seed=5, orders=20, orders_per_hour=10)
    first, second = await lived(options, 10), await lived(options, 10, asked=True)
    assert first == second
    assert first != await lived(SandboxOptions(seed=6, orders=20, orders_per_hour=10), 10)


async def test_orders_arrive_at_their_rate_and_change() -> None:
    orders = await lived(SandboxOptions(orders_per_hour=30), 20)
    assert 500 < len(orders) < 700
    assert {"PENDING", "UNSHIPPED", "SHIPPED", "CANCELLED"} <= {order.status for order in orders}
    assert all(START <= order.created <= order.updated <= START + timedelta(hours=20) for order in orders)


async def test_speed_is_of_the_buyers() -> None:
    fast = await lived(SandboxOptions(orders_per_hour=30, speed=10), 2)
    assert 500 < len(fast) < 700
    assert "SHIPPED" in {order.status for order in fast}
    assert all(order.updated <= START + timedelta(hours=2) for order in fast)


async def test_a_market_without_growth_stands_still() -> None:
    options = SandboxOptions(orders=50)
    assert await lived(options, 100) == list(Market(FakeClock(), options).orders().values())


async def test_initial_orders_are_all_found_and_spread_over_the_past_days(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(orders=400, rates={"searchOrders": 1000.0}))
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        found = [*await client.found(), *await other.found()]
    assert {order["orderId"] for order in found} == set(market.orders())
    assert len({order["lastUpdatedTime"][:10] for order in found}) >= 7
    assert {"Z"} == {order["lastUpdatedTime"][-1] for order in found}
    assert {20, 24} == {len(order["lastUpdatedTime"]) for order in found}


def test_everything_occurs() -> None:
    orders = list(Market(FakeClock(), MANY).orders().values())
    lines = [line for order in orders for line in order.lines]
    occurs = Counter(
        {
            **Counter(order.status for order in orders),
            "package delivered": sum(p.status == "DELIVERED" for order in orders for p in order.packages),
            "two packages": sum(len(order.packages) > 1 for order in orders),
            "amazon": sum(order.fulfilled_by == "AMAZON" for order in orders),
            "business": sum(bool(order.buyer.company and order.buyer.po_number) for order in orders),
            "replacement": sum(bool(order.replaces) for order in orders),
            "non amazon": sum(order.non_amazon for order in orders),
            "tip": sum(bool(order.tip) for order in orders),
            "many lines": sum(len(order.lines) > 1 for order in orders),
            "many units": sum(line.quantity > 1 for line in lines),
            "gift": sum(bool(line.gift_message) for line in lines),
            "discount": sum(bool(line.discount) for line in lines),
            "free shipping": sum(bool(line.shipping_discount) for line in lines),
            "cancel request": sum(bool(line.cancel_requested) for line in lines),
            "facilitator": sum(bool(line.facilitator) for line in lines),
            "ioss": sum(line.reporting_scheme == "IOSS" for line in lines),
            "not ascii": sum(not order.buyer.name.isascii() for order in orders),
        }
    )
    assert {"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "PENDING"} <= occurs.keys()
    assert [name for name, number in occurs.items() if not number] == []


def test_every_order_adds_up_and_has_its_own_ids() -> None:
    orders = Market(FakeClock(), MANY).orders().values()
    items: list[str] = []
    for order in orders:
        body = shape(order, START, Convention())
        items += [item["orderItemId"] for item in body["orderItems"]]
        if "proceeds" not in body or order.status == "PENDING":
            continue
        lines = sum(Decimal(item["proceeds"]["proceedsTotal"]["amount"]) for item in body["orderItems"])
        assert Decimal(body["proceeds"]["grandTotal"]["amount"]) == lines + Decimal(order.tip) / 100
    assert len(items) == len(set(items)) > len(orders)


async def test_on_a_real_port_it_answers_holds_and_cuts_and_ends_at_once() -> None:
    market = Market(SystemClock(), SandboxOptions(orders=3))
    headers = {"user-agent": USER_AGENT}
    async with anyio.create_task_group() as group:
        port = await group.start(partial(serve, market))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as http:
            answer = await http.post("/auth/o2/token", data=credentials(market.options.accounts[0]))
            http.headers["x-amz-access-token"] = answer.json()["access_token"]
            page = await http.get(ORDERS, params={"lastUpdatedAfter": LONG_AGO})
            assert page.json()["orders"]
            market.faults.plan("reset")
            with pytest.raises(httpx.TransportError):
                await http.get(PARTICIPATIONS)
            market.faults.plan("timeout", 2)
            with pytest.raises(httpx.ReadTimeout):
                await http.get(PARTICIPATIONS, timeout=0.05)
            async with anyio.create_task_group() as held:
                held.start_soon(_cut_off, http)
                while market.truth.counted("getMarketplaceParticipations") < 3:
                    await anyio.lowlevel.checkpoint()
                group.cancel_scope.cancel()
    assert market.truth.counted("getMarketplaceParticipations", status=0) == 3


async def _cut_off(http: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.TransportError):
        await http.get(PARTICIPATIONS)


async def test_a_sandbox_can_end_and_come_back_with_the_same_market() -> None:
    market = Market(SystemClock())
    order = market.place_order()
    for _ in range(2):
        async with anyio.create_task_group() as group:
            port = await group.start(partial(serve, market))
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
                market.faults.plan("timeout", operation="token")
                with pytest.raises(httpx.ReadTimeout):
                    await http.post("/auth/o2/token", timeout=0.05)
            group.cancel_scope.cancel()
    assert market.orders() == {order.order_id: order}
