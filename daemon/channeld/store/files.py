"""The database's file and directory: made for the daemon's user alone."""

import os
from pathlib import Path

from channeld.errors import ChanneldError

__all__ = ["prepare_directory", "prepare_file"]


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


def prepare_file(path: Path) -> None:
    """Make the file (mode 0600), and its directory (0700) when only that is missing.

    SQLite gives its `-wal` and `-shm` files the mode of the database. Raises `ChanneldError` with the code
    `database_directory_missing`, `database_read_only` or `database_damaged`.
    """
    prepare_directory(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise _unusable("database_read_only", f"{path} cannot be written: {error.strerror}.") from None


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
