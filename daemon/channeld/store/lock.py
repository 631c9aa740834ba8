"""One daemon a database: a lock file beside it, held as long as the process lives.

The kernel releases the lock with the process, so nothing stays behind after `kill -9`; the file itself may
stay and means nothing.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from channeld.errors import ChanneldError
from channeld.store.files import give_to_owner_of

__all__ = ["held_lock", "holder", "lock_path"]

LOCKS = Path("/proc/locks")
"""Linux: every lock that is held, with its file's inode."""


def lock_path(database: Path) -> Path:
    """The lock file of a database."""
    return database.with_name(database.name + ".lock")


@contextmanager
def held_lock(database: Path) -> Generator[None]:
    """Hold the lock of a database. Raises `ChanneldError`: `database_in_use`, `database_read_only`."""
    handle = _opened(lock_path(database))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _in_use(database, handle) from None
        with suppress(OSError):  # who holds it is a courtesy, for which a full disk has no room
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(database: Path) -> str:
    """The process that holds the lock, as its number; empty if none does, or nobody can tell.

    Looks without touching the lock: a daemon that starts at this moment must not find it taken.
    """
    path = lock_path(database)
    try:
        inode = path.stat().st_ino
        held = any(line.split()[5].endswith(f":{inode}") for line in LOCKS.read_text().splitlines())
        return path.read_text().strip() if held else ""
    except (OSError, IndexError):
        return ""


def _opened(path: Path) -> int:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        give_to_owner_of(path.parent, handle)
    except OSError as error:
        raise ChanneldError(
            "database_read_only",
            f"The lock file {path} cannot be made: {error.strerror}.",
            "Let the daemon's user own the directory of the database.",
        ) from None
    return handle


def _in_use(database: Path, handle: int) -> ChanneldError:
    text = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
    holder = f" (process {text})" if text.isdigit() else ""
    return ChanneldError(
        "database_in_use",
        f"{database} is in use by another channeld{holder}.",
        "Stop the other daemon, or give this one a database of its own.",
    )
