"""A book with many listings, each of an item that is counted; written past the store, as no daemon runs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

__all__ = ["fill"]

AT = 1_795_000_000_000_000
"""Microseconds since 1970."""
KIT_EVERY = 20
"""One item in so many is a kit of the two before it."""


def fill(database: Path, listings: int, channel_id: int = 1) -> None:
    """Items, levels at the first location, links and listings of the channel; an account's only one."""
    with closing(sqlite3.connect(database)) as book, book:
        location = book.execute("SELECT id FROM locations WHERE name = 'Default'").fetchone()[0]
        account = book.execute("SELECT account_id FROM channels WHERE id = ?", (channel_id,)).fetchone()[0]
        numbers = range(1, listings + 1)
        _add(book, "items", ((n, *_names(n), AT, AT, 1) for n in numbers))
        _add(book, "item_components", _parts(listings))
        _add(book, "stock_levels", ((n, location, n % 90, AT, 1) for n in numbers if n % KIT_EVERY))
        _add(book, "links", ((account, _sku(n), n, 1, "bench", AT) for n in numbers))
        _add(book, "listings", (_listing(n, channel_id) for n in numbers))


def _add(book: sqlite3.Connection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    columns = [row[1] for row in book.execute(f"PRAGMA table_info({table})")]
    book.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608 (tables of ours)


def _sku(number: int) -> str:
    return f"SKU-{number:07}"


def _names(number: int) -> tuple[str, str, str, str]:
    sku = _sku(number)
    return sku, sku.lower(), f"Item {number}", f"item {number}"


def _parts(listings: int) -> Iterator[tuple[object, ...]]:
    for kit in range(KIT_EVERY, listings + 1, KIT_EVERY):
        yield kit, kit - 1, 1
        yield kit, kit - 2, 2


def _listing(number: int, channel_id: int) -> tuple[object, ...]:
    sku, folded, title, key = _names(number)
    shown = ("B0" + sku[-8:], f"L{number}", title, key, 999, number % 90, "active", "New", "MERCHANT", "", "")
    return (number, channel_id, sku, folded, *shown, AT, "listed", 0, None, number, AT, AT, None, 1)
