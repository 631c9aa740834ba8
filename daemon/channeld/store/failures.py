"""SQLite's failures in words that a person can act on.

    disk_full            SQLITE_FULL
    database_locked      SQLITE_BUSY, SQLITE_LOCKED: another program holds the file
    database_read_only   SQLITE_READONLY, SQLITE_PERM
    database_damaged     SQLITE_CORRUPT, SQLITE_NOTADB
    database_failed      everything else, such as SQLITE_IOERR

Violated constraints and mistakes in a statement are not failures of the store: they pass through.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from channeld.errors import ChanneldError

__all__ = ["explained", "failed", "foreseen"]


class _Failure(NamedTuple):
    code: str
    message: str
    hint: str


_FULL = _Failure("disk_full", "The disk with the database is full.", "Free some space; work then goes on.")
_LOCKED = _Failure(
    "database_locked",
    "Another program holds the database.",
    "Close it (a shell on the file, a copy tool); work then goes on.",
)
_READ_ONLY = _Failure(
    "database_read_only",
    "The database may not be written.",
    "Check owner and mode of the file and its directory, and that the disk is not mounted read-only.",
)
_DAMAGED = _Failure(
    "database_damaged",
    "The file is no database, or it is damaged.",
    "Check the path; if it is right, stop the daemon and put the last backup in its place.",
)
_FAILED = _Failure(
    "database_failed",
    "The database could not be used.",
    "Check the disk and the system's log; work then goes on.",
)

_BY_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
_NOT_OURS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_MISUSE}
"""Violated constraints and mistakes in a statement: whoever wrote it must see them as they are."""


def foreseen(error: Exception) -> ChanneldError | None:
    """The failure in words; None when the error is not the store's but the unit's own."""
    if not isinstance(error, DBAPIError) or _primary(error) in _NOT_OURS:
        return None
    return failed(error)


def failed(error: BaseException) -> ChanneldError:
    """Whatever ended a transaction, in words. A new error each time: several callers may raise it."""
    failure = _BY_CODE.get(_primary(error), _FAILED)
    original = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(original, "sqlite_errorname", type(original).__name__)
    explained_error = ChanneldError(failure.code, f"{failure.message} ({name})", failure.hint)
    explained_error.__cause__ = error
    return explained_error


def _primary(error: BaseException) -> int:
    """SQLite's primary result code; that of a mistake in the program when there is none."""
    code = getattr(error.orig, "sqlite_errorcode", None) if isinstance(error, DBAPIError) else None
    return code & 0xFF if isinstance(code, int) else sqlite3.SQLITE_ERROR


@contextmanager
def explained() -> Generator[None]:
    """Turn SQLite's failures inside the block into `ChanneldError`."""
    try:
        yield
    except DBAPIError as error:
        known = foreseen(error)
        if known is None:
            raise
        raise known from error
