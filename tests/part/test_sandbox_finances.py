"""Refunds among the transactions of the sandbox, with their lag."""

from datetime import timedelta
from typing import Any

import pytest

from channeld.sandbox import Line, Market, Order, SandboxOptions
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import SandboxClient, connected
from tests.support.sandbox_feeds import adjustment, create_feed, envelope

TRANSACTIONS = "/finances/2024-06-19/transactions"
GB, DE = "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
ITEM = "11111111111111"
EARLY = "2026-11-22T08:00:00Z"
RATES = {"createFeed": 1000.0, "createFeedDocument": 1000.0, "listTransactions": 1000.0}


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(rates=RATES, finances_delay=600))


@pytest.fixture
def order(market: Market) -> Order:
    lines = (Line(sku="A", order_item_id=ITEM, quantity=3, unit_price=1000, shipping=500),)
    return market.place_order(country="GB", lines=lines, status="SHIPPED", at=START - timedelta(days=1))


async def refunded(clock: FakeClock, client: SandboxClient, order: Order, *amounts: str) -> None:
    """A feed that refunds these amounts of the principal; 61 s later it is done."""
    messages = (adjustment(order.order_id, ITEM, Principal=amount) for amount in amounts)
    content = envelope("OrderAdjustment", *messages)
    assert (await create_feed(client, "POST_PAYMENT_ADJUSTMENT_DATA", content)).status_code == 202
    await clock.advance(61)


async def listed(client: SandboxClient, **params: str) -> list[dict[str, Any]]:
    """All pages."""
    params = params or {"postedAfter": EARLY}
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = (await client.get(TRANSACTIONS, params)).json()["payload"]
    found += page["transactions"]
    while token := page.get("nextToken"):
        page = (await client.get(TRANSACTIONS, {**params, "nextToken": token})).json()["payload"]
        found += page["transactions"]
    return found


async def test_a_refund_shows_late_with_the_time_it_was_made(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        await refunded(clock, client, order, "12.34")
        await clock.advance(590)
        assert not await listed(client)
        await clock.advance(10)
        (found,) = await listed(client)
    assert found["totalAmount"] == {"currencyCode": "GBP", "currencyAmount": -12.34}
    assert (found["transactionType"], found["transactionStatus"]) == ("Refund", "RELEASED")
    assert found["postedDate"] == "2026-11-22T09:01:00.020Z"
    assert {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order.order_id} in found[
        "relatedIdentifiers"
    ]
    (item,) = found["items"]
    assert item["totalAmount"]["currencyAmount"] == -12.34 and item["contexts"][0]["sku"] == "A"
    assert [part["breakdownType"] for part in item["breakdowns"]] == ["ProductCharges"]


async def test_each_refund_is_a_transaction_found_by_order_and_time(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        await refunded(clock, client, order, "1.00", "1.00")
        await clock.advance(600)
        by_order = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order.order_id}
        assert len(await listed(client, **by_order)) == 2
        assert len({found["transactionId"] for found in await listed(client)}) == 2
        none = [
            by_order | {"relatedIdentifierValue": "204-0000000-0000000"},
            by_order | {"relatedIdentifierName": "FINANCIAL_EVENT_GROUP_ID"},
            {"postedAfter": EARLY, "postedBefore": "2026-11-22T09:01:00Z"},
            {"postedAfter": "2026-11-22T09:01:01Z"},
            {"postedAfter": EARLY, "marketplaceId": DE},
            {"postedAfter": EARLY, "transactionStatus": "DEFERRED"},
            {"postedAfter": "2026-05-01T00:00:00Z"},
        ]
        assert [await listed(client, **params) for params in none] == [[]] * len(none)
        assert len(await listed(client, postedAfter=EARLY, marketplaceId=GB)) == 2
        assert not await listed(other, **by_order)


async def test_pages_keep_their_arguments_and_may_be_empty(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        await refunded(clock, client, order, *["0.01"] * 120)
        await clock.advance(660)
        market.faults.plan("empty_page")
        first = (await client.get(TRANSACTIONS, {"postedAfter": EARLY})).json()["payload"]
        assert not first["transactions"]
        second = {"postedAfter": EARLY, "nextToken": first["nextToken"]}
        assert len((await client.get(TRANSACTIONS, second)).json()["payload"]["transactions"]) == 100
        changed = await client.get(TRANSACTIONS, second | {"postedAfter": "2026-11-22T07:00:00Z"})
        assert changed.status_code == 400
        assert len(await listed(client)) == 120


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"postedAfter": "2026-11-22"},
        {"postedAfter": "2026-11-22T08:58:01Z"},
        {"postedAfter": EARLY, "postedBefore": "2026-11-22T08:58:01Z"},
        {"postedAfter": EARLY, "postedBefore": EARLY},
        {"relatedIdentifierName": "ORDER_ID"},
        {"postedAfter": EARLY, "relatedIdentifierValue": "204-1-1"},
        {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "1"},
        {"postedAfter": EARLY, "transactionStatus": "OPEN"},
        {"postedAfter": EARLY, "marketplaceId": "NOWHERE"},
        {"postedAfter": EARLY, "nextToken": "made-up"},
        {"postedAfter": EARLY, "pageSize": "10"},
    ],
)
async def test_arguments_that_are_refused(market: Market, params: dict[str, str]) -> None:
    async with connected(market) as client:
        answer = await client.get(TRANSACTIONS, params)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


async def test_its_budget_is_ten_at_once(clock: FakeClock) -> None:
    async with connected(Market(clock)) as client:
        answers = [(await client.get(TRANSACTIONS, {"postedAfter": EARLY})).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
