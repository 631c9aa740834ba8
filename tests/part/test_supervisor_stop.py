"""Actors start in order and stop in reverse, within bounds, also one that will not."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import pytest

from channeld.runtime.actor import ActorContext
from channeld.runtime.child import ChildSpec
from channeld.runtime.errors import StillStopping, UnknownActor
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from tests.support.fake_clock import FakeClock


def ignore(status: ActorStatus, notable: bool) -> None:
    pass


class Diary:
    """Actors that note when they start and stop."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.released = anyio.Event()

    async def run(self, context: ActorContext) -> None:
        self.entries.append(f"+{context.id}")
        try:
            await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                await context.clock.sleep(1)
            self.entries.append(f"-{context.id}")

    async def stubborn(self, context: ActorContext) -> None:
        self.entries.append(f"+{context.id}")
        with anyio.CancelScope(shield=True):
            await self.released.wait()
        self.entries.append(f"-{context.id}")


@asynccontextmanager
async def running(clock: FakeClock) -> AsyncGenerator[Supervisor]:
    """A supervisor whose actors are given their time at the end."""
    async with Supervisor(clock, ignore) as supervisor:
        yield supervisor
        await run_meanwhile(clock, lambda: supervisor.stop(100), 100)


async def run_meanwhile(clock: FakeClock, verb: Callable[[], Awaitable[object]], seconds: float) -> bool:
    """Let the verb run for at most that long by the clock. Returns whether it came to its end."""
    ended = False

    async def call() -> None:
        nonlocal ended
        await verb()
        ended = True

    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await clock.advance(seconds)
        group.cancel_scope.cancel()
    return ended


async def test_actors_start_in_order_and_stop_in_reverse(clock: FakeClock) -> None:
    diary, left = Diary(), ["not stopped"]
    async with running(clock) as supervisor:
        for id_ in "abc":
            supervisor.add(ChildSpec(id=id_, run=diary.run))
        await clock.settle()

        async def stop() -> None:
            left[:] = await supervisor.stop(30)

        assert await run_meanwhile(clock, stop, 3)
        assert [s.state for s in supervisor.statuses()] == ["stopped"] * 3
    assert diary.entries == ["+a", "+b", "+c", "-c", "-b", "-a"]
    assert left == []


async def test_stopping_is_bounded_and_names_who_does_not_stop(clock: FakeClock) -> None:
    diary, left = Diary(), list[str]()
    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=diary.run))
        for id_ in ("b", "c", "d"):
            supervisor.add(ChildSpec(id=id_, run=diary.stubborn, stop_within=6))
        supervisor.add(ChildSpec(id="e", run=diary.run))
        await clock.settle()

        async def stop() -> None:
            left[:] = await supervisor.stop(10)

        assert await run_meanwhile(clock, stop, 10)
        assert left == ["d", "c", "b"]
        assert diary.entries[-2:] == ["-e", "-a"]
        diary.released.set()


async def test_actors_come_and_go_while_others_run(clock: FakeClock) -> None:
    diary = Diary()
    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=diary.run))
        supervisor.add(ChildSpec(id="b", run=diary.run))
        with pytest.raises(ValueError, match="'a'"):
            supervisor.add(ChildSpec(id="a", run=diary.run))
        await clock.settle()
        assert await run_meanwhile(clock, lambda: supervisor.remove("a"), 1)
        with pytest.raises(UnknownActor):
            supervisor.status("a")
        supervisor.add(ChildSpec(id="a", run=diary.run))
        await clock.settle()
        assert [(s.id, s.state) for s in supervisor.statuses()] == [("b", "running"), ("a", "running")]
        assert diary.entries == ["+a", "+b", "-a", "+a"]


async def test_a_restart_ends_the_run_before_it_begins_another(clock: FakeClock) -> None:
    diary = Diary()
    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=diary.run))
        await clock.settle()
        assert await run_meanwhile(clock, lambda: supervisor.restart("a"), 1)
        assert diary.entries == ["+a", "-a", "+a"]
        assert supervisor.status("a").restarts == 1


async def test_a_restart_cuts_the_back_off_short(clock: FakeClock) -> None:
    attempts = 0

    async def crash(context: ActorContext) -> None:
        nonlocal attempts
        attempts += 1
        raise ValueError

    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=crash, backoff=(300,)))
        await clock.settle()
        await supervisor.restart("a")
        await clock.settle()
        assert attempts == 2
        await clock.advance(299)
        assert attempts == 2


async def test_who_asked_may_go_away_and_it_happens_all_the_same(clock: FakeClock) -> None:
    diary = Diary()
    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=diary.run))
        await clock.settle()
        assert not await run_meanwhile(clock, lambda: supervisor.restart("a"), 0.5)
        await clock.advance(0.5)
        assert diary.entries == ["+a", "-a", "+a"]


async def test_one_that_will_not_end_never_runs_twice(clock: FakeClock) -> None:
    diary = Diary()
    refused: list[str] = []
    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=diary.stubborn, stop_within=5))
        await clock.settle()

        async def remove() -> None:
            try:
                await supervisor.remove("a")
            except StillStopping as error:
                refused.append(error.code)

        assert await run_meanwhile(clock, remove, 5)
        assert refused == ["actor_still_stopping"]
        with pytest.raises(StillStopping):
            supervisor.add(ChildSpec(id="a", run=diary.run))
        diary.released.set()
        await clock.settle()
        assert supervisor.statuses() == []


async def test_a_replaced_actor_keeps_its_place_and_runs_with_the_new_spec(clock: FakeClock) -> None:
    diary = Diary()
    async with running(clock) as supervisor:
        supervisor.add(ChildSpec(id="a", run=diary.run, channel="de"))
        supervisor.add(ChildSpec(id="b", run=diary.run))
        await clock.settle()

        async def run(context: ActorContext) -> None:
            diary.entries.append("new")
            await anyio.sleep_forever()

        spec = ChildSpec(id="a", run=run, channel="fr")
        assert await run_meanwhile(clock, lambda: supervisor.replace(spec), 1)
        assert [(s.id, s.channel) for s in supervisor.statuses()] == [("a", "fr"), ("b", "")]
        assert diary.entries == ["+a", "+b", "-a", "new"]
