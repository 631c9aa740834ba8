"""Stopped or killed at any moment, and started again: nothing lost, nothing twice, no budget overdrawn."""

from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.orders import OrdersSynced, SyncOrders
from channeld.sandbox import Market
from tests.kills.stories import BackFill, Commands, Retention, Search, SingleOrders
from tests.support.crashes import Story, die_everywhere
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

ORDERS = 120
"""Two pages of a search."""


def fill(market: Market) -> set[str]:
    long_ago = START - timedelta(hours=2)
    return {
        market.place_order(
            at=long_ago + timedelta(seconds=n), status="PENDING" if n % 10 == 0 else "UNSHIPPED"
        ).order_id
        for n in range(ORDERS)
    }


async def assert_all_there(daemon: Daemon, placed: set[str]) -> None:
    assert set(await daemon.orders()) == placed
    stored = [entry.order_id for entry in await daemon.audit() if entry.code == "order.stored"]
    assert sorted(stored) == sorted(placed), "each order was stored once"
    cursor = (await daemon.channel()).order_cursor
    assert cursor is not None
    assert cursor <= daemon.clock.now() - timedelta(minutes=2)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("story", "at_most"),
    [
        pytest.param(Search(), None, id="search"),
        pytest.param(Commands(), 8, id="commands"),
        pytest.param(SingleOrders(), None, id="single orders"),
        pytest.param(Retention(), 5, id="retention"),
        pytest.param(BackFill(orders=240), 4, id="back-fill"),
    ],
)
async def test_dead_at_any_boundary_and_started_again(
    tmp_path: Path, story: Story, at_most: int | None
) -> None:
    """All of two stories and some of the others; `python -m tests.kills --boundaries` takes all."""
    outcome = await die_everywhere(story, tmp_path, at_most=at_most)
    assert outcome.wrong == []
    assert outcome.worlds >= 12


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
