"""The one writer: units of work of all actors share transactions (group commit).

Each unit runs in a savepoint of its own, so one that fails takes no other with it. A caller gets its result
only after the COMMIT; when the COMMIT fails, all units of the group have failed. A unit that still waits can
be cancelled and is then never run; one that runs is shielded to its end, for five seconds at most.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import anyio
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from channeld.errors import ChanneldError
from channeld.runtime.clock import Clock
from channeld.store.failures import failed, foreseen
from channeld.store.unit import Changes, OnCommit, Unit

__all__ = ["GROUP_SECONDS", "GROUP_UNITS", "Writer"]

T = TypeVar("T")

GROUP_UNITS = 256
"""Units in one transaction, at most."""
GROUP_SECONDS = 0.05
"""No further unit joins a transaction that has run this long, so that nobody waits long for the commit."""
SHIELD_SECONDS = 5.0

_log = structlog.stdlib.get_logger(__name__)


class _Job:
    """One caller's unit, and what became of it."""

    def __init__(self, unit: Callable[[Unit], Any]) -> None:
        self.unit = unit
        self.taken = anyio.Event()
        self.settled = anyio.Event()
        self.withdrawn = False
        self.result: Any = None
        self.error: Exception | None = None

    def settle(self, error: Exception | None = None) -> None:
        self.error = self.error or error
        self.settled.set()


class _Lost(Exception):
    """SQLite ended the whole transaction by itself; the cause says why."""


class Writer:
    """Commits units of work, many at a time. `run` is its task; `write` is what callers await."""

    def __init__(self, engine: AsyncEngine, clock: Clock, on_commit: OnCommit) -> None:
        self._engine = engine
        self._clock = clock
        self._on_commit = on_commit
        self._connection: AsyncConnection | None = None
        self._waiting: deque[_Job] = deque()
        self._wake = anyio.Event()
        self._turn = anyio.Lock()
        self._stopped = False

    async def write(self, unit: Callable[[Unit], T]) -> T:
        """Run a unit of work and return its result once it is committed.

        Raises what the unit raised (nothing of it is then stored), or `ChanneldError` when the store failed.
        """
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
            await job.taken.wait()
        except BaseException:
            job.withdrawn = not job.taken.is_set()
            if not job.withdrawn:
                with anyio.move_on_after(SHIELD_SECONDS, shield=True):
                    await job.settled.wait()
            raise
        with anyio.move_on_after(SHIELD_SECONDS, shield=True):
            await job.settled.wait()
        await job.settled.wait()

    async def run(self) -> None:
        """Commit until stopped, then what still waits. Not cancellable: `stop` ends it."""
        with anyio.CancelScope(shield=True):
            try:
                while self._waiting or not self._stopped:
                    await self._wake.wait()
                    self._wake = anyio.Event() if not self._stopped else self._wake
                    while self._waiting:
                        await self._commit_group()
            finally:
                self._stopped = True
                _settle_all(self._waiting, _closed)
                await self._disconnect()

    def stop(self) -> None:
        """Take no more units; `run` returns when the waiting ones are committed."""
        self._stopped = True
        self._wake.set()

    async def outside(self, statement: str) -> None:
        """Run one statement between two transactions, such as a checkpoint. Raises `ChanneldError`."""
        with self._clock.working():
            async with self._turn:
                with anyio.CancelScope(shield=True):
                    try:
                        connection = await self._connected()
                        raw = await connection.get_raw_connection()
                        cursor = await raw.driver_connection.execute(statement)  # pyright: ignore[reportOptionalMemberAccess]  # it is aiosqlite's, and open
                        await cursor.close()
                    except Exception as error:
                        raise failed(error) from error

    async def _commit_group(self) -> None:
        group: list[_Job] = []
        async with self._turn:
            try:
                changes = await self._commit(group)
            except Exception as error:
                cause = error.__cause__ if isinstance(error, _Lost) and error.__cause__ else error
                await self._disconnect()
                self._fail(group, cause)
            except BaseException:
                _settle_all(group, _closed)
                raise
            else:
                self._publish(changes)
                _settle_all(group)

    async def _commit(self, group: list[_Job]) -> Changes:
        connection = await self._connected()
        async with connection.begin():
            return await connection.run_sync(self._run_units, group)

    def _run_units(self, connection: Connection, group: list[_Job]) -> Changes:
        changes: dict[str, set[Hashable]] = {}
        began = self._clock.monotonic()
        while self._waiting and len(group) < GROUP_UNITS and self._clock.monotonic() - began < GROUP_SECONDS:
            job = self._waiting.popleft()
            if job.withdrawn:
                continue
            job.taken.set()
            group.append(job)
            for topic, keys in _run_unit(connection, job).items():
                changes.setdefault(topic, set()).update(keys)
        return changes

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def _disconnect(self) -> None:
        """Give up the connection; the next group opens a new one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            await connection.invalidate()
            await connection.close()
        except Exception as error:
            _log.warning("a broken database connection could not be closed", error=type(error).__name__)

    def _fail(self, group: list[_Job], cause: BaseException) -> None:
        """Every unit that was taken has failed; when none was, those that waited when it began have."""
        if not group:
            group.extend(self._waiting)
            self._waiting.clear()
        for job in group:
            job.taken.set()
        _settle_all(group, lambda: failed(cause))

    def _publish(self, changes: Changes) -> None:
        if not changes:
            return
        try:
            self._on_commit(changes)
        except Exception:
            # What is committed stays so, and its callers must hear it.
            _log.exception("telling others of committed changes failed")


def _run_unit(connection: Connection, job: _Job) -> Changes:
    unit = Unit(connection)
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        job.result = job.unit(unit)
    except Exception as error:
        job.error = foreseen(error) or error
        _roll_back(connection, error)
        unit.changes.clear()
    connection.exec_driver_sql("RELEASE unit")
    return unit.changes


def _roll_back(connection: Connection, cause: Exception) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK TO unit")
    except DBAPIError:
        raise _Lost from cause


def _settle_all(jobs: Iterable[_Job], error: Callable[[], Exception] | None = None) -> None:
    for job in jobs:
        job.taken.set()
        job.settle(error() if error else None)


def _closed() -> ChanneldError:
    return ChanneldError("store_closed", "The store is closed.", "The daemon is stopping; ask again later.")
