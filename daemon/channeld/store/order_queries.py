"""Reading the order book: lists and single orders. Orders come with their lines, in two queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select, tuple_

from channeld.domain.order import Amounts
from channeld.domain.order_state import OrderState
from channeld.store import tables
from channeld.store.order_records import LineRecord, OrderKey, OrderRecord
from channeld.store.rows import all_as, given

__all__ = [
    "by_keys",
    "latest",
    "load",
    "newest_updates",
    "one",
    "parked",
    "summary_columns",
]

_orders = tables.orders
_lines = tables.order_lines

summary_columns = tuple(column for column in _orders.c if column.name != "payload")
"""All columns of an order but the payload, which is large and seldom wanted."""

_plain = [name for name in LineRecord.__struct_fields__ if name != "amounts"]
_lines_given: Select[*tuple[Any, ...]] = (
    select(
        _lines.c.order_pk,
        _lines.c.has_amounts,
        *(_lines.c[name] for name in _plain),
        *(_lines.c[f"amount_{name}"] for name in tables.AMOUNTS),
    )
    .where(_lines.c.order_pk.in_(given("pks")))
    .order_by(_lines.c.order_pk, _lines.c.id)
)


def latest(
    connection: Connection,
    limit: int,
    channel_id: int | None = None,
    state: str | None = None,
    after: OrderRecord | None = None,
) -> list[OrderRecord]:
    """The most recently updated first. `after`: the last one of the page before."""
    query = select(*summary_columns).order_by(_orders.c.updated_at.desc(), _orders.c.id.desc()).limit(limit)
    if channel_id is not None:
        query = query.where(_orders.c.channel_id == channel_id)
    if state is not None:
        query = query.where(_orders.c.state == state)
    if after is not None:
        query = query.where(tuple_(_orders.c.updated_at, _orders.c.id) < (after.updated_at, after.id))
    return load(connection, query)


def by_keys(connection: Connection, keys: Collection[OrderKey]) -> list[OrderRecord]:
    """The orders with these keys, as far as they are stored; in no particular order."""
    query = select(*summary_columns).where(
        _orders.c.order_id.in_([order_id for _, order_id in keys]),
        _orders.c.channel_id.in_({channel_id for channel_id, _ in keys}),
    )
    wanted = set(keys)
    return [order for order in load(connection, query) if order.key in wanted]


def one(connection: Connection, order_id: str, channel_id: int | None = None) -> list[OrderRecord]:
    """The orders with Amazon's id; several only when no channel is given and more than one has it."""
    query = select(*summary_columns).where(_orders.c.order_id == order_id).order_by(_orders.c.id)
    if channel_id is not None:
        query = query.where(_orders.c.channel_id == channel_id)
    return load(connection, query)


def parked(connection: Connection, channel_id: int) -> list[int]:
    """The book's keys of the channel's orders that Amazon still calls pending."""
    is_parked = _orders.c.state == OrderState.PARKED.value
    return list(connection.scalars(select(_orders.c.id).where(_orders.c.channel_id == channel_id, is_parked)))


def newest_updates(connection: Connection, channel_ids: Collection[int]) -> dict[int, datetime]:
    """When the order that Amazon changed last was changed, by channel; of those that have orders."""
    c = _orders.c
    query = select(c.channel_id, func.max(c.updated_at).label("at")).where(c.channel_id.in_(channel_ids))
    return {row.channel_id: row.at for row in connection.execute(query.group_by(c.channel_id))}


def load(
    connection: Connection, query: Select[*tuple[Any, ...]], parameters: Mapping[str, object] | None = None
) -> list[OrderRecord]:
    """Run a query of `summary_columns` and add the lines."""
    found = all_as(connection, OrderRecord, query, parameters)
    if not found:
        return []
    lines = _lines_of(connection, [order.id for order in found])
    return [msgspec.structs.replace(order, lines=tuple(lines[order.id])) for order in found]


def _lines_of(connection: Connection, pks: list[int]) -> dict[int, list[LineRecord]]:
    found: dict[int, list[LineRecord]] = defaultdict(list)
    for order_pk, has_amounts, *values in connection.execute(_lines_given, {"pks": tuple(pks)}).all():
        found[order_pk].append(_line(values, has_amounts))
    return found


def _line(values: list[Any], has_amounts: bool) -> LineRecord:
    plain = dict(zip(_plain, values, strict=False))
    amounts = dict(zip(tables.AMOUNTS, values[len(_plain) :], strict=True))
    return LineRecord(**plain, amounts=Amounts(**amounts) if has_amounts else None)
