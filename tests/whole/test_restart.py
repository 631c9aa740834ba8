"""Stopped or killed at any moment, and started again: nothing lost, nothing twice, no budget overdrawn."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.orders import OrdersSynced, SyncOrders
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import START, FakeClock

ORDERS = 120
"""Two pages of a search."""


class BoundaryClock(FakeClock):
    """Tells when a store call or an HTTP exchange is over: the moments between which a process can die."""

    def __init__(self) -> None:
        super().__init__()
        self.on_boundary: Callable[[], None] | None = None

    @contextmanager
    def working(self) -> Generator[None]:
        with super().working():
            yield
        if self.on_boundary:
            self.on_boundary()


def fill(market: Market) -> set[str]:
    long_ago = START - timedelta(hours=2)
    return {
        market.place_order(
            at=long_ago + timedelta(seconds=n), status="PENDING" if n % 10 == 0 else "UNSHIPPED"
        ).order_id
        for n in range(ORDERS)
    }


def copy_committed(database: Path, to: Path) -> None:
    """What the disk would show after the process died now."""
    source, target = sqlite3.connect(database), sqlite3.connect(to)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


async def assert_all_there(daemon: Daemon, placed: set[str]) -> None:
    assert set(await daemon.orders()) == placed
    stored = [entry.order_id for entry in await daemon.audit() if entry.code == "order.stored"]
    assert sorted(stored) == sorted(placed), "each order was stored once"
    cursor = (await daemon.channel()).order_cursor
    assert cursor is not None
    assert cursor <= daemon.clock.now() - timedelta(minutes=2)


async def boundaries_of_a_search(folder: Path) -> list[int]:
    """Those at which something has happened since the one before: a commit, or a request."""
    clock = BoundaryClock()
    market = Market(clock)
    fill(market)
    seen: list[object] = []
    async with running_daemon(folder, market, clock) as daemon:
        await daemon.add_account()
        await daemon.add_channel(enable=False)
        looking = sqlite3.connect(folder / "channeld.db")

        def look() -> None:
            version = looking.execute("PRAGMA data_version").fetchone()
            seen.append((version, len(daemon.wire.requests)))

        clock.on_boundary = look
        await daemon.switch("uk", on=True)
        await clock.settle()
        looking.close()
        clock.on_boundary = None
    return [number for number, what in enumerate(seen, 1) if number == 1 or what != seen[number - 2]]


async def die_and_start_again(folder: Path, boundary: int) -> None:
    clock = BoundaryClock()
    market = Market(clock)
    placed = fill(market)
    left = [boundary]
    wire = Wire(market)
    died, again = folder / f"died-{boundary}", folder / f"again-{boundary}"
    died.mkdir()
    again.mkdir()

    def die() -> None:
        left[0] -= 1
        if left[0] == 0:
            copy_committed(died / "channeld.db", again / "channeld.db")
            wire.cut = True

    async with running_daemon(died, market, clock, wire) as daemon:
        await daemon.add_account()
        await daemon.add_channel(enable=False)
        clock.on_boundary = die
        await daemon.switch("uk", on=True)
        await clock.settle()
    clock.on_boundary = None
    if left[0] > 0:
        return  # this run had fewer of them
    async with running_daemon(again, market, clock) as daemon:
        if not (await daemon.channel()).enabled:
            await daemon.switch("uk", on=True)
        placed.add(market.place_order().order_id)
        await daemon.pass_time(minutes=7)
        await assert_all_there(daemon, placed)
    assert not market.truth.over_budget
    assert not market.truth.invalid


@pytest.mark.timeout(120)
async def test_killed_between_any_two_store_calls_or_requests_of_a_search(tmp_path: Path) -> None:
    calm = tmp_path / "calm"
    calm.mkdir()
    boundaries = await boundaries_of_a_search(calm)
    assert len(boundaries) >= 8
    for boundary in boundaries:
        await die_and_start_again(tmp_path, boundary)


async def test_a_search_goes_on_from_the_page_it_had_come_to(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    placed = fill(market)
    async with running_daemon(tmp_path, market, clock) as daemon:
        daemon.wire.cut_after(searches=1)
        await daemon.open_shop()
        assert (await daemon.channel()).order_cursor == START - timedelta(days=1), "not before the last page"
    async with running_daemon(tmp_path, market, clock) as daemon:
        await clock.settle()
        (search,) = daemon.wire.searches()
        assert search.params["paginationToken"]
        await assert_all_there(daemon, placed)


async def test_stopped_while_amazon_answers(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    """The answer is lost; its page is asked for again."""
    placed = fill(market)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        with daemon.wire.holding("/orders") as search:
            await daemon.add_channel()
            await search.arrived.wait()
            daemon.wire.cut = True
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=4)
        await assert_all_there(daemon, placed)


async def test_restarts_do_not_overdraw_a_budget(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    """Amazon's bucket holds twenty searches and gains one in three minutes; a person asks again and again."""

    async def ask(daemon: Daemon) -> None:
        await daemon.ask(SyncOrders(command_id=new_id()), OrdersSynced)
        await daemon.pass_time(seconds=1)

    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        for _ in range(17):
            await ask(daemon)
    for _ in range(4):
        async with running_daemon(tmp_path, market, clock) as daemon:
            await ask(daemon)
            await ask(daemon)
    assert market.truth.requests[market.options.accounts[0].seller_id, "searchOrders"] in (19, 20)
    assert not market.truth.over_budget


async def test_what_waits_for_its_time_is_done_after_a_restart(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order(status="PENDING", at=START - timedelta(minutes=5)).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
    market.change(order_id, "CANCELLED", silent=True)
    clock.jump(40 * 60)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(seconds=5)
        assert (await daemon.orders())[order_id].state == "cancelled"
