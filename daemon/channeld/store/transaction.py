"""The writer's side in its worker thread: one connection, and one transaction for a whole group of units.

Each unit of a group runs in a savepoint of its own, so one that fails takes no other with it; a unit that is
alone needs none. Nothing here knows of the loop.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from channeld.runtime.clock import Clock
from channeld.store.failures import failed, foreseen
from channeld.store.unit import Changes, Unit

__all__ = ["GROUP_SECONDS", "Committed", "Outcome", "Transactions"]

GROUP_SECONDS = 0.05
"""No further unit joins a transaction that has run this long, so that nobody waits long for the commit."""

_log = structlog.stdlib.get_logger(__name__)


class Outcome(msgspec.Struct, frozen=True):
    """What became of one unit."""

    result: Any = None
    error: Exception | None = None


class Committed(msgspec.Struct, frozen=True):
    """A transaction that is on disk."""

    outcomes: Sequence[Outcome]
    """One a unit, in their order; fewer than were given when the time was up."""
    changes: Changes


class _Lost(Exception):
    """SQLite ended the whole transaction by itself; the cause says why."""


class Transactions:
    """The writing connection. Its methods block, and are called by one thread at a time."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._connection: Connection | None = None

    def commit(self, units: Sequence[Callable[[Unit], Any]]) -> Committed:
        """Run these units, all of them or as many as the time allows, in one transaction.

        Raises `ChanneldError` when it could not be committed: nothing of any unit is then stored.
        """
        try:
            return self._alone(units[0]) if len(units) == 1 else self._together(units)
        except Exception as error:
            self.disconnect()
            raise failed(error.__cause__ if isinstance(error, _Lost) and error.__cause__ else error) from error

    def outside(self, statement: str) -> None:
        """Run one statement between two transactions. Raises `ChanneldError`."""
        try:
            cursor = self._connected().connection.cursor()
            cursor.execute(statement)
            cursor.close()
        except Exception as error:
            raise failed(error) from error

    def disconnect(self) -> None:
        """Give up the connection; the next transaction opens a new one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.invalidate()
            connection.close()
        except Exception as error:
            _log.warning("a broken database connection could not be closed", error=type(error).__name__)

    def _alone(self, run: Callable[[Unit], Any]) -> Committed:
        connection = self._connected()
        unit = Unit(connection)
        transaction = connection.begin()
        try:
            outcome = Outcome(run(unit))
        except Exception as error:
            transaction.rollback()
            return Committed([Outcome(error=foreseen(error) or error)], {})
        transaction.commit()
        return Committed([outcome], unit.changes)

    def _together(self, units: Sequence[Callable[[Unit], Any]]) -> Committed:
        outcomes: list[Outcome] = []
        changes: dict[str, set[Hashable]] = {}
        connection = self._connected()
        with connection.begin():
            began = self._clock.monotonic()
            for run in units:
                unit = Unit(connection)
                outcomes.append(_in_savepoint(unit, run))
                for topic, keys in unit.changes.items():
                    changes.setdefault(topic, set()).update(keys)
                if self._clock.monotonic() - began >= GROUP_SECONDS:
                    break
        return Committed(outcomes, changes)

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection


def _in_savepoint(unit: Unit, run: Callable[[Unit], Any]) -> Outcome:
    unit.connection.exec_driver_sql("SAVEPOINT unit")
    try:
        outcome = Outcome(run(unit))
    except Exception as error:
        outcome = Outcome(error=foreseen(error) or error)
        _roll_back(unit, error)
    unit.connection.exec_driver_sql("RELEASE unit")
    return outcome


def _roll_back(unit: Unit, cause: Exception) -> None:
    unit.changes.clear()
    try:
        unit.connection.exec_driver_sql("ROLLBACK TO unit")
    except DBAPIError:
        raise _Lost from cause
