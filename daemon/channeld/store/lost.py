"""When SQLite ends a transaction by itself: a full disk may make it, in the middle of a unit of work.

What a unit did afterwards would be outside of any transaction, and so be stored at once and piecemeal. So
from then on every error of that transaction is the failure that ended it, which nobody mistakes for an error
of his own and goes on: not a savepoint that is gone, nor an order that cannot be booked.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import ExceptionContext

from channeld.store.failures import failed, foreseen

__all__ = ["tell_of_lost_transactions"]

_LOST = "lost"


def tell_of_lost_transactions(engine: Engine) -> None:
    """Turn every error of a transaction that is gone into the `StoreFailure` that ended it."""
    event.listen(engine, "handle_error", _on_error)
    event.listen(engine, "begin", _on_begin)


def _on_begin(connection: Connection) -> None:
    connection.info.pop(_LOST, None)


def _on_error(context: ExceptionContext) -> None:
    connection = context.connection
    if connection is None or connection.closed or connection.invalidated:
        return
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection) or driver.in_transaction:
        return
    error, lost = context.original_exception, connection.info.get(_LOST)
    if lost is None and foreseen(error):
        lost = connection.info[_LOST] = failed(error, Path(connection.engine.url.database or ""))
    if lost is not None:
        raise failed(lost) from error
