"""Kill a daemon again and again, start it again at once, and look each time at what is left."""

import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import anyio

from channel_protocol.errors import DaemonLost
from tests.kills.book import left_behind, unsound
from tests.kills.hurried import program_of
from tests.kills.moments import Moment, Trap, moments
from tests.kills.relay import relayed
from tests.kills.scenario import Finding, Life, Plan, Scenario, Stage
from tests.support.daemon_process import DaemonProcess, ended_afterwards, sandbox_process

__all__ = ["kill_again_and_again"]

Say = Callable[[str], None]
LAST_LIFE = 600.0
"""Seconds in which the last daemon must have done everything: refunds in a stuck feed are late."""
SAID = 2000
"""Characters that are told of what a daemon said last."""


async def kill_again_and_again(
    make: Callable[[Stage], Scenario], plan: Plan, folder: Path, say: Say
) -> Finding:
    """Carry a plan out in an empty folder. Nothing is raised for what is wrong: the finding says it."""
    began = time.monotonic()
    async with _stage(plan, folder) as stage:
        scenario = make(stage)
        chosen = moments(scenario.kinds, plan.kills, Random(f"{plan.seed}/moments"))  # noqa: S311 (not secret)
        wrong: list[str] = []
        in_time: Counter[str] = Counter()
        for number, moment in enumerate(chosen):
            came, found = await _live_and_die(scenario, stage, number, moment)
            in_time[moment.after if came else "patience over"] += 1
            wrong += [f"after kill {number} ({moment}): {what}" for what in found]
            note = "" if came else ", which did not come"
            say(f"kill {number + 1} of {plan.kills}: {moment}{note}; {len(found)} wrong")
        wrong += await _last_life(scenario, stage, plan.kills)
        with sqlite3.connect(_database(folder)) as book:
            finding = await scenario.judge(book)
        book.close()
        over = sum(exchange.status == 429 for exchange in stage.relay.exchanges)
        wrong += [f"{over} requests were over budget"] if over and "throttle_burst" not in plan.faults else []
        figures: dict[str, object] = {
            "seed": plan.seed,
            "kills": plan.kills,
            "killed_after": dict(sorted(in_time.items())),
            "seconds": round(time.monotonic() - began, 1),
            "requests": stage.relay.counts(),
            "requests_over_budget": over,
        }
        return Finding(figures=figures | finding.figures, wrong=wrong + finding.wrong)


@asynccontextmanager
async def _stage(plan: Plan, folder: Path) -> AsyncGenerator[Stage]:
    """Amazon in a process of its own, and the wire to it."""
    _database(folder).parent.mkdir()
    options = ["--seed", str(plan.seed), "--orders", str(plan.orders), "--speed", str(plan.speed)]
    options += ["--orders-per-hour", str(plan.orders_per_hour), "--faults", plan.faults]
    options += [word for rate in plan.rates for word in ("--rate", rate)]
    program = program_of(plan.hurry)
    async with (
        sandbox_process(folder, *options, program=program) as amazon,
        relayed(amazon) as (relay, endpoint),
    ):
        people = Random(f"{plan.seed}/people")  # noqa: S311 (not secret)
        yield Stage(
            plan=plan,
            folder=folder,
            relay=relay,
            amazon=amazon,
            endpoint=endpoint,
            people=people,
            program=program,
        )


async def _live_and_die(
    scenario: Scenario, stage: Stage, number: int, moment: Moment
) -> tuple[bool, list[str]]:
    """One life to its moment. Returns whether that came, and what is wrong with what is left."""
    stage.relay.life = number
    daemon = _daemon(stage)
    with ended_afterwards([daemon.process]):
        trap = Trap(moment, daemon.process.kill)
        stage.relay.tell = trap.tell
        life = Life(number=number, socket=daemon.socket, tell=trap.tell)
        async with _lived(scenario.live, life):
            trap.tell("started")
            async with anyio.create_task_group() as group:
                group.start_soon(trap.wait)
                await _ended(daemon)
                group.cancel_scope.cancel()
    return trap.sprung_in_time, _left(scenario, daemon, -signal.SIGKILL)


async def _last_life(scenario: Scenario, stage: Stage, number: int) -> list[str]:
    """Until all work is done, or the daemon has ended by itself, or it takes too long."""
    stage.relay.life, stage.relay.tell = number, _ignored
    daemon = _daemon(stage)
    with ended_afterwards([daemon.process]), anyio.move_on_after(LAST_LIFE) as limit:
        async with anyio.create_task_group() as group:

            async def finish() -> None:
                await scenario.finish(Life(number=number, socket=daemon.socket, tell=_ignored))
                daemon.process.send_signal(signal.SIGTERM)

            group.start_soon(_until_lost, finish)
            await _ended(daemon)
            group.cancel_scope.cancel()
    late = [f"not everything had come in after {LAST_LIFE:.0f} s"] if limit.cancelled_caught else []
    return [*late, *_left(scenario, daemon, 0)]


@asynccontextmanager
async def _lived(live: Callable[[Life], Awaitable[None]], life: Life) -> AsyncGenerator[None]:
    """People do what they do while the block runs."""
    async with anyio.create_task_group() as group:
        group.start_soon(_until_lost, lambda: live(life))
        yield
        group.cancel_scope.cancel()


async def _until_lost(act: Callable[[], Awaitable[None]]) -> None:
    try:
        await act()
    except DaemonLost:
        return


async def _ended(daemon: DaemonProcess) -> None:
    while daemon.process.poll() is None:  # noqa: ASYNC110 (a process sets no event)
        await anyio.sleep(0.01)


def _left(scenario: Scenario, daemon: DaemonProcess, expected: int) -> list[str]:
    """What is wrong with how a daemon ended and with what it left."""
    code = daemon.process.wait()
    said = daemon.said()[-SAID:]
    wrong = [] if code == expected else [f"it ended with {code} instead of {expected}, saying: {said}"]
    with left_behind(daemon.database) as book:
        return [*wrong, *unsound(book), *scenario.look(book)]


def _ignored(what: str) -> None:
    """Nobody is to be killed."""


def _daemon(stage: Stage) -> DaemonProcess:
    return DaemonProcess(_database(stage.folder).parent, program=stage.program)


def _database(folder: Path) -> Path:
    """In a folder of its own, in which everything is looked at for what must not be seen."""
    return folder / "daemon" / "channeld.db"
