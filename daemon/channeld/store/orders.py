"""The order book's hot path: what is stored of a whole page, and saving a page.

Both belong into one unit of work, so that nothing changes between reading and saving. `order_queries` has the
lists and counts.
"""

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, literal_column, select

from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.order_queries import load, summary_columns
from channeld.store.order_records import LineRecord, OrderKey, OrderRecord
from channeld.store.rows import given
from channeld.store.unit import Unit

__all__ = ["fingerprints", "payload", "save_page", "stored"]

_orders = tables.orders
_columns = tuple(column.name for column in _orders.c if column.name not in ("id", "version"))
_values = attrgetter(*_columns)
_upsert_orders = Upsert(
    _orders,
    (*_columns, "version"),
    key=("order_id", "channel_id"),
    keep=("first_stored_at",),
    computed={
        "version": lambda _excluded: _orders.c.version + literal_column("1"),
        "payload": lambda excluded: func.coalesce(excluded.payload, _orders.c.payload),
    },
)

_plain = tuple(name for name in LineRecord.__struct_fields__ if name not in ("amounts", "ordered", "priced"))
_line_values = attrgetter(*_plain)
_amounts = attrgetter(*tables.AMOUNTS)
_no_amounts = (None,) * len(tables.AMOUNTS)
_upsert_lines = Upsert(
    tables.order_lines,
    ("order_pk", *_plain, "has_amounts", *(f"amount_{name}" for name in tables.AMOUNTS), "ordered", "priced"),
    key=("order_pk", "order_item_id"),
)

_are_given = (_orders.c.order_id.in_(given("order_ids")), _orders.c.channel_id.in_(given("channel_ids")))
_stored_given: Select[*tuple[Any, ...]] = select(*summary_columns).where(*_are_given)
_prints_given = select(_orders.c.channel_id, _orders.c.order_id, _orders.c.fingerprint).where(*_are_given)
_keys_given = select(_orders.c.id, _orders.c.channel_id, _orders.c.order_id).where(*_are_given)


def fingerprints(
    connection: Connection, channel_ids: Collection[int], order_ids: Collection[str]
) -> dict[OrderKey, bytes]:
    """Those of the orders that the book has: enough to know one that has not changed."""
    parameters = {"order_ids": tuple(order_ids), "channel_ids": tuple(channel_ids)}
    return {(row[0], row[1]): row[2] for row in connection.execute(_prints_given, parameters).all()}


def stored(
    connection: Connection, channel_ids: Collection[int], order_ids: Collection[str]
) -> dict[OrderKey, OrderRecord]:
    """What the book has of these orders, with lines and without payload: two queries for a whole page."""
    parameters = {"order_ids": tuple(order_ids), "channel_ids": tuple(channel_ids)}
    found = load(connection, _stored_given, parameters)
    return {order.key: order for order in found}


def save_page(unit: Unit, page: Sequence[OrderRecord]) -> dict[OrderKey, int]:
    """Insert or replace orders and their lines; return the book's key of each.

    The caller has decided that each of them changes something (semantics C0: out-of-order updates): every
    order given grows by one version. A stored line that the order does not list stays as it is.
    """
    if not page:
        return {}
    connection = unit.connection
    _upsert_orders.run(connection, ((*_values(order), 1) for order in page))
    unit.changed("order", *(order.key for order in page))
    unit.changed("channel", *{order.channel_id for order in page})
    keys = _keys(connection, page)
    _upsert_lines.run(
        connection, (_line_row(keys[order.key], line) for order in page for line in order.lines)
    )
    return keys


def payload(connection: Connection, order_pk: int) -> bytes | None:
    """Amazon's JSON of one order without the personal fields; None when the order is not stored."""
    return connection.scalar(select(_orders.c.payload).where(_orders.c.id == order_pk))


def payloads(connection: Connection, order_pks: Collection[int]) -> dict[int, bytes]:
    """The same of many; those without one are left out."""
    query = select(_orders.c.id, _orders.c.payload).where(_orders.c.id.in_(order_pks))
    return {key: found for key, found in connection.execute(query) if found is not None}


def _keys(connection: Connection, page: Iterable[OrderRecord]) -> dict[OrderKey, int]:
    channel_ids, order_ids = zip(*(order.key for order in page), strict=True)
    parameters = {"order_ids": order_ids, "channel_ids": tuple(set(channel_ids))}
    return {(row[1], row[2]): row[0] for row in connection.execute(_keys_given, parameters).all()}


def _line_row(order_pk: int, line: LineRecord) -> tuple[object, ...]:
    amounts = _no_amounts if line.amounts is None else _amounts(line.amounts)
    return (order_pk, *_line_values(line), line.amounts is not None, *amounts, line.ordered, line.priced)
