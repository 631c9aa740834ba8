"""Units of an order item that are cancelled by their quantity, where the sandbox's Amazon honours that."""

import pytest

from channeld.sandbox import Line, Market, Order, SandboxOptions
from channeld.sandbox.money import Convention
from channeld.sandbox.shape import shape
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_feeds import OFTEN, cancellation, fed, fulfillment

ITEM = "11111111111111"
LINE = Line(sku="A", order_item_id=ITEM, quantity=5, unit_price=1000, discount=500)
ONE, TWO = ("<Quantity>1</Quantity>", "<Quantity>2</Quantity>")


@pytest.fixture(params=["unfulfilled", "ordered"])
def market(clock: FakeClock, request: pytest.FixtureRequest) -> Market:
    return Market(clock, SandboxOptions(rates=OFTEN, convention=Convention(part_cancellation=request.param)))


@pytest.fixture
def order(market: Market) -> Order:
    return market.place_order(country="GB", lines=(LINE,))


def shown(market: Market, order: Order) -> tuple[int, int, int]:
    """Units ordered, sent and still to be sent, as Amazon's JSON has them."""
    convention = market.options.convention
    (item,) = shape(market.order(order.order_id), market.clock.now(), convention)["orderItems"]
    sent = item["fulfillment"]
    return item["quantityOrdered"], sent["quantityFulfilled"], sent["quantityUnfulfilled"]


async def test_units_are_cancelled_again_and_again_until_the_item_is(
    clock: FakeClock, market: Market, order: Order
) -> None:
    part = cancellation(order.order_id, ITEM, extra=TWO)
    assert not await fed(clock, market, "OrderAcknowledgement", part)
    lowered = market.options.convention.part_cancellation == "ordered"
    assert shown(market, order) == (3 if lowered else 5, 0, 3)
    assert not await fed(clock, market, "OrderAcknowledgement", part)
    assert market.order(order.order_id).status == "UNSHIPPED"
    assert not await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM, extra=ONE))
    after = market.order(order.order_id)
    assert (after.status, after.lines[0].cancelled_by) == ("CANCELLED", "MERCHANT")


async def test_what_is_left_leaves_and_completes_the_order(
    clock: FakeClock, market: Market, order: Order
) -> None:
    await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM, extra=TWO))
    assert await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, (ITEM, 4)))
    assert not await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, (ITEM, 3)))
    assert market.order(order.order_id).status == "SHIPPED"
    assert shown(market, order)[1:] == (3, 0)


async def test_units_are_cancelled_beside_others_that_have_left(
    clock: FakeClock, market: Market, order: Order
) -> None:
    await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, (ITEM, 3)))
    assert await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM))
    assert not await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM, extra=TWO))
    assert market.order(order.order_id).status == "SHIPPED"
    assert shown(market, order)[1:] == (3, 0)


async def test_more_than_is_left_is_refused(clock: FakeClock, market: Market, order: Order) -> None:
    await fed(clock, market, "OrderFulfillment", fulfillment(order.order_id, (ITEM, 4)))
    before = market.order(order.order_id)
    assert await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM, extra=TWO))
    assert market.order(order.order_id) == before


async def test_the_money_goes_down_with_what_was_ordered(clock: FakeClock) -> None:
    convention = Convention(part_cancellation="ordered")
    market = Market(clock, SandboxOptions(rates=OFTEN, convention=convention))
    order = market.place_order(country="GB", lines=(LINE,))
    await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM, extra=TWO))
    body = shape(market.order(order.order_id), clock.now(), convention)
    assert body["proceeds"]["grandTotal"]["amount"] == "27.00"


async def test_an_effect_comes_later_than_the_report_that_tells_of_it(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.faults.plan("late_effect", detail="600")
    message = cancellation(order.order_id, ITEM, extra=TWO)
    assert not await fed(clock, market, "OrderAcknowledgement", message)
    assert shown(market, order)[2] == 5
    await clock.advance(600)
    assert market.order(order.order_id).updated > order.updated
    assert shown(market, order)[2] == 3


async def test_a_late_effect_that_is_impossible_by_then_is_none(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.faults.plan("late_effect", detail="600")
    await fed(clock, market, "OrderAcknowledgement", cancellation(order.order_id, ITEM))
    market.act(order.order_id, "ship")
    await clock.advance(600)
    assert market.order(order.order_id).status == "SHIPPED"
