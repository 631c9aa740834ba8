"""Orders that the seller is to send, the nearest ship-by time first."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, text

from channeld.store import tables
from channeld.store.order_queries import load, summary_columns
from channeld.store.order_records import OrderRecord

__all__ = ["count_late", "count_untouched", "to_send"]

_orders, _channels = tables.orders, tables.channels
_is_parcelled = exists().where(tables.parcels.c.order_pk == _orders.c.id)
_is_withdrawn = exists().where(tables.withdrawals.c.order_pk == _orders.c.id)
_is_duty = text("despatch_duty = 1")
_of_present = _orders.c.channel_id.in_(select(_channels.c.id).where(_channels.c.removed_at.is_(None)))


def to_send(
    connection: Connection,
    limit: int,
    channel_id: int | None = None,
    after: OrderRecord | None = None,
    *,
    touched: bool = False,
) -> list[OrderRecord]:
    """Orders that Amazon shows as not sent, of channels that are not removed. Those without a time come last.

    `after`: the last one of the page before. `touched`: only those of which something was done here.
    """
    ship_by, key = _orders.c.ship_by_latest, _orders.c.id
    query = select(*summary_columns).where(_is_duty, _of_present)
    if channel_id is not None:
        query = query.where(_orders.c.channel_id == channel_id)
    if touched:
        query = query.where(or_(_is_parcelled, _is_withdrawn))
    if after is not None and after.ship_by_latest is not None:
        later = or_(ship_by > after.ship_by_latest, and_(ship_by == after.ship_by_latest, key > after.id))
        query = query.where(or_(later, ship_by.is_(None)))
    elif after is not None:
        query = query.where(ship_by.is_(None), key > after.id)
    return load(connection, query.order_by(ship_by.is_(None), ship_by, key).limit(limit))


def count_untouched(
    connection: Connection, now: datetime, soon: datetime, channel_id: int | None = None
) -> tuple[int, int, int]:
    """Orders of which nothing was done here: past their ship-by time, due until `soon`, and due later."""
    ship_by = _orders.c.ship_by_latest
    query = select(
        func.count().filter(ship_by < now),
        func.count().filter(ship_by >= now, ship_by <= soon),
        func.count().filter(ship_by > soon),
    ).where(_is_duty, _of_present, ~_is_parcelled, ~_is_withdrawn)
    if channel_id is not None:
        query = query.where(_orders.c.channel_id == channel_id)
    late, near, far = connection.execute(query).one()
    return late, near, far


_LATE = (
    select(_orders.c.channel_id, func.count())
    .where(_is_duty, _of_present, _orders.c.ship_by_latest < bindparam("now"))
    .where(~_is_parcelled)
    .group_by(_orders.c.channel_id)
)


def count_late(connection: Connection, now: datetime) -> dict[int, int]:
    """Orders past their ship-by time of which no parcel was processed here, by channel."""
    return {row[0]: row[1] for row in connection.execute(_LATE, {"now": now})}
