"""A statement costs one visit to the database's thread instead of four.

SQLAlchemy's cursor for aiosqlite visits that thread to open, execute, fetch and close, and each visit costs a
switch of threads and a turn of the loop. All results here are read whole anyway, so one visit does it all.

It leans on two names that aiosqlite does not publish (`_execute`, `_conn`), as SQLAlchemy's own adapter does;
both versions are pinned.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.engine import Dialect
from sqlalchemy.util.concurrency import await_

__all__ = ["connect"]


class _Done:
    """What is left of a driver's cursor when everything was read; closing it costs nothing."""

    def __init__(self, cursor: sqlite3.Cursor | None = None) -> None:
        self.description = cursor.description if cursor else None
        self.rowcount = cursor.rowcount if cursor else -1
        self.lastrowid = cursor.lastrowid if cursor else None
        self.arraysize = 1

    async def close(self) -> None:
        """It is closed already."""


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection: Any = adapt_connection.driver_connection
        self._cursor: Any = _Done()
        self._soft_closed_memoized = {}
        self._rows = deque()

    def execute(self, operation: str, parameters: Any = None) -> None:
        self._visit(lambda cursor: cursor.execute(operation, parameters or ()))

    def executemany(self, operation: str, seq_of_parameters: Any) -> None:
        self._visit(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    def _visit(self, act: Callable[[sqlite3.Cursor], object]) -> None:
        def visit() -> tuple[_Done, list[Any]]:
            cursor: sqlite3.Cursor = self._connection._conn.cursor()
            try:
                act(cursor)
                rows = cursor.fetchall() if cursor.description else []
                return _Done(cursor), rows
            finally:
                cursor.close()

        self._cursor, rows = await_(self._connection._execute(visit))
        self._rows = deque(rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


def connect(dialect: Dialect, _record: object, args: list[Any], options: dict[str, Any]) -> _Connection:
    """Answers the engine's `do_connect` event."""
    usual: Any = dialect.connect(*args, **options)
    return _Connection(usual.dbapi, usual.driver_connection)
