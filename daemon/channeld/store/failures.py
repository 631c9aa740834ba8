"""SQLite's failures in words that a person can act on.

    disk_full            SQLITE_FULL
    database_locked      SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: another program holds the file
    database_read_only   SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN
    database_damaged     SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT
    database_failed      everything else, such as SQLITE_IOERR
    database_gone        the file is no longer where it was opened (see `files.OpenFiles`)

Violated constraints and mistakes in a statement are not failures of the store: they pass through.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from channeld.errors import ChanneldError

__all__ = ["StoreFailure", "explained", "failed", "foreseen"]


class StoreFailure(ChanneldError):
    """The database cannot be used as it must be, whatever it was wanted for."""


class _Failure(NamedTuple):
    code: str
    message: str
    hint: str


_FULL = _Failure(
    "disk_full",
    "The disk with the database is full",
    "Free some space there; work then goes on by itself, and nothing that was confirmed is lost.",
)
_LOCKED = _Failure(
    "database_locked",
    "Another program holds the database",
    "Close it (a shell on the file, a copy tool; `fuser -v` on it names it); work then goes on by itself.",
)
_READ_ONLY = _Failure(
    "database_read_only",
    "The database may not be written",
    "Check owner and mode of the file and its directory, and that the disk is not mounted read-only; work"
    " then goes on by itself.",
)
_DAMAGED = _Failure(
    "database_damaged",
    "The file is no database, or it is damaged",
    "Check the path; if it is right, stop the daemon and put the last backup in its place.",
)
_FAILED = _Failure(
    "database_failed",
    "The database could not be used",
    "Check the disk, the limits of the service and the system's log; work then goes on by itself.",
)

_BY_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FORMAT: _DAMAGED,
}
_NOT_OURS = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_RANGE,
    sqlite3.SQLITE_TOOBIG,
}
"""Violated constraints and mistakes in a statement: whoever wrote it must see them as they are."""


def foreseen(error: BaseException) -> StoreFailure | None:
    """The failure in words; None when the error is not the store's but the unit's own."""
    if isinstance(error, StoreFailure):
        return error
    if not isinstance(error, (DBAPIError, sqlite3.Error)) or _primary(error) in _NOT_OURS:
        return None
    return failed(error)


def failed(error: BaseException, path: Path | None = None) -> StoreFailure:
    """Whatever ended a transaction, in words. A new error each time: several callers may raise it."""
    if isinstance(error, StoreFailure):
        return StoreFailure(error.code, error.message, error.hint)
    failure = _BY_CODE.get(_primary(error), _FAILED)
    original = _original(error)
    name = getattr(original, "sqlite_errorname", type(original).__name__)
    where = f" at {path}" if path else ""
    explained_error = StoreFailure(failure.code, f"{failure.message}{where} ({name}).", failure.hint)
    explained_error.__cause__ = error
    return explained_error


def _primary(error: BaseException) -> int:
    """SQLite's primary result code; that of a mistake in the program when there is none."""
    code = getattr(_original(error), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else sqlite3.SQLITE_ERROR


def _original(error: BaseException) -> BaseException | None:
    """The driver's own error: some statements go past SQLAlchemy, which wraps it."""
    return error.orig if isinstance(error, DBAPIError) else error


@contextmanager
def explained(path: Path | None = None) -> Generator[None]:
    """Turn SQLite's failures inside the block into `StoreFailure`, which names the file."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if foreseen(error) is None:
            raise
        raise failed(error, path) from error
