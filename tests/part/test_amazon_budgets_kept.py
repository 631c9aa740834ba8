"""Budgets: what survives a restart, what a 429 does, and that Amazon never counts one too many."""

from datetime import timedelta
from typing import Any

import anyio
import pytest

from channeld.amazon.budgets import Priority, SavedBudget
from channeld.amazon.errors import Throttled
from channeld.amazon.operations import SEARCH_ORDERS
from tests.support.amazon_api import MemoryBudgets, operation, seeded
from tests.support.amazon_budgets import FAST, Desk
from tests.support.fake_clock import FakeClock


async def test_the_first_run_of_a_slow_budget_has_its_burst_and_saves_it_before_each_send(
    clock: FakeClock,
) -> None:
    desk = Desk(clock)
    for left in (19, 18, 17):
        await desk.ask("x", SEARCH_ORDERS)
        saved = desk.store.saved[1, "searchOrders"]
        assert saved.tokens == pytest.approx(left, abs=0.01)
        assert saved.at == clock.now()


async def test_a_restart_remembers_and_counts_what_flowed_in_since(clock: FakeClock) -> None:
    store = MemoryBudgets()
    desk = Desk(clock, store)
    for _ in range(18):
        await desk.ask("x", SEARCH_ORDERS)
    clock.jump(360)
    desk = Desk(clock, store)
    await desk.ask("y", SEARCH_ORDERS)
    assert desk.budgets.snapshot()[0].tokens == pytest.approx(2 + 0.0056 * 360 - 1, abs=0.01)


async def test_crashing_over_and_over_burns_no_burst(clock: FakeClock) -> None:
    store, sent = MemoryBudgets(), 0
    for _ in range(60):
        try:
            await Desk(clock, store).ask("x", SEARCH_ORDERS, deadline=clock.now())
            sent += 1
        except Throttled:
            clock.jump(1)
    assert sent == 20


async def test_a_clock_that_went_back_neither_gives_tokens_nor_blocks(clock: FakeClock) -> None:
    store = MemoryBudgets()
    desk = Desk(clock, store)
    for _ in range(19):
        await desk.ask("x", SEARCH_ORDERS)
    await clock.advance(1)
    await desk.ask("x", SEARCH_ORDERS)
    clock.jump(-3_600_000)
    desk = Desk(clock, store)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.ask, "y", SEARCH_ORDERS)
        await clock.advance(100)
        assert desk.got == []
        await clock.advance(100)
    assert [name for name, _ in desk.got] == ["y"]


async def test_damaged_numbers_in_the_store_are_not_believed(clock: FakeClock) -> None:
    store = MemoryBudgets()
    store.saved[1, "searchOrders"] = SavedBudget(
        tokens=float("nan"), rate=float("inf"), burst=-1, at=clock.now()
    )
    desk = Desk(clock, store)
    with pytest.raises(Throttled):
        await desk.ask("x", SEARCH_ORDERS, deadline=clock.now() + timedelta(seconds=170))


async def test_without_a_saved_token_nothing_is_sent_and_none_is_lost(clock: FakeClock) -> None:
    desk = Desk(clock)
    desk.store.broken = True
    with pytest.raises(OSError, match="disk full"):
        await desk.ask("x", SEARCH_ORDERS)
    assert desk.budgets.snapshot()[0].tokens == pytest.approx(20, abs=0.01)
    desk.store.broken = False
    await desk.ask("x", SEARCH_ORDERS)
    assert desk.budgets.snapshot()[0].tokens == pytest.approx(19, abs=0.01)


async def test_a_raised_rate_is_used_saved_and_remembered(clock: FakeClock) -> None:
    store = MemoryBudgets()
    desk = Desk(clock, store)
    for _ in range(2):
        grant = await desk.budgets.acquire(1, SEARCH_ORDERS, priority=Priority.BULK)
        desk.budgets.answered(grant, 1.0)
    assert store.saved[1, "searchOrders"].rate == 1.0
    for _ in range(17):
        await desk.ask("x", SEARCH_ORDERS)
    desk = Desk(clock, store)
    with pytest.raises(Throttled):
        await desk.ask("y", SEARCH_ORDERS, deadline=clock.now())


async def test_a_throttled_request_empties_the_bucket_for_at_least_a_beat(clock: FakeClock) -> None:
    desk = Desk(clock)
    grant = await desk.budgets.acquire(1, SEARCH_ORDERS, priority=Priority.BULK)
    await desk.budgets.throttled(grant)
    state = desk.budgets.snapshot()[0]
    assert (state.tokens, state.throttled) == (0, 1)
    assert desk.store.saved[1, "searchOrders"].tokens <= 0
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.ask, "x", SEARCH_ORDERS)
        await clock.advance(200)
    assert 1 / 0.0056 <= desk.got[0][1] <= 1 / 0.0056 + 6


async def test_requests_throttled_together_wait_once(clock: FakeClock) -> None:
    desk = Desk(clock)
    grants: list[Any] = []

    async def take() -> None:
        grants.append(await desk.budgets.acquire(1, FAST, priority=Priority.BULK))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(take)
        await clock.advance(5)
    for grant in grants:
        await desk.budgets.throttled(grant)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.ask, "x")
        await clock.advance(10)
    assert desk.got[0][1] <= 5 + 1.3
    assert desk.budgets.snapshot()[0].throttled == 4


async def test_a_request_that_never_left_gives_its_token_back(clock: FakeClock) -> None:
    desk = Desk(clock)
    grant = await desk.budgets.acquire(1, SEARCH_ORDERS, priority=Priority.BULK)
    desk.budgets.unused(grant)
    assert desk.budgets.snapshot()[0].tokens == pytest.approx(20, abs=0.01)


@pytest.mark.parametrize("seed", range(3))
async def test_many_actors_together_stay_within_budget_and_waste_little(clock: FakeClock, seed: int) -> None:
    """Thirty actors want all they can get of 2 a second, some give up; Amazon keeps count exactly."""
    rng, desk, arrivals = seeded(seed), Desk(clock), list[float]()
    wanted = operation(rate=2.0, burst=10)

    async def actor() -> None:
        while True:
            with clock.deadline(rng.uniform(1, 60)) as patience:
                await desk.budgets.acquire(1, wanted, priority=rng.choice(list(Priority)))
                arrivals.append(clock.monotonic() + rng.choice([0.0, 0.25]))
            if patience.cancelled_caught:
                await clock.sleep(rng.uniform(0, 3))

    async with anyio.create_task_group() as tasks:
        for _ in range(30):
            tasks.start_soon(actor)
        await clock.advance(120)
        tasks.cancel_scope.cancel()
    tokens, at = 10.0, 0.0
    for arrival in sorted(arrivals):
        tokens, at = min(10.0, tokens + 2.0 * (arrival - at)), arrival
        tokens -= 1
        assert tokens >= -1e-6
    assert len(arrivals) >= 0.98 * 2 * 120


async def test_restarts_keep_within_a_slow_budget_that_amazon_counts_exactly(clock: FakeClock) -> None:
    """Six hours of work that never ends, the daemon starting afresh after every few requests."""
    rng, store, arrivals = seeded(3), MemoryBudgets(), list[float]()
    desk = Desk(clock, store)

    async def work() -> None:
        nonlocal desk
        while True:
            await desk.ask("x", SEARCH_ORDERS)
            arrivals.append(clock.monotonic() + rng.uniform(0, 0.25))
            if rng.random() < 0.3:
                desk = Desk(clock, store)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        await clock.advance(6 * 3600)
        tasks.cancel_scope.cancel()
    tokens, at = 20.0, 0.0
    for arrival in sorted(arrivals):
        tokens, at = min(20.0, tokens + 0.0056 * (arrival - at)) - 1, arrival
        assert tokens >= -1e-6
    assert len(arrivals) >= 0.98 * (20 + 0.0056 * 6 * 3600)
