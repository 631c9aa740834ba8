"""The database's file and directory: made for the daemon's user alone."""

import errno
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from channeld.errors import ChanneldError

__all__ = [
    "beside",
    "check_path",
    "give_to_owner_of",
    "prepare_directory",
    "prepare_file",
    "publish",
    "put_private",
]

SMALLEST = 512
"""Bytes of the smallest page. SQLite takes a smaller file for an empty one, and begins a new database."""


def prepare_directory(path: Path, *, parents: bool = False) -> None:
    """Make the database's directory (mode 0700), and refuse a path at which no database can be.

    Parents are made only for the daemon's own default: a mistyped path would otherwise start an empty book
    in the wrong place. Raises as `prepare_file`.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=parents, exist_ok=True)
        problem = _in_the_way(path)
    except FileNotFoundError:
        raise _missing(path) from None
    except (FileExistsError, NotADirectoryError):
        raise _unusable("database_directory_missing", f"{path.parent} is not a directory.") from None
    except OSError as error:
        raise _unusable("database_read_only", f"{path.parent} cannot be used: {error.strerror}.") from None
    if problem:
        raise _unusable("database_damaged", f"{path} is {problem}, not a database.")


def check_path(path: Path) -> None:
    """Refuse a path at which `prepare_file` can make no database. Makes nothing. Raises as it does."""
    if not path.parent.parent.exists():
        raise _missing(path)
    if path.parent.exists() and not path.parent.is_dir():
        raise _unusable("database_directory_missing", f"{path.parent} is not a directory.")
    if problem := _in_the_way(path):
        raise _unusable("database_damaged", f"{path} is {problem}, not a database.")


def prepare_file(path: Path) -> None:
    """Make the file (mode 0600), and its directory (0700) when only that is missing.

    SQLite gives its `-wal` and `-shm` files the mode of the database. Raises `ChanneldError` with the code
    `database_directory_missing`, `database_read_only` or `database_damaged`.
    """
    prepare_directory(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
        size = path.stat().st_size
    except OSError as error:
        raise _unusable("database_read_only", f"{path} cannot be written: {error.strerror}.") from None
    if 0 < size < SMALLEST:
        raise ChanneldError(
            "database_damaged",
            f"{path} has {size} bytes, which is less than any database has.",
            "Check the path; if it is right, put the last backup in its place.",
        )


def put_private(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file (mode 0600); after a crash it is whole or not there, or has what it had before.

    Made by root, it belongs to the owner of its directory. Raises `OSError`; `FileExistsError` unless it may
    replace what is there.
    """
    with beside(path) as part:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            give_to_owner_of(path.parent, file.fileno())
            os.fsync(file.fileno())
        publish(part, path, replace=replace)


@contextmanager
def beside(path: Path) -> Generator[Path]:
    """An empty file (mode 0600) in its directory that becomes `path` when it is whole. Raises `OSError`."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def publish(part: Path, path: Path, *, replace: bool = False) -> None:
    """Give a file that is on disk its name, which then survives a power cut. Raises as `put_private`."""
    if replace:
        part.replace(path)
    else:
        _link(part, path)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(part: Path, path: Path) -> None:
    """A rename would take the place of a file that came meanwhile; not every file system can link."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        part.rename(path)


def give_to_owner_of(directory: Path, handle: int) -> None:
    """What root makes beside the service's files must be the service's. Raises `OSError`."""
    if os.geteuid() == 0:
        owner = directory.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


def _in_the_way(path: Path) -> str:
    """What is at the path instead of a file, in words; empty for a file or nothing."""
    if path.is_dir():
        return "a directory"
    return "a device, a pipe or a socket" if path.exists() and not path.is_file() else ""


def _missing(path: Path) -> ChanneldError:
    return _unusable("database_directory_missing", f"The directory for {path.parent} does not exist.")


def _unusable(code: str, message: str) -> ChanneldError:
    return ChanneldError(
        code,
        message,
        "Check the path, and that the daemon's user owns the directory; make it if it is missing.",
    )
