"""Two engines on one file: a writer of one connection, and a few readers beside it (WAL)."""

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from channeld.store import one_hop

__all__ = ["READERS", "reader_engine", "writer_engine"]

READERS = 4

_COMMON: Mapping[str, str | int] = {
    "busy_timeout": 5000,
    "foreign_keys": "ON",
    "temp_store": "MEMORY",  # sorted personal rows must not reach a temporary file
    "cache_size": -16000,
}
_WRITER = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "recursive_triggers": "ON",  # so that REPLACE cannot get past the audit trail's triggers
    "journal_size_limit": 64 * 1024 * 1024,
}
_READER = {"query_only": "ON"}


def writer_engine(path: Path) -> AsyncEngine:
    """One connection; every transaction begins with the write lock, so none fails half-way for want of it."""
    return _engine(path, 1, {**_WRITER, **_COMMON}, "BEGIN IMMEDIATE")


def reader_engine(path: Path) -> AsyncEngine:
    """Connections that cannot write; all statements of one read see the same state of the book."""
    return _engine(path, READERS, {**_COMMON, **_READER}, "BEGIN")


def _engine(path: Path, size: int, pragmas: Mapping[str, str | int], begin: str) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # they hold personal data
        connect_args={"isolation_level": None},  # sqlite3 must not begin transactions by itself
    )
    event.listen(engine.sync_engine, "do_connect", one_hop.connect)
    event.listen(engine.sync_engine, "connect", _setting(pragmas))
    event.listen(engine.sync_engine, "begin", _beginning(begin))
    return engine


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
