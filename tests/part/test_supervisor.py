"""A crash is retried for ever, shown from the first to the recovery, and logged when it is news."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import anyio
import pytest
from structlog.testing import capture_logs

from channeld.runtime.actor import ActorContext, Halt
from channeld.runtime.child import ChildSpec
from channeld.runtime.errors import UnknownActor
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from tests.support.fake_clock import START, FakeClock

PERSONAL = "anna@example.com"


class Changes(list[tuple[ActorStatus, bool]]):
    """What a supervisor published."""

    def __call__(self, status: ActorStatus, notable: bool) -> None:
        self.append((status, notable))


async def forever(context: ActorContext) -> None:
    with context.waits("nothing"):
        await anyio.sleep_forever()


def after(seconds: float) -> object:
    return START + timedelta(seconds=seconds)


async def test_attempts_follow_the_back_off_and_its_last_step_for_ever(clock: FakeClock) -> None:
    attempts: list[float] = []

    async def crash(context: ActorContext) -> None:
        attempts.append(context.clock.monotonic())
        raise ValueError(PERSONAL)

    changes = Changes()
    async with Supervisor(clock, changes) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=crash))
        await clock.advance(1000)
        assert [b - a for a, b in pairwise(attempts)] == [
            1,
            2,
            5,
            15,
            60,
            300,
            300,
            300,
        ]
        status = supervisor.status("eu/stock")
        assert status.state == "failing"
        assert status.since == START
        assert status.restarts == 8
        assert status.until == after(1 + 2 + 5 + 15 + 60 + 4 * 300)
        assert status.reason.startswith("ValueError at ")
        assert "test_supervisor.py:" in status.reason
    assert PERSONAL not in repr(changes)


async def test_one_that_is_hurried_makes_its_next_attempt_at_once_and_a_wake_up_alone_waits(
    clock: FakeClock,
) -> None:
    broken = True

    async def look(context: ActorContext) -> None:
        if broken:
            raise ValueError
        context.done()
        await forever(context)

    async with Supervisor(clock, Changes()) as supervisor:
        supervisor.add(ChildSpec(id="daemon/machine", run=look))
        await clock.advance(200)
        broken = False
        supervisor.wake("daemon/machine")
        await clock.settle()
        assert supervisor.status("daemon/machine").state == "failing"
        supervisor.hurry("daemon/machine")
        await clock.settle()
        assert supervisor.status("daemon/machine").state == "waiting"
        supervisor.hurry("daemon/machine")
        supervisor.hurry("nobody")
        await clock.settle()
        assert supervisor.status("daemon/machine").state == "waiting", "a run is not ended"


async def test_failing_is_logged_once_and_the_recovery_once(clock: FakeClock) -> None:
    lives = 0

    async def crash_three_times(context: ActorContext) -> None:
        nonlocal lives
        lives += 1
        if lives <= 3:
            raise KeyError(PERSONAL)
        await context.receive("mail")
        context.done()
        context.done()
        await forever(context)

    changes = Changes()
    with capture_logs() as logs:
        async with Supervisor(clock, changes) as supervisor:
            supervisor.add(ChildSpec(id="eu/stock", run=crash_three_times))
            await clock.advance(60)
            assert supervisor.status("eu/stock").state == "failing"
            assert supervisor.status("eu/stock").waits_for == "mail"
            supervisor.wake("eu/stock")
            await clock.settle()
            status = supervisor.status("eu/stock")
    assert (status.state, status.reason, status.hint, status.since) == ("waiting", "", "", after(60))
    told = [entry["event"] for entry in logs if entry["log_level"] != "debug"]
    assert told == ["actor failing", "actor recovered"]
    assert PERSONAL not in repr(logs)
    assert [s.state for s, notable in changes if notable] == ["failing", "running"]


async def test_a_crash_for_another_reason_is_news(clock: FakeClock) -> None:
    errors = iter([ValueError(), ValueError(), OSError(), OSError()])

    async def crash(context: ActorContext) -> None:
        raise next(errors)

    with capture_logs() as logs:
        async with Supervisor(clock, Changes()) as supervisor:
            supervisor.add(ChildSpec(id="eu/stock", run=crash))
            await clock.advance(3.5)
            status = supervisor.status("eu/stock")
    assert status.since == START
    told = [entry["reason"].split()[0] for entry in logs if entry["event"] == "actor failing"]
    assert told == ["ValueError", "OSError"]


async def test_a_turn_that_is_done_resets_the_back_off(clock: FakeClock) -> None:
    attempts: list[float] = []

    async def crash_after_a_turn(context: ActorContext) -> None:
        attempts.append(context.clock.monotonic())
        context.done()
        raise ValueError

    async with Supervisor(clock, Changes()) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=crash_after_a_turn))
        await clock.advance(3)
    assert attempts == [0, 1, 2, 3]


async def test_an_actor_that_crashes_on_every_message_is_still_there(clock: FakeClock) -> None:
    async def crash_on_mail(context: ActorContext) -> None:
        await context.receive("mail")
        raise RuntimeError

    async with Supervisor(clock, Changes()) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=crash_on_mail))
        supervisor.add(ChildSpec(id="uk/stock", run=forever))
        for _ in range(5):
            assert supervisor.wake("eu/stock")
            await clock.advance(1000)
        assert supervisor.status("eu/stock").restarts == 5
        assert supervisor.status("uk/stock").restarts == 0


async def test_an_actor_that_returns_has_crashed_unless_it_is_transient(clock: FakeClock) -> None:
    async def end(context: ActorContext) -> None:
        context.done()

    async with Supervisor(clock, Changes()) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=end))
        supervisor.add(ChildSpec(id="eu/backfill", run=end, restart="transient"))
        await clock.settle()
        permanent, transient = supervisor.statuses()
    assert (permanent.state, permanent.reason) == ("failing", "It ended unexpectedly.")
    assert (transient.state, transient.reason) == ("stopped", "")


async def test_a_cancellation_that_nobody_asked_for_is_a_crash(clock: FakeClock) -> None:
    async def await_something_cancelled(context: ActorContext) -> None:
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lost.cancel()
        await lost

    async with Supervisor(clock, Changes()) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=await_something_cancelled))
        await clock.advance(1)
        assert supervisor.status("eu/stock").state == "failing"
        assert supervisor.status("eu/stock").restarts == 1


async def test_a_halt_inside_a_group_of_errors_counts_as_a_halt(clock: FakeClock) -> None:
    async def halt_in_a_task(context: ActorContext) -> None:
        async def refuse() -> None:
            raise Halt("The role is missing.", "Ask for it.")

        async def fail() -> None:
            raise ValueError

        async with anyio.create_task_group() as outer, anyio.create_task_group() as inner:
            outer.start_soon(fail)
            inner.start_soon(refuse)

    halted = anyio.Event()

    def on_change(status: ActorStatus, notable: bool) -> None:
        if status.state == "halted":
            halted.set()

    async with Supervisor(clock, on_change) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=halt_in_a_task))
        await halted.wait()
        status = supervisor.status("eu/stock")
    assert (status.state, status.reason, status.hint) == ("halted", "The role is missing.", "Ask for it.")


async def test_what_an_actor_waits_for_is_shown_innermost_first(clock: FakeClock) -> None:
    async def wait_in_wait(context: ActorContext) -> None:
        with context.waits("a report"):
            with context.waits("a token", context.clock.now() + timedelta(seconds=5)):
                await context.clock.sleep(5)
            await context.clock.sleep(5)
        await anyio.sleep_forever()

    changes = Changes()
    async with Supervisor(clock, changes) as supervisor:
        supervisor.add(ChildSpec(id="eu/reports", run=wait_in_wait))
        await clock.advance(20)
        shown = [(s.state, s.waits_for, s.until) for s, _ in changes]
        assert shown == [
            ("running", "", None),
            ("waiting", "a report", None),
            ("waiting", "a token", after(5)),
            ("waiting", "a report", None),
            ("running", "", None),
        ]
        assert supervisor.status("eu/reports").since == after(10)


async def test_the_depth_of_the_mailbox_is_published_and_versions_only_grow(clock: FakeClock) -> None:
    async def deaf(context: ActorContext) -> None:
        await anyio.sleep_forever()

    changes = Changes()
    async with Supervisor(clock, changes) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=deaf))
        await clock.settle()
        supervisor.mailbox("eu/stock").put("sync")
        supervisor.wake("eu/stock")
        assert supervisor.status("eu/stock").mailbox == 2
        await supervisor.remove("eu/stock")
        supervisor.add(ChildSpec(id="eu/stock", run=deaf))
        await clock.settle()
    versions = [status.version for status, _ in changes]
    assert versions == sorted(set(versions))


async def test_an_unknown_actor_is_named_with_the_nearest_known(clock: FakeClock) -> None:
    async with Supervisor(clock, Changes()) as supervisor:
        supervisor.add(ChildSpec(id="eu/stock", run=forever))
        with pytest.raises(UnknownActor) as refusal:
            await supervisor.restart("eu/stok")
        assert "eu/stock" in refusal.value.hint
        assert not supervisor.wake("eu/stok")
