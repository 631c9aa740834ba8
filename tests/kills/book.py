"""What a dead daemon left on the disk, looked at with nothing but sqlite3.

A copy is looked at: opening the database would bring its write-ahead log in, and the next daemon should find
everything as the dead one left it.
"""

import shutil
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.kills.pages import Query

__all__ = ["cursors", "exists", "exposed", "going_on", "left_behind", "unsound"]


@contextmanager
def left_behind(database: Path) -> Generator[sqlite3.Connection]:
    """A copy of the database and its log as they are now."""
    with TemporaryDirectory(dir=database.parent.parent) as folder:
        for suffix in ("", "-wal"):
            part = database.with_name(database.name + suffix)
            if part.exists():
                shutil.copy(part, folder)
        connection = sqlite3.connect(Path(folder, database.name))
        try:
            yield connection
        finally:
            connection.close()


def unsound(book: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file, in words."""
    wrong = [f"integrity: {row[0]}" for row in book.execute("PRAGMA integrity_check") if row[0] != "ok"]
    return wrong + [f"foreign key: {row}" for row in book.execute("PRAGMA foreign_key_check")]


def exists(book: sqlite3.Connection, table: str) -> bool:
    """Whether there is such a table yet."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return book.execute(query, (table,)).fetchone() is not None


def cursors(book: sqlite3.Connection) -> dict[str, int]:
    """Up to when each channel's order changes have been read, in microseconds since 1970."""
    if not exists(book, "channels"):
        return {}
    return dict(
        book.execute("SELECT name, order_cursor FROM channels WHERE order_cursor IS NOT NULL").fetchall()
    )


def going_on(book: sqlite3.Connection) -> dict[Query, str]:
    """The page token that each running search goes on with; empty for one without a stored page."""
    if not exists(book, "searches"):
        return {}
    rows: list[tuple[str, str]] = book.execute("SELECT query, page_token FROM searches").fetchall()
    decode = msgspec.json.Decoder(frozenset[tuple[str, str]]).decode
    return {decode(query): token for query, token in rows}


def exposed(files: Iterable[Path], values: Iterable[bytes]) -> list[str]:
    """Which of the values stand in clear in which files, in words."""
    contents = {path.name: path.read_bytes() for path in files}
    return [
        f"{name} has {value!r} in clear"
        for value in sorted(set(values))
        for name, content in contents.items()
        if value in content
    ]
