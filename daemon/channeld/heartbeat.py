"""The daemon under systemd's eyes: a status line that changes, and a watchdog fed only while it is alive.

Alive is more than a loop that turns: the store's writer must answer, with an error or without. A writer that
hangs stops everything that matters, so it is not fed, and systemd starts the daemon anew.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import anyio
import structlog

from channeld.control.parts import Parts
from channeld.errors import ChanneldError
from channeld.runtime.clock import Clock
from channeld.runtime.notify import Notifier
from channeld.runtime.reason import reason_of
from channeld.runtime.status import ActorStatus
from channeld.store import channels
from channeld.store.channels import Channel
from channeld.store.store import Store
from channeld.store.unit import Unit

__all__ = ["heartbeat", "patience", "status_line"]

PAUSE, ANSWER = 0.5, 0.25
"""Shares of the watchdog's patience: between two beats, and for the writer to answer in."""
STATUS_EVERY = 10.0
"""Seconds."""
EXTEND_EVERY, EXTEND_BY = 10.0, 30.0
"""Seconds: how often, and how much longer systemd is to wait from then on."""
LONGEST_START = 3600.0
"""Seconds; a start that takes longer hangs, and systemd may end it."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


@asynccontextmanager
async def patience(notifier: Notifier, clock: Clock) -> AsyncGenerator[Callable[[], None]]:
    """Ask systemd to wait until what is yielded is called: a migration of a large book takes its time."""
    starting = anyio.CancelScope()

    async def ask() -> None:
        with starting:
            for _ in range(round(LONGEST_START / EXTEND_EVERY)):
                notifier.extend(EXTEND_BY)
                await clock.sleep(EXTEND_EVERY)

    notifier.status("opening the database")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        try:
            yield starting.cancel
        finally:
            starting.cancel()


@asynccontextmanager
async def heartbeat(notifier: Notifier, parts: Parts, watchdog: float | None) -> AsyncGenerator[None]:
    """While the block runs, the daemon is ready, has a status, and lives; afterwards it stops.

    `watchdog`: seconds of silence after which systemd ends the daemon.
    """
    notifier.ready()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_tell, notifier, parts)
        if watchdog:
            tasks.start_soon(_feed, notifier, parts, watchdog)
        try:
            yield
        finally:
            tasks.cancel_scope.cancel()
            notifier.stopping()
            notifier.status("stopping")


def status_line(known: Sequence[Channel], statuses: Sequence[ActorStatus]) -> str:
    """How it goes, in one line: `3 channels; actors: 5 waiting, 1 halted; needs attention: …`."""
    enabled = sum(channel.enabled for channel in known)
    states = Counter(status.state for status in statuses)
    actors = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    line = f"{enabled} channel{'' if enabled == 1 else 's'}; actors: {actors or 'none'}"
    alarms = [*_alarms(known, statuses)]
    if not alarms:
        return line
    more = f" (and {len(alarms) - 1} more)" if len(alarms) > 1 else ""
    return f"{line}; needs attention{more}: {alarms[0]}"


def _alarms(known: Sequence[Channel], statuses: Sequence[ActorStatus]) -> Iterator[str]:
    for status in statuses:
        if status.state in ("failing", "halted") and status.reason:
            yield f"{status.id} {status.state} ({status.reason})"
    for channel in known:
        if channel.enabled and channel.trouble:
            yield f"{channel.name} ({channel.trouble})"


async def _tell(notifier: Notifier, parts: Parts) -> None:
    told = ""
    while notifier.is_heard:
        try:
            line = status_line(await parts.store.read(channels.all_channels), parts.supervisor.statuses())
        except Exception as error:  # a line that cannot be made must not end the daemon
            line = f"needs attention: the status cannot be read: {reason_of(error).text}"
        if line != told:
            notifier.status(line)
            told = line
        await parts.clock.sleep(STATUS_EVERY)


async def _feed(notifier: Notifier, parts: Parts, patience: float) -> None:
    was_alive = True
    while True:
        is_alive = await _answers(parts.store, parts.clock, patience * ANSWER)
        if is_alive:
            notifier.alive()
        elif was_alive:
            log.error(
                "the store's writer does not answer; the watchdog is not fed", seconds=patience * ANSWER
            )
        was_alive = is_alive
        await parts.clock.sleep(patience * PAUSE if is_alive else 0)


async def _answers(store: Store, clock: Clock, within: float) -> bool:
    """An empty unit of work comes back. A store that fails (a full disk) answers: no restart would help."""
    with clock.deadline(within) as scope:
        try:
            await store.write(_nothing)
        except ChanneldError:
            return True
    return not scope.cancelled_caught


def _nothing(_unit: Unit) -> None:
    """The writer takes it, begins, and commits."""
