"""Reading stock: items that are counted, and lines of orders that still reserve units."""

from collections.abc import Collection
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, exists, or_, select, text

from channeld.domain.order_state import OrderState
from channeld.store import tables
from channeld.store.rows import all_as, given

__all__ = ["CountedItem", "Reserving", "counted", "reserving"]

_items, _levels, _components = tables.items, tables.stock_levels, tables.item_components
_orders, _lines, _channels = tables.orders, tables.order_lines, tables.channels

_is_counted = or_(
    exists().where(_levels.c.item_id == _items.c.id), exists().where(_components.c.kit_id == _items.c.id)
)
_reserving = (
    select(
        _lines.c.order_pk,
        _lines.c.order_item_id,
        _lines.c.sku,
        _lines.c.ordered,
        _lines.c.fulfilled,
        _lines.c.unfulfilled,
        _lines.c.item_id,
        _orders.c.order_id,
        _orders.c.state,
        _orders.c.location_id,
        _channels.c.name.label("channel"),
    )
    .join(_orders, _orders.c.id == _lines.c.order_pk)
    .join(_channels, _channels.c.id == _orders.c.channel_id)
    .where(
        _lines.c.item_id.in_(given("items")),
        text("order_lines.item_id IS NOT NULL AND order_lines.taken < order_lines.ordered"),
        _orders.c.fulfilled_by != "AMAZON",
        text(f"+orders.state IN ('{OrderState.OPEN}', '{OrderState.PARKED}')"),
        or_(_orders.c.state != OrderState.PARKED.value, _channels.c.removed_at.is_(None)),
    )
    .order_by(_orders.c.id, _lines.c.id)
)
"""The first text is the partial index's own condition; the plus keeps SQLite from going through all open
orders instead. Of a removed channel's parked order nobody hears again."""


class CountedItem(NamedTuple):
    """An item that has levels, or is a kit."""

    id: int
    sku: str


class Reserving(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of an order that is open or parked and of which not every unit has left."""

    order_pk: int
    order_id: str
    channel: str
    state: str
    location_id: int
    item_id: int
    order_item_id: str
    sku: str
    ordered: int
    fulfilled: int
    unfulfilled: int


def counted(connection: Connection, after: str, limit: int) -> list[CountedItem]:
    """Items that have levels, and kits, by SKU. `after`: the last SKU of the page before."""
    query = select(_items.c.id, _items.c.sku).where(_is_counted, _items.c.sku > after)
    return [CountedItem(*row) for row in connection.execute(query.order_by(_items.c.sku).limit(limit))]


def reserving(connection: Connection, item_ids: Collection[int]) -> list[Reserving]:
    """Lines of these items, the oldest order first. Orders that Amazon fulfils are none."""
    return all_as(connection, Reserving, _reserving, {"items": tuple(item_ids)}) if item_ids else []
