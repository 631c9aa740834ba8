"""The engines on one file: a writer of one connection, a few readers beside it (WAL), a look from outside.

They are plain engines, used in worker threads: a whole group of units is one visit there, and so is a read,
where `aiosqlite` makes four visits a statement, and each waits for the lock of the interpreter twice.
"""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool

from channeld.store.lost import tell_of_lost_transactions

__all__ = ["READERS", "looking_engine", "reader_engine", "writer_engine"]

READERS = 4

_COMMON: Mapping[str, str | int] = {
    "busy_timeout": 5000,
    "foreign_keys": "ON",
    "temp_store": "MEMORY",  # sorted personal rows must not reach a temporary file
}
_WRITER = {
    "cache_size": -16000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "recursive_triggers": "ON",  # so that REPLACE cannot get past the audit trail's triggers
    "journal_size_limit": 64 * 1024 * 1024,
}
_READER = {"cache_size": -4000, "query_only": "ON"}
_CONNECT = {"isolation_level": None}
"""sqlite3 must not begin transactions by itself."""


def writer_engine(path: Path) -> Engine:
    """One connection; every transaction begins with the write lock, so none fails half-way for want of it."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True, connect_args=_CONNECT)
    tell_of_lost_transactions(engine)
    _prepare(engine, {**_WRITER, **_COMMON}, "BEGIN IMMEDIATE")
    return engine


def reader_engine(path: Path) -> Engine:
    """Connections that cannot write; all statements of one read see the same state of the book."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url, pool_size=READERS, max_overflow=0, hide_parameters=True, connect_args=_CONNECT
    )
    _prepare(engine, {**_COMMON, **_READER}, "BEGIN")
    return engine


def looking_engine(uri: str) -> Engine:
    """A connection from outside, to a database that a daemon may have open; `uri` says how it is opened."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False),
        poolclass=NullPool,
        hide_parameters=True,
    )
    _prepare(engine, {**_COMMON, **_READER}, "BEGIN")
    return engine


def _prepare(engine: Engine, pragmas: Mapping[str, str | int], begin: str) -> None:
    event.listen(engine, "connect", _setting(pragmas))
    event.listen(engine, "begin", _beginning(begin))


def _setting(pragmas: Mapping[str, str | int]) -> Callable[[DBAPIConnection, object], None]:
    def on_connect(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        try:
            for name, value in pragmas.items():
                cursor.execute(f"PRAGMA {name} = {value}")
        finally:
            cursor.close()

    return on_connect


def _beginning(statement: str) -> Callable[[Connection], None]:
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return on_begin
