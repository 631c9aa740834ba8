"""A machine whose clock jumps or is wrong: nothing is skipped, nothing is removed early, and it is said."""

from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.orders import OrderPersonal, RevealOrder
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import START, FakeClock
from tests.support.odd_clock import OddClock

DAY = timedelta(days=1)
FAR = timedelta(days=300)


async def personal(daemon: Daemon, order_id: str) -> dict[str, str]:
    reveal = RevealOrder(command_id=new_id(), order_id=order_id)
    return dict((await daemon.ask(reveal, OrderPersonal)).fields)


async def complaint(daemon: Daemon) -> str:
    """What a person is told about the machine."""
    about = [line for line in (await daemon.status()).attention if line.startswith("daemon/machine")]
    return about[0] if about else ""


@pytest.mark.parametrize(("jump", "word"), [(FAR, "ahead of"), (timedelta(hours=-1), "behind")])
async def test_a_clock_that_jumps_while_running_skips_nothing_and_removes_nothing(
    tmp_path: Path, clock: FakeClock, market: Market, jump: timedelta, word: str
) -> None:
    machine = OddClock(clock)
    first = market.place_order().order_id
    async with running_daemon(tmp_path, market, clock, machine=machine) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=6)
        assert await complaint(daemon) == ""
        cursor = (await daemon.channel()).order_cursor
        machine.ahead = jump
        second = market.place_order().order_id
        await daemon.pass_time(minutes=30)
        assert {first, second} <= set(await daemon.orders())
        assert await personal(daemon, first), "nothing was removed before its time"
        assert await personal(daemon, second)
        moved = (await daemon.channel()).order_cursor
        assert cursor is not None
        assert moved is not None
        assert cursor < moved <= clock.now(), "the cursor is Amazon's, whatever this machine believes"
        assert f"{word} Amazon's" in await complaint(daemon)
        assert "timedatectl" in await complaint(daemon)
        machine.ahead = timedelta()
        third = market.place_order().order_id
        await daemon.pass_time(minutes=30)
        assert third in await daemon.orders()
        assert await complaint(daemon) == ""
        assert not market.truth.over_budget
        assert not market.truth.invalid


async def test_a_clock_that_jumped_while_the_daemon_was_off_removes_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order(status="SHIPPED", at=START - timedelta(hours=20)).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=6)
    async with running_daemon(tmp_path, market, clock, machine=OddClock(clock, FAR)) as daemon:
        await daemon.pass_time(minutes=30)
        assert await personal(daemon, order_id)
        assert "300 days ahead" in await complaint(daemon)
        late = market.place_order().order_id
        await daemon.pass_time(minutes=30)
        assert await personal(daemon, late), "a new order's address is kept, or it could not be sent"


async def test_while_amazon_is_not_asked_a_clock_that_jumped_is_not_believed_at_once(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order(status="SHIPPED", at=START - timedelta(hours=20)).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.switch("uk", on=False)
    clock.jump((60 * DAY).total_seconds())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(hours=3)
        assert await personal(daemon, order_id)
        assert (await daemon.actor("daemon/retention")).waits_for == "Amazon to confirm this machine's clock"
        await daemon.pass_time(hours=22)
        assert not await personal(daemon, order_id), "kept for ever it may not be either"


async def test_tokens_and_budgets_survive_a_clock_that_jumps(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    machine = OddClock(clock)
    async with running_daemon(tmp_path, market, clock, machine=machine) as daemon:
        await daemon.open_shop(poll_seconds=60)
        for ahead in (FAR, -FAR, timedelta(hours=2), timedelta(hours=-2)):
            machine.ahead = ahead
            await daemon.pass_time(minutes=4)
    for ahead in (FAR, timedelta(), -FAR):
        async with running_daemon(tmp_path, market, clock, machine=OddClock(clock, ahead)) as daemon:
            await daemon.pass_time(minutes=10)
    assert not market.truth.over_budget
    assert not market.truth.invalid
    async with running_daemon(tmp_path, market, clock) as daemon:
        late = market.place_order().order_id
        await daemon.pass_time(minutes=10)
        assert late in await daemon.orders()
