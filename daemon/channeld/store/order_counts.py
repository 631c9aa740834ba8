"""How many orders the channels have, and in which states."""

from typing import Any

import msgspec
from sqlalchemy import Column, Connection, FromClause, Select, Subquery, and_, func, select

from channeld.store import tables
from channeld.store.rows import all_as

__all__ = ["ChannelCounts", "counts"]

_orders = tables.orders


class ChannelCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of one channel's orders."""

    channel_id: int
    orders: int
    open_orders: int
    parked_orders: int
    unmapped_payment: int
    """Stored with the default for a word that is not mapped by now either."""
    unmapped_shipping: int
    quarantined: int
    """Without those that a person dismissed."""


def counts(connection: Connection) -> dict[int, ChannelCounts]:
    """Numbers of all channels that are not removed, by the channel's id; one query, from indexes alone."""
    return {row.channel_id: row for row in all_as(connection, ChannelCounts, _COUNTS)}


def _book() -> Subquery:
    c = _orders.c
    return (
        select(
            c.channel_id,
            func.count().label("orders"),
            func.count().filter(c.state == "open").label("open_orders"),
            func.count().filter(c.state == "parked").label("parked_orders"),
            func.count().filter(c.payment_mapped.is_(False)).label("unmapped_payment"),
            func.count().filter(c.shipping_mapped.is_(False)).label("unmapped_shipping"),
        )
        .group_by(c.channel_id)
        .subquery()
    )


def _kept() -> Subquery:
    c = tables.quarantine.c
    return (
        select(c.channel_id, func.count().label("quarantined"))
        .where(c.dismissed_at.is_(None))
        .group_by(c.channel_id)
        .subquery()
    )


def _mapped_since(kind: str, tag: Column[str], mapped: Column[bool]) -> Subquery:
    """Orders stored with the default, by channel, whose word was mapped afterwards: nobody need map it."""
    word = tables.mappings.c
    same = and_(_orders.c.channel_id == word.channel_id, tag == word.tag, mapped.is_(False))
    return (
        select(word.channel_id, func.count().label("orders"))
        .join_from(tables.mappings, _orders, same)
        .where(word.kind == kind)
        .group_by(word.channel_id)
        .subquery()
    )


def _counts() -> Select[*tuple[Any, ...]]:
    channels, book, kept = tables.channels, _book(), _kept()
    payment = _mapped_since("payment", _orders.c.payment_tag, _orders.c.payment_mapped)
    shipping = _mapped_since("shipping", _orders.c.shipping_tag, _orders.c.shipping_mapped)
    since = {"unmapped_payment": payment.c.orders, "unmapped_shipping": shipping.c.orders}
    numbers = [
        (func.coalesce(column, 0) - func.coalesce(since.get(column.name, 0), 0)).label(column.name)
        for column in (*book.c, *kept.c)
        if column.name != "channel_id"
    ]
    joined: FromClause = channels
    for part in (book, kept, payment, shipping):
        joined = joined.outerjoin(part, part.c.channel_id == channels.c.id)
    query = select(channels.c.id.label("channel_id"), *numbers).where(channels.c.removed_at.is_(None))
    return query.select_from(joined)


_COUNTS = _counts()
"""Made once: to make it takes ten times as long as to run it on a small book."""
