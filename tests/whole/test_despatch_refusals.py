"""Despatch notes that Amazon refuses, or that it knows already from somebody else (semantics C1)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from channel_protocol.errors import ClientError
from channeld.sandbox import Line, Market
from channeld.sandbox.despatch import confirm_package
from channeld.sandbox.orders import Package
from tests.support.fake_clock import FakeClock
from tests.support.outbound import open_outbound, placed, unavailable

DAY = timedelta(hours=24)
OURS = "AB123456785GB"


def shipped_elsewhere(market: Market, order_id: str, tracking: str) -> None:
    """Another program tells Amazon of the whole order."""
    order = market.order(order_id)
    package = Package(
        reference="1",
        status="IN_TRANSIT",
        carrier="Royal Mail",
        service="Tracked 24",
        tracking=tracking,
        at=market.clock.now(),
        contents=tuple((line.order_item_id, line.quantity) for line in order.lines),
    )
    now = market.clock.now()
    market.record(confirm_package(order, package, market.stamp(None, order), now))


def _other_item(market: Market, order_id: str) -> None:
    lines = tuple(replace(line, order_item_id="9" * 14) for line in market.order(order_id).lines)
    market.record(replace(market.order(order_id), lines=lines), delay=1e9)


REFUSALS: dict[str, Callable[[Market, str], object]] = {
    "carrier": lambda market, order_id: market.faults.plan("unknown_carrier"),
    "item": _other_item,
    "cancelled": lambda market, order_id: market.change(order_id, "CANCELLED", silent=True),
}


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_what_a_repeat_cannot_help_is_said_once_and_waits(
    tmp_path: Path, clock: FakeClock, market: Market, refusal: str
) -> None:
    order_id = placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        REFUSALS[refusal](market, order_id)
        await shop.process(order_id)
        await shop.daemon.pass_time(hours=3)
        ((at, reason),) = await shop.failures(order_id)
        assert "it waits for a change" in reason
        row = await shop.work(order_id)
        assert (row.state, row.window_until, row.next_at) == ("needs_attention", at + DAY, None)
        assert row.hint
        assert len(shop.packages()) == 1


async def test_what_amazon_took_and_does_not_show_is_a_failed_try(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    market.faults.plan("no_effect", operation="confirmShipment")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(hours=1, minutes=55)
        assert await shop.story(order_id) == ["despatch.submitted"]
        assert shop.daemon.wire.reads(order_id) == 0
        await shop.daemon.pass_time(minutes=7)
        assert shop.daemon.wire.reads(order_id) == 1
        await shop.daemon.pass_time(hours=2)
        assert await shop.story(order_id) == [
            "despatch.submitted", "despatch.failed", "despatch.submitted", "despatch.confirmed",
        ]  # fmt: skip
        ((_, reason),) = await shop.failures(order_id)
        assert "does not show it 2 h later" in reason
        assert len(market.order(order_id).packages) == 1


@pytest.mark.parametrize("tracking", [OURS, "ab 1234 5678 5gb"])
async def test_the_same_parcel_entered_elsewhere_is_ours(
    tmp_path: Path, clock: FakeClock, market: Market, tracking: str
) -> None:
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=30)
        shipped_elsewhere(market, order_id, tracking)
        await shop.daemon.pass_time(hours=2)
        assert (await shop.story(order_id))[-1] == "despatch.confirmed"
        assert [package.reference for package in market.order(order_id).packages] == ["1"]


ENTERED: dict[str, tuple[str, str]] = {
    "the same parcel": (OURS, "confirmed"),
    "another parcel": ("OTHER", "needs_attention"),
}


@pytest.mark.parametrize("entered", ENTERED)
async def test_a_note_that_is_refused_as_somebody_was_quicker_is_done_when_amazon_shows_our_parcel(
    tmp_path: Path, clock: FakeClock, market: Market, entered: str
) -> None:
    tracking, state = ENTERED[entered]
    order_id = placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shipped_elsewhere(market, order_id, tracking)
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=30)
        assert (await shop.work(order_id)).state == "needs_attention", "no view has shown it yet"
        await shop.daemon.pass_time(hours=2)
        assert ((await shop.work(order_id)).state, len(shop.packages())) == (state, 1)
        last = (await shop.daemon.audit(order_id))[-1]
        assert (last.text == "Order Successfully Despatched") == (state == "confirmed")


async def test_another_parcel_entered_elsewhere_is_not_overwritten(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=30)
        shipped_elsewhere(market, order_id, "OTHER")
        await shop.daemon.pass_time(hours=1)
        market.faults.clear()
        sent = len(shop.packages())
        await shop.daemon.pass_time(hours=2)
        assert "already shipped on Amazon" in (await shop.failures(order_id))[-1][1]
        assert (await shop.work(order_id)).state == "needs_attention"
        assert len(shop.packages()) == sent

        await shop.retry(order_id)
        await shop.daemon.pass_time(minutes=1)
        assert len(shop.packages()) == sent, "trying again is not forcing it"
        await shop.retry(order_id, force=True)
        await shop.daemon.pass_time(minutes=1)
        assert len(shop.packages()) == sent + 1


async def test_parcels_of_an_order_never_hold_more_than_was_ordered(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market, Line(sku="SKU-1", quantity=3))
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id, "ONE", {"SKU-1": 2})
        with pytest.raises(ClientError) as refused:
            await shop.process(order_id, "TWO", {"SKU-1": 2})
        assert "has 1 left to send" in str(refused.value.problems)
        await shop.process(order_id, "TWO", {"SKU-1": 1})
        with pytest.raises(ClientError):
            await shop.process(order_id, "THREE")
        await shop.daemon.pass_time(hours=2)
        packages = market.order(order_id).packages
        assert [(p.tracking, [units for _, units in p.contents]) for p in packages] == [
            ("ONE", [2]),
            ("TWO", [1]),
        ]
        assert len({p.reference for p in packages}) == 2
        assert await shop.story(order_id) == ["despatch.submitted"] * 2 + ["despatch.confirmed"] * 2


async def test_orders_that_amazon_fulfils_get_no_note(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.set(fba_enabled="on")
        order_id = market.place_order(fulfilled_by="AMAZON").order_id
        await shop.daemon.pass_time(hours=2)
        with pytest.raises(ClientError):
            await shop.process(order_id)
        assert shop.packages() == []


@pytest.mark.parametrize(
    ("tracking", "ends", "said"),
    [(OURS, "confirmed", ""), ("OTHER", "needs_attention", "already shipped on Amazon")],
)
async def test_a_parcel_that_amazon_knew_before_the_daemon_did(
    tmp_path: Path, clock: FakeClock, market: Market, tracking: str, ends: str, said: str
) -> None:
    """Amazon refuses the note; the order, read at once, says whose parcel it is."""
    order_id = placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shipped_elsewhere(market, order_id, tracking)
        await shop.daemon.pass_time(seconds=10)
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=10)
        row = await shop.work(order_id)
        assert row.state == ends
        assert said in row.reason
        assert len(shop.packages()) == 1
        assert [package.reference for package in market.order(order_id).packages] == ["1"]
