"""Orders whose e-mail address is still waited for (semantics C4)."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select, update

from channeld.store import tables
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["WaitingOrder", "longest_waiting", "settle", "waiting_since"]

_orders = tables.orders


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order without an address."""

    id: int
    channel_id: int
    order_id: str


def waiting_since(
    connection: Connection, channel_id: int, before: datetime, limit: int
) -> list[WaitingOrder]:
    """Orders of a channel that first disclosed one at that instant or earlier, and have shown none."""
    c = _orders.c
    query = (
        select(c.id, c.channel_id, c.order_id)
        .where(c.channel_id == channel_id, c.email_state == "pending", c.first_disclosing_at <= before)
        .limit(limit)
    )
    return all_as(connection, WaitingOrder, query)


def longest_waiting(connection: Connection, channel_id: int) -> datetime | None:
    """Since when the longest waiting order of a channel waits."""
    c = _orders.c
    query = select(func.min(c.first_disclosing_at)).where(
        c.channel_id == channel_id, c.email_state == "pending"
    )
    return connection.scalar(query)


def settle(unit: Unit, orders: Collection[WaitingOrder], state: str, at: datetime) -> None:
    """None came in time: the field becomes what it is without one."""
    c = _orders.c
    unit.connection.execute(
        update(_orders)
        .where(c.id.in_([order.id for order in orders]))
        .values(email_state=state, changed_at=at, version=c.version + 1)
    )
    unit.changed("order", *((order.channel_id, order.order_id) for order in orders))
