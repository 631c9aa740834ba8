"""Replacing the key: what is done in which order, so that a process may die after any step.

    1. With `--new-key-file` the new key is put there first, else it is only in memory.
    2. One transaction lets both keys open the database (`rotation.begin`).
    3. Without `--new-key-file` the key file beside the database gets the new key, by a rename.
    4. Everything is sealed anew; the last transaction makes the old key worthless (`rotation.settle`).

Whoever comes next, this command or the daemon, ends what was begun in favour of the key that it is given.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from channeld.errors import ChanneldError
from channeld.store import rotation
from channeld.store.engine import writer_engine
from channeld.store.keys import FoundKey, find_key, key_path, new_key, put_key_file, read_key_file
from channeld.store.lock import held_lock
from channeld.store.migrate import bring_up_to_date
from channeld.store.rotation import Settled

__all__ = ["Rotated", "rotate_key"]


class Rotated(NamedTuple):
    """What was done."""

    place: str
    """Where the key is that the database has now."""
    settled: Settled | None
    """None when there was nothing to do."""
    was_begun: bool
    """Whether it ended a replacement that had been interrupted."""
    next_step: str
    """What a person has to do before the service starts."""


def rotate_key(
    database: Path,
    key_file: Path | None,
    new_key_file: Path | None,
    now: datetime,
    by: str = "channeld",
    environ: Mapping[str, str] = os.environ,
) -> Rotated:
    """Give the database a new key. Blocks.

    Raises `ChanneldError`: `database_in_use`, `no_database`, `key_missing`, `new_key_file_missing`,
    `same_key_file`, `wrong_key`, or a failure of the key's file or of the store.
    """
    if not database.is_file():
        raise ChanneldError(
            "no_database", f"There is no database at {database}.", "Name it with --database or --config."
        )
    if key_file and new_key_file and key_file.resolve() == new_key_file.resolve():
        raise _same(new_key_file)
    with held_lock(database):
        present = _present(database, key_file, environ)
        if not present.ours and new_key_file is None:
            raise _nowhere(present)
        with _opened(database) as engine:
            if new_key_file is None:
                return _beside(engine, present, key_path(database), now, by)
            return _elsewhere(engine, present, new_key_file, now, by)


def _beside(engine: Engine, present: FoundKey, path: Path, now: datetime, by: str) -> Rotated:
    """The key is our own file."""
    settled = rotation.settle(engine, present.key, now, by)
    was_begun = settled is not None and settled.finished
    if not was_begun:
        new = new_key()
        rotation.begin(engine, present.key, new)
        put_key_file(path, new, replace=True)
        settled = rotation.settle(engine, new, now, by)
    return Rotated(str(path), settled, was_begun, "The service can start.")


def _elsewhere(engine: Engine, present: FoundKey, path: Path, now: datetime, by: str) -> Rotated:
    """The key is given to the service by somebody else, who must change it."""
    next_step = _handed_over(present, path)
    new = read_key_file(path)
    if new is None:
        new = new_key()
        put_key_file(path, new)
        with _removed_if_worthless(engine, path, new):
            return _replaced(engine, present, path, new, next_step, now, by)
    if rotation.is_key_of(engine, new):
        return Rotated(str(path), None, False, next_step)
    return _replaced(engine, present, path, new, next_step, now, by)


def _replaced(
    engine: Engine, present: FoundKey, path: Path, new: bytes, next_step: str, now: datetime, by: str
) -> Rotated:
    settled = rotation.settle(engine, present.key, now, by)
    was_begun = settled is not None and settled.finished
    if not (was_begun and new == present.key):
        rotation.begin(engine, present.key, new)
        settled = rotation.settle(engine, new, now, by)
    return Rotated(str(path), settled, was_begun, next_step)


@contextmanager
def _removed_if_worthless(engine: Engine, path: Path, new: bytes) -> Generator[None]:
    """Take a key file that this run made away again if it fails before the key opens anything."""
    try:
        yield
    except ChanneldError:
        with suppress(ChanneldError):  # a store that cannot tell may have the key: the file stays
            if not rotation.opens(engine, new):
                path.unlink(missing_ok=True)
        raise


def _present(database: Path, key_file: Path | None, environ: Mapping[str, str]) -> FoundKey:
    """The key that the service has until now."""
    if key_file is None:
        found = find_key(environ, database)
    else:
        key = read_key_file(key_file)
        is_ours = key_file.absolute() == key_path(database).absolute()
        found = FoundKey(key, str(key_file), ours=is_ours) if key else None
    if found is None:
        raise ChanneldError(
            "key_missing",
            f"The database's present key is not in {key_file or key_path(database)}.",
            "Where systemd gives the key to the service, name its file with --key-file.",
        )
    return found


@contextmanager
def _opened(database: Path) -> Generator[Engine]:
    engine = writer_engine(database)
    try:
        bring_up_to_date(engine)
        yield engine
    finally:
        engine.dispose()


def _handed_over(present: FoundKey, path: Path) -> str:
    if present.source == "CHANNELD_KEY":
        return f"Before the service starts, set CHANNELD_KEY to what is in {path}."
    return f"Before the service starts, put {path} in the place of {present.source}."


def _same(path: Path) -> ChanneldError:
    return ChanneldError(
        "same_key_file",
        f"--key-file and --new-key-file are both {path}.",
        "Name another file with --new-key-file; until all is done, both keys are needed.",
    )


def _nowhere(present: FoundKey) -> ChanneldError:
    return ChanneldError(
        "new_key_file_missing",
        f"The key comes from {present.source}, which channeld does not write.",
        "Say with --new-key-file PATH where the new key is, or is to be made.",
    )
