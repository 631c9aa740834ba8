"""The whole book, page by page, each order once whatever happens to it meanwhile.

The key is the book's own, which an order keeps; a page looks at a bounded stretch of the book, so that none
takes long however few orders of it are wanted.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from channeld.store import tables
from channeld.store.order_queries import load, summary_columns
from channeld.store.order_records import OrderRecord

__all__ = ["STRETCH", "OrderFilter", "last_order", "page"]

STRETCH = 5000
"""Orders that one page looks at."""

_orders = tables.orders


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders; None for any."""

    channel_id: int | None = None
    state: str | None = None
    since: datetime | None = None
    """Bought then or later."""
    until: datetime | None = None
    """Bought before then."""


def last_order(connection: Connection) -> int:
    """The key of the order that came last; 0 without any."""
    return connection.scalar(select(func.max(_orders.c.id))) or 0


def page(
    connection: Connection, criteria: OrderFilter, after: int, last: int, limit: int
) -> tuple[list[OrderRecord], int]:
    """At most so many orders behind `after`, up to `last`, and the key up to which the book was looked at."""
    c = _orders.c
    stretch = select(c.id).where(c.id > after, c.id <= last).order_by(c.id).limit(STRETCH).subquery()
    end = connection.scalar(select(func.max(stretch.c.id))) or last
    query = select(*summary_columns).where(c.id > after, c.id <= end).order_by(c.id).limit(limit)
    if criteria.channel_id is not None:
        query = query.where(c.channel_id == criteria.channel_id)
    if criteria.state is not None:
        query = query.where(c.state == criteria.state)
    if criteria.since is not None:
        query = query.where(c.purchased_at >= criteria.since)
    if criteria.until is not None:
        query = query.where(c.purchased_at < criteria.until)
    found = load(connection, query)
    return found, found[-1].id if len(found) == limit else end
