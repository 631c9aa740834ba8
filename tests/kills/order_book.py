"""The book's orders as they stand on the disk, beside Amazon's."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from tests.kills.book import cursors, exists
from tests.kills.truth import Order

__all__ = ["Comparison", "Facts", "compared", "count", "facts", "inconsistent", "known_ids", "stored"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN = 5
"""So many of one kind of fault are told."""

NOT_STORED_ONCE = """
    SELECT orders.order_id, count(audit.id) FROM orders
    LEFT JOIN audit ON audit.order_id = orders.order_id AND audit.channel_id = orders.channel_id
        AND audit.code = 'order.stored'
    GROUP BY orders.id HAVING count(audit.id) != 1
"""
WITHOUT_LINES = """
    SELECT order_id FROM orders WHERE NOT EXISTS (SELECT 1 FROM order_lines WHERE order_pk = orders.id)
"""
STORED_WITHOUT_ORDER = """
    SELECT order_id FROM audit WHERE code = 'order.stored'
        AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.order_id = audit.order_id)
"""


class Facts(NamedTuple):
    """What is compared of an order."""

    order_id: str
    channel: str
    updated: int
    """Amazon's lastUpdatedTime in microseconds since 1970."""
    status: str
    lines: tuple[tuple[str, int, int], ...]
    """Order item id, units ordered, units that left."""
    ours: bool
    """Whether it belongs into the book: fulfilled by the seller, and of Amazon's own shops."""


class Comparison(msgspec.Struct, kw_only=True):
    compared: int = 0
    too_late: int = 0
    """Changed at Amazon after the last search."""
    wrong: list[str] = []


def inconsistent(book: sqlite3.Connection) -> list[str]:
    """What does not belong together, at any moment."""
    if not exists(book, "orders"):
        return []
    return [
        *(f"{id_} has {n} entries that it was stored" for id_, n in _some(book, NOT_STORED_ONCE)),
        *(f"{id_} has no lines" for (id_,) in _some(book, WITHOUT_LINES)),
        *(f"{id_} is said to be stored and is not" for (id_,) in _some(book, STORED_WITHOUT_ORDER)),
    ]


def known_ids(book: sqlite3.Connection) -> frozenset[str]:
    """Orders that the book has, or knows that it leaves alone."""
    if not exists(book, "orders"):
        return frozenset()
    query = "SELECT order_id FROM orders UNION SELECT order_id FROM left_alone"
    return frozenset(row[0] for row in book.execute(query))


def count(book: sqlite3.Connection, table: str) -> int:
    """Rows of a table."""
    return int(book.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own names)


def facts(order: Order, channels: Mapping[str, str]) -> Facts:
    """What Amazon says; `channels` are their names by country."""
    sales: Mapping[str, Any] = order["salesChannel"]
    fulfillment: Mapping[str, Any] = order["fulfillment"]
    items: list[Mapping[str, Any]] = order["orderItems"]
    on_amazon = sales["channelName"] == "AMAZON"
    updated = datetime.fromisoformat(order["lastUpdatedTime"])
    return Facts(
        order_id=order["orderId"],
        channel=channels[_country(sales)] if on_amazon else "",
        updated=(updated - EPOCH) // timedelta(microseconds=1),
        status=fulfillment["fulfillmentStatus"],
        lines=tuple(sorted(_line(item) for item in items)),
        ours=on_amazon and fulfillment["fulfilledBy"] == "MERCHANT",
    )


def compared(book: sqlite3.Connection, orders: Iterable[Order], channels: Mapping[str, str]) -> Comparison:
    """Each order that changed before its channel's cursor is in the book, and as Amazon has it."""
    booked, alone, read_until = stored(book), known_ids(book), cursors(book)
    result = Comparison()
    times = Counter(order.order_id for order in booked)
    result.wrong += [f"{id_} is in the book {n} times" for id_, n in times.items() if n > 1]
    by_id = {order.order_id: order for order in booked}
    for order in (facts(order, channels) for order in orders):
        if order.updated > read_until.get(order.channel, max(read_until.values())):
            result.too_late += 1
        elif order.ours:
            result.compared += 1
            result.wrong += [] if by_id.get(order.order_id) == order else [_difference(by_id, order)]
        elif order.order_id in by_id or order.order_id not in alone:
            result.wrong.append(f"{order.order_id} is none of ours and was not left alone")
    return result


def stored(book: sqlite3.Connection) -> list[Facts]:
    """The orders of the book."""
    lines: dict[int, list[tuple[str, int, int]]] = {}
    for pk, *line in book.execute("SELECT order_pk, order_item_id, quantity, fulfilled FROM order_lines"):
        lines.setdefault(pk, []).append((line[0], line[1], line[2]))
    query = """SELECT orders.id, order_id, channels.name, updated_at, status FROM orders
        JOIN channels ON channels.id = channel_id"""
    return [
        Facts(order_id, channel, updated, status, tuple(sorted(lines.get(pk, ()))), ours=True)
        for pk, order_id, channel, updated, status in book.execute(query)
    ]


def _difference(stored: Mapping[str, Facts], order: Facts) -> str:
    found = stored.get(order.order_id)
    if found is None:
        return f"{order.order_id} is missing"
    return f"{order.order_id} is {found[1:5]} in the book and {order[1:5]} at Amazon"


def _line(item: Mapping[str, Any]) -> tuple[str, int, int]:
    return (
        item["orderItemId"],
        item["quantityOrdered"],
        item.get("fulfillment", {}).get("quantityFulfilled", 0),
    )


def _country(sales: Mapping[str, Any]) -> str:
    """`Amazon.co.uk` and so on."""
    domains = {"co.uk": "GB", "de": "DE", "fr": "FR", "com": "US", "ca": "CA"}
    return domains[str(sales["marketplaceName"]).partition(".")[2]]


def _some(book: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    return book.execute(query).fetchmany(SHOWN)
