"""Levels of stock, the log of their changes, and the units of order lines that were taken out of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, literal_column, select, update

from channeld.store import stale_stock, tables
from channeld.store.batch import Append, Upsert
from channeld.store.rows import all_as, given
from channeld.store.unit import Unit

__all__ = [
    "KEPT",
    "Change",
    "Leaving",
    "Level",
    "changes",
    "forget",
    "levels",
    "lines",
    "mark_taken",
    "put",
    "taken_for",
]

KEPT = timedelta(days=90)
"""How long changes are kept; a trigger holds it, counted from the newest one."""

_levels, _changes = tables.stock_levels, tables.stock_changes
_orders, _lines = tables.orders, tables.order_lines

_upsert = Upsert(
    _levels,
    ("item_id", "location_id", "physical", "changed_at", "version"),
    key=("item_id", "location_id"),
    computed={"version": lambda _excluded: _levels.c.version + literal_column("1")},
)
_log = Append(_changes, [column.name for column in _changes.c if column.name != "id"])
_levels_of = select(_levels).where(_levels.c.item_id.in_(given("items")))
_lines_of = (
    select(
        _lines.c.id,
        _lines.c.order_pk,
        _lines.c.order_item_id,
        _lines.c.sku,
        _lines.c.ordered,
        _lines.c.fulfilled,
        _lines.c.unfulfilled,
        _lines.c.item_id,
        _lines.c.taken,
        _orders.c.order_id,
        _orders.c.location_id,
        _orders.c.reduces_stock,
    )
    .join(_orders, _orders.c.id == _lines.c.order_pk)
    .where(_lines.c.order_pk.in_(given("pks")))
    .order_by(_lines.c.id)
)
_mark = update(_lines).where(_lines.c.id == bindparam("line")).values(taken=bindparam("units"))


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """How many units of an item lie at a location, by the seller's count and what has left since."""

    item_id: int
    location_id: int
    physical: int
    changed_at: datetime
    version: int = 0
    """Grows by one with each change."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a level."""

    at: datetime
    item_id: int
    location_id: int
    before: int | None
    """None: there was no level."""
    after: int
    cause: str
    """`set`, `adjusted`, `import` or `order`."""
    reference: str = ""
    """Amazon's order id, or the reason that a person gave."""
    by: str
    id: int = 0


class Leaving(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of an order, as far as its units leave the shelves."""

    id: int
    order_pk: int
    order_id: str
    order_item_id: str
    sku: str
    location_id: int
    reduces_stock: bool
    item_id: int | None
    ordered: int
    fulfilled: int
    unfulfilled: int
    taken: int
    """Units that have been taken out of stock; they are as many as have left."""


def levels(connection: Connection, item_ids: Collection[int]) -> list[Level]:
    """Of these items, at all locations that have one."""
    return all_as(connection, Level, _levels_of, {"items": tuple(item_ids)}) if item_ids else []


def put(unit: Unit, made: Sequence[Change]) -> None:
    """Levels become what these changes say, one after another, and the log has them."""
    if not made:
        return
    last = {(each.item_id, each.location_id): each for each in made}
    rows = ((each.item_id, each.location_id, each.after, each.at, 1) for each in last.values())
    _upsert.run(unit.connection, rows)
    _log.run(unit.connection, ([getattr(each, name) for name in _log.columns] for each in made))
    unit.changed("stock", *last)
    urgent = any(each.cause != "import" for each in made)
    stale_stock.mark_items(unit, {each.item_id for each in made}, made[-1].at, urgent=urgent)


def changes(connection: Connection, item_id: int, limit: int, before: int | None = None) -> list[Change]:
    """Of one item, the newest first. `before`: only those with a smaller id, the next page."""
    query = select(_changes).where(_changes.c.item_id == item_id).order_by(_changes.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(_changes.c.id < before)
    return all_as(connection, Change, query)


def taken_for(connection: Connection, order_ids: Collection[str]) -> dict[tuple[str, int, int], int]:
    """Units that the log shows as taken for these orders and not brought back: by order, item, location."""
    c = _changes.c
    query = (
        select(c.reference, c.item_id, c.location_id, func.sum(c.before - c.after))
        .where(c.cause == "order", c.reference.in_(given("orders")))
        .group_by(c.reference, c.item_id, c.location_id)
    )
    found = connection.execute(query, {"orders": tuple(order_ids)})
    return {(order, item, location): units for order, item, location, units in found}


def lines(connection: Connection, order_pks: Collection[int]) -> list[Leaving]:
    """All lines of these orders."""
    return all_as(connection, Leaving, _lines_of, {"pks": tuple(order_pks)}) if order_pks else []


def mark_taken(unit: Unit, taken: Iterable[tuple[int, int]]) -> None:
    """So many units of these lines have been taken out of stock: key of the line, units."""
    rows = [{"line": line, "units": units} for line, units in taken]
    if rows:
        unit.connection.execute(_mark, rows)


def forget(unit: Unit, now: datetime, limit: int) -> int:
    """Remove so many changes that are older than the newest 90 days; how many there were."""
    newest = unit.connection.scalar(select(func.max(_changes.c.at)))
    if newest is None:
        return 0
    old = select(_changes.c.id).where(_changes.c.at < min(newest, now) - KEPT).order_by(_changes.c.id)
    return unit.connection.execute(delete(_changes).where(_changes.c.id.in_(old.limit(limit)))).rowcount
