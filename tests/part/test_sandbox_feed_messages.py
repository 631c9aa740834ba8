"""What the messages of the order feeds do to orders at the sandbox, and what their reports say."""

from collections.abc import Mapping
from typing import Any

import pytest

from channeld.sandbox import Line, Market, Order, SandboxOptions
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_feeds import OFTEN, adjustment, cancellation, fed, fulfillment

ITEM, OTHER = "11111111111111", "22222222222222"
LINES = (
    Line(sku="A", order_item_id=ITEM, quantity=3, unit_price=1000, shipping=500, discount=300),
    Line(sku="B", order_item_id=OTHER, unit_price=250),
)


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(rates=OFTEN))


@pytest.fixture
def order(market: Market) -> Order:
    return market.place_order(country="GB", lines=LINES)


def shipped(market: Market, order: Order) -> list[int]:
    return [line.shipped for line in market.order(order.order_id).lines]


async def test_packages_of_a_feed_tracked_and_not(clock: FakeClock, market: Market, order: Order) -> None:
    tracked = "<CarrierName>Bike</CarrierName><ShipperTrackingNumber>T1</ShipperTrackingNumber>"
    errors = await fed(
        clock,
        market,
        "OrderFulfillment",
        fulfillment(order.order_id, (ITEM, 2), reference="7001"),
        fulfillment(order.order_id, (OTHER, 1), reference="7002", data=tracked),
    )
    assert not errors and shipped(market, order) == [2, 1]
    first, second = market.order(order.order_id).packages
    assert (first.reference, first.carrier, first.tracking) == ("7001", "Royal Mail", "")
    assert (second.reference, second.carrier, second.tracking) == ("7002", "Bike", "T1")


async def test_the_same_fulfillment_again_edits_also_the_whole_order(
    clock: FakeClock, market: Market, order: Order
) -> None:
    for _ in range(2):
        assert not await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id))
    assert shipped(market, order) == [3, 1]
    assert market.truth.effects == {("despatch", order.order_id, "7001"): 2}
    late = await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, reference="7002"))
    assert "already been shipped" in late["1"]


async def test_only_the_messages_that_cannot_be_done_are_reported(
    clock: FakeClock, market: Market, order: Order
) -> None:
    other = "<CarrierCode>Other</CarrierCode>"
    errors = await fed(
        clock,
        market,
        "OrderFulfillment",
        fulfillment("204-0000000-0000000"),
        fulfillment(order.order_id, (ITEM, 4)),
        fulfillment(order.order_id, (ITEM, 1)),
        fulfillment(order.order_id, ("33333333333333", 1), reference="7002"),
        fulfillment(order.order_id, (OTHER, 1), reference="7003", data=other),
        fulfillment(order.order_id).replace("2026-11-22T09:00:00Z", "22.11.2026"),
    )
    assert set(errors) == {"1", "2", "4", "5", "6"}
    assert shipped(market, order) == [1, 0]


async def test_cancel_items_and_then_the_rest(clock: FakeClock, market: Market, order: Order) -> None:
    item = cancellation(order.order_id, OTHER, reason="BuyerCanceled")
    assert not await fed(clock, market, "OrderAcknowledgement", item)
    after = market.order(order.order_id)
    assert (after.status, [line.cancelled_by for line in after.lines]) == ("UNSHIPPED", ["", "MERCHANT"])
    again = await fed(clock, market, "OrderAcknowledgement", item, cancellation(order.order_id, ITEM))
    assert set(again) == {"1"}
    assert market.order(order.order_id).status == "CANCELLED"
    assert market.truth.effects == {
        ("cancel", order.order_id, OTHER): 1,
        ("cancel", order.order_id, ITEM): 1,
    }


async def test_a_whole_order_is_cancelled_without_items(
    clock: FakeClock, market: Market, order: Order
) -> None:
    assert not await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id))
    assert market.order(order.order_id).status == "CANCELLED"


async def test_what_is_left_after_cancelling_the_rest_is_shipped(
    clock: FakeClock, market: Market, order: Order
) -> None:
    await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, (ITEM, 3)))
    errors = await fed(
        clock,
        market,
        "OrderAcknowledgement",
        cancellation(order.order_id, ITEM),
        cancellation(order.order_id, OTHER),
    )
    assert "already been shipped" in errors["1"] and len(errors) == 1
    assert market.order(order.order_id).status == "SHIPPED"


@pytest.mark.parametrize(
    "message",
    [
        cancellation("{}", ITEM, reason="Bored"),
        cancellation("{}", "33333333333333"),
        cancellation("{}", ITEM, extra="<Quantity>1</Quantity>"),
        cancellation("{}", ITEM, OTHER, reason=""),
        cancellation("{}").replace("Failure", "Perhaps"),
    ],
)
async def test_cancellations_that_are_refused(
    clock: FakeClock, market: Market, order: Order, message: str
) -> None:
    assert await fed(clock, market, "OrderAcknowledgement", message.replace("{}", order.order_id))
    assert market.order(order.order_id) == order


@pytest.mark.parametrize(
    "details", [{"status": "PENDING"}, {"status": "SHIPPED"}, {"fulfilled_by": "AMAZON"}]
)
async def test_orders_that_cannot_be_cancelled(
    clock: FakeClock, market: Market, details: dict[str, Any]
) -> None:
    order = market.place_order(country="GB", **details)
    assert await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id))


async def test_success_gives_the_order_the_sellers_id(clock: FakeClock, market: Market, order: Order) -> None:
    message = (
        f"<AmazonOrderID>{order.order_id}</AmazonOrderID><MerchantOrderID>S-9</MerchantOrderID>"
        "<StatusCode>Success</StatusCode>"
    )
    assert not await fed(clock, market, "OrderAcknowledgement", message)
    assert market.order(order.order_id).seller_order_id == "S-9"
    mine = fulfillment(order.order_id).replace(
        f"<AmazonOrderID>{order.order_id}</AmazonOrderID>", "<MerchantOrderID>S-9</MerchantOrderID>"
    )
    assert not await fed(clock, market, "OrderFulfillment", mine)


async def refund(clock: FakeClock, market: Market, *messages: str) -> Mapping[str, str]:
    return await fed(clock, market, "OrderAdjustment", *messages)


async def test_refunds_up_to_what_was_charged_and_not_a_cent_more(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.change(order.order_id, "SHIPPED")
    part = adjustment(order.order_id, ITEM, Principal="10.00")
    assert not await refund(clock, market, part, part)
    errors = await refund(
        clock,
        market,
        adjustment(order.order_id, ITEM, Principal="7.01"),
        adjustment(order.order_id, ITEM, Principal="7.00", Shipping="5.00"),
        adjustment(order.order_id, ITEM, Principal="0.01"),
        adjustment(order.order_id, ITEM, Goodwill="3.00"),
    )
    assert set(errors) == {"1", "3"}
    assert [each.total for each in market.refunds(order.order_id)] == [1000, 1000, 1200, 300]
    assert market.truth.effects == {("refund", order.order_id, ITEM): 4}


async def test_only_units_that_have_left_were_charged(clock: FakeClock, market: Market, order: Order) -> None:
    one = adjustment(order.order_id, ITEM, Principal="9.00")
    assert "not been shipped" in (await refund(clock, market, one))["1"]
    await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, (ITEM, 1)))
    errors = await refund(clock, market, adjustment(order.order_id, ITEM, Principal="9.01"), one)
    assert set(errors) == {"1"}


@pytest.mark.parametrize(
    "message",
    [
        adjustment("{}", ITEM, Principal="1.00", Tax="0.20"),
        adjustment("{}", ITEM, Principal="1.00", currency="EUR"),
        adjustment("{}", ITEM, Principal="-1.00"),
        adjustment("{}", ITEM, Principal="0.00"),
        adjustment("{}", ITEM, Principal="0.001"),
        adjustment("{}", ITEM, Principal="NaN"),
        adjustment("{}", ITEM, Principal="1e999999999"),
        adjustment("{}", ITEM, Principal="1,00"),
        adjustment("{}", "33333333333333", Principal="1.00"),
        adjustment("{}", ITEM, Principal="1.00").replace("CustomerReturn", "Why not"),
        adjustment("{}", ITEM, Principal="1.00").replace("Refund", "Cancel"),
        adjustment("204-0000000-0000000", ITEM, Principal="1.00"),
    ],
)
async def test_refunds_that_are_refused(clock: FakeClock, market: Market, order: Order, message: str) -> None:
    market.change(order.order_id, "SHIPPED")
    assert await refund(clock, market, message.replace("{}", order.order_id))
    assert not market.refunds(order.order_id)


async def test_tax_is_a_component_where_it_comes_on_top(clock: FakeClock, market: Market) -> None:
    order = market.place_order("A2SANDBOXNA", country="US", lines=LINES, status="SHIPPED")
    errors = await fed(
        clock,
        market,
        "OrderAdjustment",
        adjustment(order.order_id, ITEM, "USD", Principal="27.00", Tax="2.23", Shipping="5.00"),
        adjustment(order.order_id, ITEM, "USD", ShippingTax="0.41"),
        adjustment(order.order_id, ITEM, "USD", ShippingTax="0.01"),
        seller_id="A2SANDBOXNA",
    )
    assert set(errors) == {"3"}
    assert sum(each.total for each in market.refunds(order.order_id)) == 3464


async def test_a_message_without_effect_is_reported_as_done(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.faults.plan("no_effect", order_id=order.order_id)
    assert not await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id))
    assert market.order(order.order_id) == order and not market.truth.effects
