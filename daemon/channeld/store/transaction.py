"""The writer's side in its worker thread: one connection, and one transaction for a whole group of units.

Each unit of a group runs in a savepoint of its own, so one that fails takes no other with it; a unit that is
alone needs none. Nothing here knows of the loop.
"""

import sqlite3
from collections.abc import Callable, Hashable, Sequence
from contextlib import closing, suppress
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from channeld.runtime.clock import Clock
from channeld.store.checkpoint import empty_log
from channeld.store.failures import StoreFailure, failed, foreseen
from channeld.store.open_files import OpenFiles
from channeld.store.unit import Changes, Unit

__all__ = ["GROUP_SECONDS", "Finished", "Outcome", "Transactions"]

GROUP_SECONDS = 0.05
"""No further unit joins a transaction that has run this long, so that nobody waits long for the commit."""

_log = structlog.stdlib.get_logger(__name__)


class Outcome(msgspec.Struct, frozen=True):
    """What became of one unit."""

    result: Any = None
    error: Exception | None = None


class Finished(msgspec.Struct, frozen=True):
    """A transaction that is on disk, or has failed."""

    outcomes: Sequence[Outcome]
    """One a unit, in their order; fewer than were given when the time was up or the transaction failed."""
    changes: Changes
    wrote: bool = False
    """Whether anything came to disk."""


class _Lost(Exception):
    """SQLite ended the whole transaction by itself; the cause says why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


class Transactions:
    """The writing connection. Its methods block, and are called by one thread at a time."""

    def __init__(self, engine: Engine, clock: Clock, files: OpenFiles) -> None:
        self._engine = engine
        self._clock = clock
        self._files = files
        self._connection: Connection | None = None

    def commit(self, units: Sequence[Callable[[Unit], Any]]) -> Finished:
        """Run these units, all of them or as many as the time allows, in one transaction.

        When it cannot be committed, nothing of any unit is stored: each that had begun, or all of them when
        none had, ends with an error of its own or a `ChanneldError`.
        """
        outcomes: list[Outcome] = []
        try:
            before = self._rows_written()
            changes = self._alone(units[0], outcomes) if len(units) == 1 else self._together(units, outcomes)
            self._files.note_log()
            return Finished(outcomes, changes, wrote=self._rows_written() > before)
        except Exception as error:
            self.disconnect()
            cause = error.cause if isinstance(error, _Lost) else error
            begun = outcomes or [Outcome()] * len(units)
            return Finished([Outcome(error=each.error or self._failed(cause)) for each in begun], {})

    def outside(self, statement: str) -> None:
        """Run one statement between two transactions. Raises `ChanneldError`."""
        try:
            cursor = self._connected().connection.cursor()
            cursor.execute(statement)
            cursor.close()
        except Exception as error:
            raise self._failed(error) from error

    def disconnect(self) -> None:
        """Give up the connection; the next transaction opens a new one."""
        connection, self._connection = self._connection, None
        self._files.forget_log()
        if connection is None:
            return
        try:
            connection.invalidate()
            connection.close()
        except Exception as error:
            _log.warning("a broken database connection could not be closed", error=type(error).__name__)

    def _alone(self, run: Callable[[Unit], Any], outcomes: list[Outcome]) -> Changes:
        connection = self._connected()
        unit = Unit(connection)
        transaction = connection.begin()
        outcomes.append(Outcome())
        try:
            outcomes[0] = Outcome(run(unit))
        except Exception as error:
            transaction.rollback()
            outcomes[0] = Outcome(error=self._explained(error))
            return {}
        transaction.commit()
        return unit.changes

    def _together(self, units: Sequence[Callable[[Unit], Any]], outcomes: list[Outcome]) -> Changes:
        changes: dict[str, set[Hashable]] = {}
        connection = self._connected()
        with connection.begin(), closing(connection.connection.cursor()) as savepoints:
            began = self._clock.monotonic()
            for run in units:
                unit = Unit(connection)
                outcomes.append(Outcome())
                outcomes[-1] = self._in_savepoint(unit, run, savepoints)
                for topic, keys in unit.changes.items():
                    changes.setdefault(topic, set()).update(keys)
                if self._clock.monotonic() - began >= GROUP_SECONDS:
                    break
        return changes

    def _in_savepoint(self, unit: Unit, run: Callable[[Unit], Any], savepoints: DBAPICursor) -> Outcome:
        """Savepoints go to the driver as they are: two of SQLAlchemy's would cost a third."""
        savepoints.execute("SAVEPOINT unit")
        try:
            outcome = Outcome(run(unit))
        except Exception as error:
            unit.changes.clear()
            _roll_back(savepoints, error)
            outcome = Outcome(error=self._explained(error))
        savepoints.execute("RELEASE unit")
        return outcome

    def _connected(self) -> Connection:
        """Raises `StoreFailure("database_gone")` rather than write where nobody will find it."""
        try:
            self._files.check()
        except StoreFailure:
            self._empty_log()
            raise
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _empty_log(self) -> None:
        """What was promised is then in the database, wherever that is now, also if the process is killed."""
        if self._connection is not None:
            with suppress(sqlite3.Error, DBAPIError):
                empty_log(self._connection)

    def _rows_written(self) -> int:
        """Rows that this connection has changed so far, also those that were rolled back."""
        connection = self._connected().connection.driver_connection
        return connection.total_changes if isinstance(connection, sqlite3.Connection) else 0

    def _explained(self, error: Exception) -> Exception:
        return self._failed(error) if foreseen(error) else error

    def _failed(self, cause: BaseException) -> StoreFailure:
        return failed(cause, self._files.path)


def _roll_back(savepoints: DBAPICursor, cause: Exception) -> None:
    try:
        savepoints.execute("ROLLBACK TO unit")
    except sqlite3.Error:
        raise _Lost(cause) from cause
