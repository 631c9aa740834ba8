"""Emptying the write-ahead log, so that what was overwritten or removed is gone from disk."""

from sqlalchemy import Connection

__all__ = ["empty_log"]


def empty_log(connection: Connection) -> bool:
    """Move the whole log into the database and cut it to nothing; False when a reader keeps some of it.

    Must not be called inside a transaction. Blocks, as long as readers do, for `busy_timeout` at most.
    """
    cursor = connection.connection.cursor()  # past SQLAlchemy, which would begin a transaction
    try:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchall()[0]
        return busy == 0
    finally:
        cursor.close()
