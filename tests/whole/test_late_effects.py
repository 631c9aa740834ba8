"""What comes about after it was given up: seen all the same, and never done twice (semantics C2)."""

from pathlib import Path

import pytest

from channel_protocol.errors import RequestRefused
from channel_protocol.order_answers import CancelOrder, LineUnits, OrderCancelled
from channeld.sandbox import Line, Market, SandboxOptions
from channeld.sandbox.money import Convention
from tests.support.daemon import new_id
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed

ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
HOUR = 3600.0


@pytest.fixture
def parts(clock: FakeClock) -> Market:
    """An Amazon that cancels units of a line, and then shows fewer as ordered."""
    return Market(clock, SandboxOptions(convention=Convention(part_cancellation="ordered")))


def three(market: Market) -> str:
    """An order of three of a kind."""
    return placed(market, Line(sku="SKU-1", order_item_id="11111111111111", quantity=3, unit_price=1000))


def still_open(market: Market, order_id: str) -> int:
    """Units that are really to be sent yet."""
    return sum(line.open for line in market.order(order_id).lines)


async def cancel_one(shop: Outbound, order_id: str) -> None:
    lines = (LineUnits(line="SKU-1", quantity=1),)
    request = CancelOrder(command_id=new_id(), order_id=order_id, reason="NoInventory", lines=lines)
    assert (await shop.daemon.ask(request, OrderCancelled)).outcome == "queued"


def asked(shop: Outbound) -> list[str]:
    """Feeds that were created and orders that were read, in their order."""
    said: list[str] = []
    for request in shop.daemon.wire.requests:
        if request.method == "POST" and request.url.path.endswith("/feeds"):
            said.append("feed")
        elif request.method == "GET" and "/orders/" in request.url.path:
            said.append("order")
    return said


async def test_units_cancelled_after_hours_are_cancelled_once_and_seen(
    tmp_path: Path, clock: FakeClock, parts: Market
) -> None:
    order_id = three(parts)
    parts.faults.plan("late_effect", operation=ACKNOWLEDGEMENT, detail=str(7 * HOUR))
    async with open_outbound(tmp_path, parts, clock) as shop:
        await cancel_one(shop, order_id)
        await shop.daemon.pass_time(hours=6)
        row = await shop.work(order_id)
        assert row.state == "needs_attention"
        assert "by itself" in row.hint
        assert (await shop.attention(), still_open(parts, order_id)) == (1, 3)
        await shop.daemon.pass_time(hours=3)
        assert ((await shop.work(order_id)).state, await shop.attention()) == ("confirmed", 0)
        assert (asked(shop).count("feed"), still_open(parts, order_id)) == (1, 2)
        assert [part.quantity for part in (await shop.process(order_id)).parcel] == [2]


async def test_a_person_who_repeats_them_is_told_first_and_the_order_is_read_first(
    tmp_path: Path, clock: FakeClock, parts: Market
) -> None:
    order_id = three(parts)
    parts.faults.plan("late_effect", operation=ACKNOWLEDGEMENT, detail=str(4.5 * HOUR))
    async with open_outbound(tmp_path, parts, clock) as shop:
        await cancel_one(shop, order_id)
        await shop.daemon.pass_time(hours=4.4)
        with pytest.raises(RequestRefused) as told:
            await shop.retry(order_id)
        assert told.value.code == "in_doubt"
        await shop.daemon.pass_time(minutes=15)
        assert (await shop.work(order_id)).state == "needs_attention", "no search has shown it yet"
        await shop.retry(order_id, force=True)
        await shop.daemon.pass_time(minutes=10)
        assert (await shop.work(order_id)).state == "confirmed"
        assert (asked(shop).count("feed"), still_open(parts, order_id)) == (1, 2)


async def test_units_that_certainly_were_not_cancelled_are_told_again_after_a_look(
    tmp_path: Path, clock: FakeClock, parts: Market
) -> None:
    order_id = three(parts)
    parts.faults.plan("reset", operation="createFeed")
    async with open_outbound(tmp_path, parts, clock) as shop:
        await cancel_one(shop, order_id)
        await shop.daemon.pass_time(hours=2)
        assert (await shop.work(order_id)).state == "confirmed"
        said = asked(shop)
        assert said.count("feed") == 2
        assert "order" in said[said.index("feed") : len(said) - said[::-1].index("feed")]
        assert still_open(parts, order_id) == 2
