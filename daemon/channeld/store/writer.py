"""The one writer: units of work of all actors share transactions (group commit).

A caller gets its result only after the COMMIT; when the COMMIT fails, all units of the group have failed. A
unit that still waits can be cancelled and is then never run; one that runs is shielded to its end, for five
seconds at most. Units run in a worker thread, one after another, a whole group in one visit; everything else
here belongs to the loop.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread
import structlog
from sqlalchemy import Engine

from channeld.errors import ChanneldError
from channeld.runtime.clock import Clock
from channeld.store.health import Health
from channeld.store.open_files import OpenFiles
from channeld.store.transaction import Finished, Transactions
from channeld.store.unit import Changes, OnCommit, Unit

__all__ = ["GROUP_UNITS", "Writer"]

T = TypeVar("T")

GROUP_UNITS = 256
"""Units in one transaction, at most."""
SHIELD_SECONDS = 5.0

_log = structlog.stdlib.get_logger(__name__)


class _Job:
    """One caller's unit, and what became of it."""

    def __init__(self, unit: Callable[[Unit], Any]) -> None:
        self.unit = unit
        self.waiting = anyio.CancelScope()
        self.settled = anyio.Event()
        self.withdrawn = False
        self.result: Any = None
        self.error: Exception | None = None

    def take(self) -> None:
        """It will be run: from now on its caller is shielded."""
        self.waiting.deadline = anyio.current_time() + SHIELD_SECONDS
        self.waiting.shield = True

    def settle(self, result: Any = None, error: Exception | None = None) -> None:
        self.result, self.error = result, error
        self.settled.set()


class Writer:
    """Commits units of work, many at a time. `run` is its task; `write` is what callers await."""

    def __init__(
        self, engine: Engine, files: OpenFiles, clock: Clock, health: Health, on_commit: OnCommit
    ) -> None:
        self._transactions = Transactions(engine, clock, files)
        self._health = health
        self._clock = clock
        self._on_commit = on_commit
        self._waiting: deque[_Job] = deque()
        self._wake = anyio.Event()
        self._thread = anyio.CapacityLimiter(1)
        self._stopped = False

    async def write(self, unit: Callable[[Unit], T]) -> T:
        """Run a unit of work and return its result once it is committed.

        Raises what the unit raised (nothing of it is then stored), or `ChanneldError` when the store failed.
        """
        await anyio.lowlevel.checkpoint_if_cancelled()
        if self._stopped:
            raise _closed()
        job = _Job(unit)
        self._waiting.append(job)
        self._wake.set()
        with self._clock.working():
            await self._see_through(job)
        if job.error is not None:
            raise job.error
        return job.result

    async def _see_through(self, job: _Job) -> None:
        try:
            with job.waiting:
                await job.settled.wait()
        except BaseException:
            # Cancelled as it was being taken, it runs all the same; else it never will.
            job.withdrawn = not job.waiting.shield
            if not job.withdrawn:
                with anyio.move_on_after(SHIELD_SECONDS, shield=True):
                    await job.settled.wait()
            raise
        await job.settled.wait()

    async def run(self) -> None:
        """Commit until stopped, then what still waits. Not cancellable: `stop` ends it."""
        with anyio.CancelScope(shield=True):
            try:
                while self._waiting or not self._stopped:
                    await self._wake.wait()
                    self._wake = anyio.Event() if not self._stopped else self._wake
                    while group := self._take_group():
                        await self._commit(group)
            finally:
                self._stopped = True
                _close(self._waiting)
                await self._visit(self._transactions.disconnect)

    def stop(self) -> None:
        """Take no more units; `run` returns when the waiting ones are committed."""
        self._stopped = True
        self._wake.set()

    async def outside(self, statement: str) -> None:
        """Run one statement between two transactions, such as a checkpoint. Raises `ChanneldError`."""
        with self._clock.working():
            await self._visit(lambda: self._transactions.outside(statement))

    def _take_group(self) -> list[_Job]:
        group: list[_Job] = []
        while self._waiting and len(group) < GROUP_UNITS:
            job = self._waiting.popleft()
            if not job.withdrawn:
                job.take()
                group.append(job)
        return group

    async def _commit(self, group: list[_Job]) -> None:
        units = [job.unit for job in group]
        try:
            finished = await self._visit(lambda: self._transactions.commit(units))
        except BaseException:
            _close(group)
            raise
        self._tell(finished)
        for job, outcome in zip(group, finished.outcomes, strict=False):
            job.settle(outcome.result, outcome.error)
        # Those that had not begun come first in the next group.
        self._waiting.extendleft(reversed(group[len(finished.outcomes) :]))

    async def _visit(self, act: Callable[[], T]) -> T:
        """Run in the worker thread, one visitor at a time, to its end whatever is cancelled."""
        with anyio.CancelScope(shield=True):
            return await anyio.to_thread.run_sync(act, limiter=self._thread)
        raise AssertionError("a shield without a deadline swallows nothing")

    def _tell(self, finished: Finished) -> None:
        self._health.note((outcome.error for outcome in finished.outcomes), wrote=finished.wrote)
        if finished.changes:
            self._publish(finished.changes)

    def _publish(self, changes: Changes) -> None:
        try:
            self._on_commit(changes)
        except Exception:
            # What is committed stays so, and its callers must hear it.
            _log.exception("telling others of committed changes failed")


def _close(jobs: Iterable[_Job]) -> None:
    for job in jobs:
        job.settle(error=_closed())


def _closed() -> ChanneldError:
    return ChanneldError("store_closed", "The store is closed.", "The daemon is stopping; ask again later.")
