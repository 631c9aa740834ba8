"""Whether the database's files are still those that were opened.

SQLite notices neither that the file was moved away or replaced, nor that its log was removed: it goes on
writing into files that have no name any more, and all of it is gone with the process.
"""

import os
from pathlib import Path

from channeld.store.failures import StoreFailure

__all__ = ["OpenFiles"]

_Identity = tuple[int, int]


class OpenFiles:
    """The database and its write-ahead log, by device and inode. Two system calls a look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = path.with_name(path.name + "-wal")
        self._database_was = _identity(path)
        self._log_was: _Identity | None = None
        self._log_is_lost = False

    def note_log(self) -> None:
        """The log is open: SQLite makes it with the first transaction of a connection."""
        self._log_was = self._log_was or _identity(self._log)

    def forget_log(self) -> None:
        """The connection is closed; the last one to be closed removes the log."""
        self._log_was = None

    def check(self) -> None:
        """Raises `StoreFailure("database_gone")`."""
        if _identity(self.path) != self._database_was:
            raise _gone(self.path)
        if self._log_was is not None and _identity(self._log) != self._log_was:
            self._log_is_lost = True  # for good: readers hold the old one, and a new one would not be theirs
        if self._log_is_lost:
            raise _gone(self._log)


def _identity(path: Path) -> _Identity | None:
    try:
        found = os.stat(path)  # noqa: PTH116 (twice a transaction; a third of the price of a Path's)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _gone(path: Path) -> StoreFailure:
    return StoreFailure(
        "database_gone",
        f"{path} was moved, removed or replaced while channeld had it open; nothing more is stored.",
        "Put it back under its name; if that cannot be, put a backup there. Then restart channeld.",
    )
