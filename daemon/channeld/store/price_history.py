"""What happened to the price of each listing: saved, sent, refused, shown. Kept for 90 days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from channeld.store import tables
from channeld.store.batch import Append
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["KEPT", "Event", "Happened", "add", "forget", "of_sku"]

KEPT = timedelta(days=90)
Event: TypeAlias = Literal[
    "saved", "held", "approved", "dropped", "pushed",
    "sent", "accepted", "refused", "not sent", "lost", "confirmed", "shown",
]  # fmt: skip

_history = tables.price_history
_add = Append(_history, [column.name for column in _history.c if column.name != "id"])
_of_sku = (
    select(_history)
    .where(_history.c.channel_id == bindparam("channel"), _history.c.sku == bindparam("sku"))
    .order_by(_history.c.id.desc())
    .limit(bindparam("limit"))
)


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to it."""

    at: datetime
    channel_id: int
    sku: str
    event: Event
    price: int | None = None
    """Minor units."""
    reference: str = ""
    """Amazon's submission id."""
    note: str = ""
    """For people: why."""
    by: str = ""
    """Who did it; empty for the daemon and Amazon."""
    id: int = 0


def add(unit: Unit, happened: Sequence[Happened]) -> None:
    """Write down what happened, in that order."""
    _add.run(unit.connection, ([getattr(each, name) for name in _add.columns] for each in happened))


def of_sku(connection: Connection, channel_id: int, sku: str, limit: int) -> list[Happened]:
    """The newest first."""
    return all_as(connection, Happened, _of_sku, {"channel": channel_id, "sku": sku, "limit": limit})


def forget(unit: Unit, now: datetime, limit: int) -> int:
    """Remove so many entries that are older than 90 days; how many there were."""
    old = select(_history.c.id).where(_history.c.at < now - KEPT).order_by(_history.c.at).limit(limit)
    return unit.connection.execute(delete(_history).where(_history.c.id.in_(old))).rowcount
