"""The database's file and directory: made for the daemon's user alone."""

import os
from pathlib import Path

from channeld.errors import ChanneldError

__all__ = ["prepare_file"]


def prepare_file(path: Path) -> None:
    """Make the file (mode 0600), and its directory (0700) when only that is missing.

    SQLite gives its `-wal` and `-shm` files the mode of the database. Parents are not made: a mistyped path
    would otherwise start an empty book in the wrong place. Raises `ChanneldError` with the code
    `database_directory_missing`, `database_read_only` or `database_damaged`.
    """
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError:
        raise _missing(path) from None
    except FileExistsError:
        raise _unusable("database_directory_missing", f"{path.parent} is not a directory.") from None
    except OSError as error:
        raise _unusable("database_read_only", f"{path.parent} cannot be made: {error.strerror}.") from None
    if path.is_dir():
        raise _unusable("database_damaged", f"{path} is a directory, not a database.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise _unusable("database_read_only", f"{path} cannot be written: {error.strerror}.") from None


def _missing(path: Path) -> ChanneldError:
    return _unusable("database_directory_missing", f"The directory for {path.parent} does not exist.")


def _unusable(code: str, message: str) -> ChanneldError:
    return ChanneldError(
        code,
        message,
        "Check the path, and that the daemon's user owns the directory; make it if it is missing.",
    )
