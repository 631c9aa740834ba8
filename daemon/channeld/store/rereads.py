"""Orders that are to be read by their id: when, for what, how often (semantics C0, C4, C5)."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, select, tuple_, update

from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.columns import Instant
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = [
    "Reread",
    "RereadKind",
    "due",
    "finish",
    "forget_done",
    "next_due",
    "of_order",
    "postpone",
    "schedule",
    "settle",
]

RereadKind: TypeAlias = Literal["email", "gap", "pending", "quarantine", "recover"]

_rereads = tables.rereads
_upsert = Upsert(_rereads, [column.name for column in _rereads.c], key=("account_id", "order_id", "kind"))


class Reread(msgspec.Struct, frozen=True, kw_only=True):
    """One order that is to be read for one reason; an order has one of each kind at most."""

    account_id: int
    order_id: str
    kind: RereadKind
    channel_id: int | None = None
    """None while nobody knows which (`recover`)."""
    first_at: datetime
    """From when its ladder counts."""
    due_at: datetime
    attempt: int = 0
    """Reads done so far."""
    done_at: datetime | None = None
    outcome: str = ""
    by: str = ""
    """The person who wants it (`recover`)."""


def schedule(unit: Unit, rereads: Iterable[Reread]) -> None:
    """Plan reads, or plan them anew: the entry of that order and kind is replaced."""
    planned = list(rereads)
    _upsert.run(unit.connection, ([getattr(each, name) for name in _upsert.columns] for each in planned))
    unit.changed("reread", *(each.channel_id for each in planned))


def finish(unit: Unit, account_id: int, order_id: str, kind: RereadKind, at: datetime, outcome: str) -> None:
    """It need not be read any more; the outcome stays readable."""
    unit.connection.execute(
        update(_rereads)
        .where(*_of_order(account_id, order_id), _rereads.c.kind == kind)
        .values(done_at=at, outcome=outcome)
    )


def postpone(
    unit: Unit, account_id: int, order_id: str, kind: RereadKind, attempt: int, due_at: datetime
) -> None:
    """It was read; the reason still holds, so it is read again then."""
    unit.connection.execute(
        update(_rereads)
        .where(*_of_order(account_id, order_id), _rereads.c.kind == kind, _rereads.c.done_at.is_(None))
        .values(attempt=attempt, due_at=due_at)
    )


def settle(unit: Unit, account_id: int, settled: Iterable[tuple[str, str]], at: datetime) -> None:
    """The reasons do not hold any more: order ids with the kind of each."""
    wanted = list(settled)
    if wanted:
        c = _rereads.c
        unit.connection.execute(
            update(_rereads)
            .where(c.account_id == account_id, c.done_at.is_(None), tuple_(c.order_id, c.kind).in_(wanted))
            .values(done_at=at, outcome="settled")
        )


def forget_done(unit: Unit, before: datetime) -> int:
    """Remove entries that were done before then; how many."""
    return unit.connection.execute(delete(_rereads).where(_rereads.c.done_at < before)).rowcount


def due(
    connection: Connection,
    now: datetime,
    limit: int,
    *,
    channel_id: int | None = None,
    account_id: int | None = None,
) -> list[Reread]:
    """What is to be read now, of a channel or a whole account: people's wishes, then the longest overdue."""
    query = _due(of_channel=channel_id is not None, of_account=account_id is not None)
    given = {"channel": channel_id, "account": account_id, "now": now, "at_most": limit}
    return all_as(connection, Reread, query, given)


def next_due(
    connection: Connection, *, channel_id: int | None = None, account_id: int | None = None
) -> datetime | None:
    """When the next one is due, past or future; None when nothing is planned."""
    query = _next_due(of_channel=channel_id is not None, of_account=account_id is not None)
    return connection.scalar(query, {"channel": channel_id, "account": account_id})


def of_order(connection: Connection, account_id: int, order_id: str) -> list[Reread]:
    """All entries of an order, done ones too."""
    query = select(_rereads).where(*_of_order(account_id, order_id)).order_by(_rereads.c.kind)
    return all_as(connection, Reread, query)


@cache
def _due(*, of_channel: bool, of_account: bool) -> Select[Any]:
    c = _rereads.c
    query = select(_rereads).where(c.due_at <= bindparam("now", type_=Instant))
    query = query.order_by(c.kind != "recover", c.due_at).limit(bindparam("at_most"))
    return _open(query, of_channel=of_channel, of_account=of_account)


@cache
def _next_due(*, of_channel: bool, of_account: bool) -> Select[Any]:
    return _open(select(func.min(_rereads.c.due_at)), of_channel=of_channel, of_account=of_account)


def _open(query: Select[Any], *, of_channel: bool, of_account: bool) -> Select[Any]:
    query = query.where(_rereads.c.done_at.is_(None))
    if of_channel:
        query = query.where(_rereads.c.channel_id == bindparam("channel"))
    if of_account:
        query = query.where(_rereads.c.account_id == bindparam("account"))
    return query


def _of_order(account_id: int, order_id: str) -> tuple[ColumnElement[bool], ...]:
    return (_rereads.c.account_id == account_id, _rereads.c.order_id == order_id)
