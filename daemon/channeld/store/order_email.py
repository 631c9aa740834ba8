"""Orders whose e-mail address is still waited for (semantics C4)."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update

from channeld.store import tables
from channeld.store.columns import Instant
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["WaitingOrder", "longest_waiting", "settle", "waiting_since"]

_orders = tables.orders
_c = _orders.c
_is_waiting = (_c.channel_id == bindparam("channel"), _c.email_state == "pending")
_since = _c.first_disclosing_at <= bindparam("before", type_=Instant)
_waiting = select(_c.id, _c.channel_id, _c.order_id).where(*_is_waiting, _since).limit(bindparam("at_most"))
_longest = select(func.min(_c.first_disclosing_at)).where(*_is_waiting)


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order without an address."""

    id: int
    channel_id: int
    order_id: str


def waiting_since(
    connection: Connection, channel_id: int, before: datetime, limit: int
) -> list[WaitingOrder]:
    """Orders of a channel that first disclosed one at that instant or earlier, and have shown none."""
    given = {"channel": channel_id, "before": before, "at_most": limit}
    return all_as(connection, WaitingOrder, _waiting, given)


def longest_waiting(connection: Connection, channel_id: int) -> datetime | None:
    """Since when the longest waiting order of a channel waits."""
    return connection.scalar(_longest, {"channel": channel_id})


def settle(unit: Unit, orders: Collection[WaitingOrder], state: str, at: datetime) -> None:
    """None came in time: the field becomes what it is without one."""
    unit.connection.execute(
        update(_orders)
        .where(_c.id.in_([order.id for order in orders]))
        .values(email_state=state, changed_at=at, version=_c.version + 1)
    )
    unit.changed("order", *((order.channel_id, order.order_id) for order in orders))
