"""A copy of the database, made beside a running daemon (`VACUUM INTO`): compact and looked through."""

import os
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from channeld.errors import ChanneldError
from channeld.store.engine import looking_engine
from channeld.store.failures import explained
from channeld.store.files import beside, publish
from channeld.store.looking import Contents, contents, damage, looking, uri

__all__ = ["Backup", "back_up"]


class Backup(NamedTuple):
    """What was copied."""

    bytes: int
    contents: Contents


def back_up(database: Path, target: Path) -> Backup:
    """Copy the database to a new file (mode 0600), which appears only when it is whole and on disk.

    Blocks. Raises `ChanneldError`: `no_database`, `backup_exists`, `backup_failed`, `backup_damaged`, or a
    failure of the store.
    """
    if not database.is_file():
        raise ChanneldError(
            "no_database", f"There is no database at {database}.", "Name it with --database or --config."
        )
    try:
        if target.exists():
            raise FileExistsError
        with beside(target) as part:
            _copy(database, part)
            backup = _looked_through(part)
            _sync(part)
            publish(part, target)
    except FileExistsError:
        raise ChanneldError(
            "backup_exists", f"{target} exists, and is left as it is.", "Give each backup a name of its own."
        ) from None
    except OSError as error:
        raise _not_written(target, error.strerror or type(error).__name__) from None
    return backup


def _copy(database: Path, part: Path) -> None:
    """Always by way of the log: a daemon may start while this goes on."""
    engine = looking_engine(uri(database, "mode=ro"))
    try:
        with explained(), engine.connect() as connection, closing(connection.connection.cursor()) as cursor:
            cursor.execute("PRAGMA query_only = OFF")  # a copy counts as writing
            cursor.execute("VACUUM INTO ?", (str(part),))
    except ChanneldError as error:
        if error.code == "disk_full":
            raise _not_written(part, "the disk is full") from None
        raise
    finally:
        engine.dispose()


def _looked_through(part: Path) -> Backup:
    with looking(part) as connection:
        if problems := damage(connection):
            raise ChanneldError(
                "backup_damaged",
                f"The copy is damaged, and so is the database it seems: {problems[0]}.",
                "Keep the last good backup, and run `channeld check --thorough`.",
            )
        return Backup(part.stat().st_size, contents(connection))


def _sync(part: Path) -> None:
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_written(target: Path, why: str) -> ChanneldError:
    return ChanneldError(
        "backup_failed",
        f"The backup could not be written to {target.parent}: {why}.",
        "Check the directory, its owner and the space on its disk.",
    )
