"""Looking at a database from outside, with or without a daemon that uses it: nothing in it is changed.

A connection of its own that cannot write. Beside a daemon it reads the write-ahead log too; without a log the
file alone is read, so that not even a helper file comes to be.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, Table, func, select

from channeld.store import tables
from channeld.store.engine import looking_engine
from channeld.store.failures import explained

__all__ = ["Contents", "contents", "damage", "has_log", "looking", "uri"]

TOLD = 3
"""Problems of a damaged database that are told; the first says enough."""


class Contents(NamedTuple):
    """How much there is."""

    accounts: int
    channels: int
    orders: int
    audit_entries: int


@contextmanager
def looking(database: Path) -> Generator[Connection]:
    """A connection that reads one state of the database. Blocks.

    Raises `ChanneldError`: `database_damaged`, `database_locked` or another failure of the store.
    """
    mode = "mode=ro" if has_log(database) else "immutable=1"
    engine = looking_engine(uri(database, mode))
    try:
        with explained(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def uri(database: Path, mode: str) -> str:
    """The database for `looking_engine`."""
    return f"file:{quote(str(database.absolute()))}?{mode}"


def has_log(database: Path) -> bool:
    """Whether there is a write-ahead log: a daemon has the database open, or was killed."""
    return database.with_name(database.name + "-wal").exists()


def contents(connection: Connection) -> Contents:
    """How much there is in it."""
    return Contents(
        accounts=_count(connection, tables.accounts),
        channels=_count(connection, tables.channels),
        orders=_count(connection, tables.orders),
        audit_entries=_count(connection, tables.audit),
    )


def damage(connection: Connection, *, thorough: bool = False) -> list[str]:
    """What is wrong with the file, in SQLite's words. `thorough` compares indexes with tables too."""
    check = "integrity_check" if thorough else "quick_check"
    found = connection.exec_driver_sql(f"PRAGMA {check}({TOLD})").scalars().all()
    problems = [str(problem) for problem in found if problem != "ok"]
    return problems or [_broken(row) for row in _dangling(connection)]


def _dangling(connection: Connection) -> list[tuple[Any, ...]]:
    cursor = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [tuple(row) for row in cursor.fetchmany(TOLD)]


def _broken(row: tuple[Any, ...]) -> str:
    table, number, parent, _ = row
    return f"row {number} of {table} refers to a row of {parent} that does not exist"


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
