"""Numbers of one channel's book, for saying what a change of its settings does."""

import msgspec
from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, TextClause, func, select, text

from channeld.store import tables
from channeld.store.tables.ledger import OPEN_WORK_SQL

__all__ = ["ChannelFacts", "channel_facts"]

_orders = tables.orders.c
_is_queued = tables.work.c.state == "queued"
STILL_TO_BE_SENT = "open", "parked"
BY_AMAZON = "locked", "fulfilled"


class ChannelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How many of each."""

    orders: int
    parked: int
    open_elsewhere: int
    """Still to be sent, and saved in another location than the one that was asked for."""
    emails_pending: int
    fba_stored: int
    fba_counted: int
    quarantined: int
    queued: int
    """Pieces of outbound work that wait to be sent."""


def channel_facts(connection: Connection, channel_id: int, location: str) -> ChannelFacts:
    """One state of the book, in one query; each number comes from an index."""
    mine = _orders.channel_id == channel_id
    place = select(tables.locations.c.id).where(tables.locations.c.name == location).scalar_subquery()
    to_send = _orders.state.in_(STILL_TO_BE_SENT)
    query = select(
        _count(tables.orders, mine).label("orders"),
        _count(tables.orders, mine, _orders.state == "parked").label("parked"),
        _count(tables.orders, mine, to_send, _orders.location_id.is_distinct_from(place)).label(
            "open_elsewhere"
        ),
        _count(tables.orders, mine, _orders.email_state == "pending").label("emails_pending"),
        _count(tables.orders, mine, _orders.state.in_(BY_AMAZON)).label("fba_stored"),
        _count(tables.left_alone, tables.left_alone.c.channel_id == channel_id).label("fba_counted"),
        _count(tables.quarantine, tables.quarantine.c.channel_id == channel_id).label("quarantined"),
        _count(tables.work, tables.work.c.channel_id == channel_id, text(OPEN_WORK_SQL), _is_queued).label(
            "queued"
        ),
    )
    return ChannelFacts(**connection.execute(query).mappings().one())


def _count(table: Table, *where: ColumnElement[bool] | TextClause) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()
