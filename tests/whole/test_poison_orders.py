"""An order that cannot be taken in: set aside with its reason, shown, tried again; the others go on (C5)."""

from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.codec import decode_rows
from channel_protocol.orders import OrderRecovered, QuarantineRow, RecoverOrder
from channel_protocol.session import Snapshot, Subscribe
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

KINDS = ("amount_garbage", "items_null", "quantity_negative", "time_garbage")


async def watched(daemon: Daemon) -> list[QuarantineRow]:
    """What a client sees that attaches to the topic."""
    await daemon.client.request(Subscribe(topics=("quarantine",)))
    async for event in daemon.client.events():
        if isinstance(event, Snapshot) and event.last:
            return [row for row in decode_rows(event.rows) if isinstance(row, QuarantineRow)]
    raise AssertionError


@pytest.mark.parametrize("kind", KINDS)
async def test_a_poison_order_is_quarantined_and_the_others_go_on(
    tmp_path: Path, clock: FakeClock, market: Market, kind: str
) -> None:
    good = {market.place_order(at=START - timedelta(minutes=n)).order_id for n in (30, 10)}
    poison = market.place_order(at=START - timedelta(minutes=20)).order_id
    market.faults.plan("poison", None, detail=kind, order_id=poison)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert set(await daemon.orders()) == good
        (quarantined,) = await daemon.quarantine()
        assert (quarantined.order_id, quarantined.channel) == (poison, "uk")
        assert quarantined.reason
        channel = await daemon.channel()
        assert (channel.quarantined, channel.order_cursor) == (1, START - timedelta(minutes=2))
        assert [row.order_id for row in await watched(daemon)] == [poison]
        assert await daemon.codes(poison) == ["order.quarantined"]


async def test_it_is_tried_again_by_itself_and_released_when_amazon_has_mended_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    poison = market.place_order(at=START - timedelta(minutes=20)).order_id
    market.faults.plan("poison", None, detail="amount_garbage", order_id=poison)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=22)
        (quarantined,) = await daemon.quarantine()
        assert quarantined.attempts >= 2, "tried again after 5 and 15 minutes"
        assert (await daemon.codes(poison)).count("order.quarantined") == 1, "the same fault is told once"

        market.faults.clear()
        await daemon.pass_time(minutes=42)
        assert await daemon.quarantine() == []
        assert (await daemon.orders())[poison].state == "open"
        assert (await daemon.channel()).quarantined == 0


async def test_that_searches_show_it_again_puts_the_next_try_off_no_further(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """The overlap of searches shows it five times within a quarter of an hour."""
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        poison = market.place_order().order_id
        market.faults.plan("poison", None, detail="amount_garbage", order_id=poison)
        await daemon.pass_time(minutes=21)
        assert daemon.wire.reads(poison) == 2
        (quarantined,) = await daemon.quarantine()
        assert quarantined.next_attempt == quarantined.since + timedelta(hours=1)


async def test_a_person_can_have_it_tried_now(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    poison = market.place_order(at=START - timedelta(minutes=20)).order_id
    market.faults.plan("poison", 1, detail="items_null", order_id=poison)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert len(await daemon.quarantine()) == 1
        answer = await daemon.patiently(
            RecoverOrder(command_id=new_id(), order_id=poison, wait=30), OrderRecovered
        )
        assert (answer.complete, answer.outcome) == (True, "inserted")
        assert await daemon.quarantine() == []


async def test_a_known_order_that_turns_to_poison_keeps_what_was_good(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order_id = market.place_order(at=START - timedelta(minutes=20)).order_id
        await daemon.open_shop()
        before = (await daemon.orders())[order_id]
        market.faults.plan("poison", None, detail="items_null", order_id=order_id)
        market.edit(order_id, service_level="EXPEDITED")
        await daemon.pass_time(minutes=6)
        after = (await daemon.orders())[order_id]
        assert (after.state, after.total, after.units) == (before.state, before.total, before.units)
        assert [row.order_id for row in await daemon.quarantine()] == [order_id]


async def test_an_order_without_an_id_is_kept_too(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    poison = market.place_order(at=START - timedelta(minutes=20)).order_id
    market.faults.plan("poison", None, detail="id_missing", order_id=poison)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=20)
        (quarantined,) = await daemon.quarantine()
        assert quarantined.next_attempt is None, "there is nothing to ask Amazon for"
        assert await daemon.orders() == {}
        assert market.truth.counted("getOrder") == 0
