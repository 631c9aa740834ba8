"""Budgets: who goes first, and what whoever waits is told (design, section 5)."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

import anyio
import msgspec
import pytest

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import Throttled
from tests.support.amazon_budgets import FAST, Desk
from tests.support.fake_clock import FakeClock


async def test_a_fast_budget_starts_empty_and_grants_at_its_rate(clock: FakeClock) -> None:
    desk = Desk(clock)
    async with anyio.create_task_group() as tasks:
        for number in range(3):
            tasks.start_soon(desk.ask, str(number))
        await clock.advance(0.9)
        assert desk.got == []
        await clock.advance(3)
    assert [name for name, _ in desk.got] == ["0", "1", "2"]
    assert [at for _, at in desk.got] == pytest.approx([1, 2, 3], abs=0.01)


async def test_a_fast_budget_has_what_flowed_in_since_the_start(clock: FakeClock) -> None:
    desk = Desk(clock)
    await clock.advance(3)
    assert desk.budgets.wait_for(1, FAST, 5) == pytest.approx(2)
    async with anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(desk.ask, str(number))
        await clock.advance(3)
    assert [at for _, at in desk.got] == pytest.approx([3, 3, 3, 4, 5], abs=0.01)


async def test_what_is_due_first_goes_first_and_waits_though_it_is_overdue(clock: FakeClock) -> None:
    desk, now = Desk(clock), clock.now()
    async with anyio.create_task_group() as tasks:
        for name, minutes in (("later", 5), ("overdue", -60), ("soon", 1)):
            await clock.settle()
            tasks.start_soon(lambda n=name, m=minutes: desk.ask(n, due=now + timedelta(minutes=m)))
        await clock.advance(4)
    assert [name for name, _ in desk.got] == ["overdue", "soon", "later"]


async def test_the_more_urgent_goes_first_though_it_came_last(clock: FakeClock) -> None:
    desk = Desk(clock)
    soon, later = clock.now() + timedelta(minutes=1), clock.now() + timedelta(minutes=2)
    async with anyio.create_task_group() as tasks:
        for name, priority, deadline in (
            ("bulk", Priority.BULK, None),
            ("later", Priority.MONEY, later),
            ("soon", Priority.MONEY, soon),
            ("page", Priority.CONTINUATION, None),
            ("person", Priority.PERSON, None),
        ):
            await clock.settle()
            tasks.start_soon(lambda n=name, p=priority, d=deadline: desk.ask(n, priority=p, deadline=d))
        await clock.advance(6)
    assert [name for name, _ in desk.got] == ["page", "person", "soon", "later", "bulk"]


async def test_bulk_work_is_not_starved(clock: FakeClock) -> None:
    desk = Desk(clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.ask, "bulk")
        await clock.settle()
        for _ in range(30):
            tasks.start_soon(lambda: desk.ask("page", priority=Priority.CONTINUATION))
        await clock.advance(8.5)
        assert "bulk" in [name for name, _ in desk.got]
        await clock.advance(30)


async def test_a_cancelled_waiter_takes_nothing_and_holds_nobody_up(clock: FakeClock) -> None:
    desk = Desk(clock)
    async with anyio.create_task_group() as tasks:
        scope = anyio.CancelScope()

        async def given_up() -> None:
            with scope:
                await desk.ask("first", priority=Priority.PERSON)

        tasks.start_soon(given_up)
        tasks.start_soon(desk.ask, "second")
        await clock.advance(0.5)
        scope.cancel()
        await clock.advance(0.6)
    assert [name for name, _ in desk.got] == ["second"]
    assert desk.budgets.snapshot()[0].waiting == 0


async def test_whoever_waits_says_for_what_and_until_when(clock: FakeClock) -> None:
    desk, said = Desk(clock), list[tuple[str, datetime | None]]()
    start = clock.now()

    @contextmanager
    def waits(what: str, until: datetime | None) -> Generator[None]:
        said.append((what, until))
        yield

    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(lambda: desk.ask("x", waits=waits))
        await clock.advance(3)
    assert said[0] == ("a budget token for thing", start + timedelta(seconds=1))
    assert said[1] == ("a budget token for thing", start + timedelta(seconds=2))


async def test_a_deadline_that_no_token_meets_is_told_at_once(clock: FakeClock) -> None:
    desk = Desk(clock)
    with pytest.raises(Throttled):
        await desk.ask("x", deadline=clock.now() + timedelta(seconds=0.5))
    with pytest.raises(Throttled):
        await desk.ask("x", deadline=clock.now())
    assert desk.budgets.snapshot()[0].waiting == 0


async def test_a_deadline_passes_in_the_queue(clock: FakeClock) -> None:
    desk = Desk(clock)
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(lambda: desk.ask("page", priority=Priority.CONTINUATION))
        await clock.settle()

        async def late() -> None:
            with pytest.raises(Throttled):
                await desk.ask("late", deadline=clock.now() + timedelta(seconds=2))
            desk.got.append(("gave up", clock.monotonic()))

        tasks.start_soon(late)
        await clock.advance(5)
    assert ("gave up", pytest.approx(2, abs=0.01)) in desk.got


async def test_accounts_and_operations_have_budgets_of_their_own(clock: FakeClock) -> None:
    desk = Desk(clock)
    other = msgspec.structs.replace(FAST, name="other")
    async with anyio.create_task_group() as tasks:
        for account, wanted in ((1, FAST), (1, other), (2, FAST)):
            tasks.start_soon(lambda a=account, w=wanted: desk.budgets.acquire(a, w, priority=Priority.BULK))
        await clock.advance(1.1)
    keys = [(state.account_id, state.operation) for state in desk.budgets.snapshot()]
    assert keys == [(1, "other"), (1, "thing"), (2, "thing")]
    assert set(desk.changes) == set(keys)
    desk.budgets.forget(1)
    assert [state.account_id for state in desk.budgets.snapshot()] == [2]
