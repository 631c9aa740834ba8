"""What happened to the value of each SKU: told, accepted, refused, lost, shown. Kept for 90 days (D1)."""

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
    "sent",
    "accepted",
    "refused",
    "not sent",
    "lost",
    "overtaken",
    "feed ended",
    "shown",
    "forced",
    "closed",
    "relisted",
]

_history = tables.stock_history
_add = Append(_history, [column.name for column in _history.c if column.name != "id"])
_of_sku = (
    select(_history)
    .where(_history.c.account_id == bindparam("account"), _history.c.sku == bindparam("sku"))
    .order_by(_history.c.id.desc())
    .limit(bindparam("limit"))
)


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to it."""

    at: datetime
    account_id: int
    sku: str
    event: Event
    quantity: int | None = None
    handling: str = ""
    """What was said, or is shown, of the handling time: `3 days`, `default`; empty for nothing."""
    route: str = ""
    """`patch` or `feed`."""
    reference: str = ""
    """Amazon's submission id, or the id of the feed."""
    note: str = ""
    """For people: a reason, or who asked for it."""
    id: int = 0


def add(unit: Unit, happened: Sequence[Happened]) -> None:
    """Write down what happened, in that order."""
    _add.run(unit.connection, ([getattr(each, name) for name in _add.columns] for each in happened))


def of_sku(connection: Connection, account_id: int, sku: str, limit: int) -> list[Happened]:
    """The newest first."""
    return all_as(connection, Happened, _of_sku, {"account": account_id, "sku": sku, "limit": limit})


def forget(unit: Unit, now: datetime, limit: int) -> int:
    """Remove so many entries that are older than 90 days; how many there were."""
    old = select(_history.c.id).where(_history.c.at < now - KEPT).order_by(_history.c.at).limit(limit)
    return unit.connection.execute(delete(_history).where(_history.c.id.in_(old))).rowcount
