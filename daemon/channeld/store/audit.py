"""The audit trail: what happened, when, by whom. Entries are added, never changed and never removed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, or_, select

from channeld.store import tables
from channeld.store.batch import Append
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["AuditEntry", "add", "add_many", "by_ids", "entries", "since"]

_audit = tables.audit
_append = Append(_audit, [column.name for column in _audit.c if column.name != "id"])


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. Nothing personal is in it (semantics P1): the caller has masked the text."""

    at: datetime
    code: str
    """Stable and short, such as `order.stored`."""
    text: str
    by: str = "channeld"
    account_id: int | None = None
    channel_id: int | None = None
    order_id: str | None = None
    """Amazon's order id."""
    sku: str | None = None
    """Of the listing or the item that it is about."""
    details: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    id: int = 0
    """Grows from entry to entry; 0 before it is stored."""


def add(unit: Unit, entry: AuditEntry) -> None:
    """Add one entry, in the transaction of what it tells of."""
    add_many(unit, (entry,))


def add_many(unit: Unit, new: Iterable[AuditEntry]) -> None:
    """Add entries with one statement, in their order."""
    rows = [[getattr(entry, name) for name in _append.columns] for entry in new]
    if rows:
        _append.run(unit.connection, rows)
        last = unit.connection.scalar(select(func.max(_audit.c.id))) or 0
        unit.changed("audit", *range(last - len(rows) + 1, last + 1))


def entries(
    connection: Connection,
    limit: int,
    order_id: str | None = None,
    channel_id: int | None = None,
    before: int | None = None,
    sku: str | None = None,
    account_id: int | None = None,
) -> list[AuditEntry]:
    """The newest first. `before`: only entries with a smaller id, the next page.

    `account_id`: its entries, and those of no account.
    """
    query = select(_audit).order_by(_audit.c.id.desc()).limit(limit)
    if order_id is not None:
        query = query.where(_audit.c.order_id == order_id)
    if channel_id is not None:
        query = query.where(_audit.c.channel_id == channel_id)
    if sku is not None:
        query = query.where(_audit.c.sku == sku)
    if account_id is not None:
        query = query.where(or_(_audit.c.account_id == account_id, _audit.c.account_id.is_(None)))
    if before is not None:
        query = query.where(_audit.c.id < before)
    return all_as(connection, AuditEntry, query)


def by_ids(connection: Connection, ids: Collection[int]) -> list[AuditEntry]:
    """These entries, the oldest first."""
    query = select(_audit).where(_audit.c.id.in_(ids)).order_by(_audit.c.id)
    return all_as(connection, AuditEntry, query)


def since(connection: Connection, after: int, limit: int) -> list[AuditEntry]:
    """Entries with a greater id, the oldest first: what a follower has not seen."""
    query = select(_audit).where(_audit.c.id > after).order_by(_audit.c.id).limit(limit)
    return all_as(connection, AuditEntry, query)
