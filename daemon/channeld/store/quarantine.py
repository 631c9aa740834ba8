"""Orders that could not be applied: kept with payload and reason, and tried again (semantics C5)."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.cipher import Cipher
from channeld.store.columns import Instant
from channeld.store.rows import all_as, first_as, given
from channeld.store.sealed import QUARANTINED
from channeld.store.unit import Unit

__all__ = [
    "Quarantined",
    "dismiss",
    "due",
    "entries",
    "get",
    "has_open",
    "next_due",
    "of_order",
    "payload",
    "personal",
    "postpone",
    "purge_due",
    "put",
    "release",
    "without_channel",
]

_quarantine = tables.quarantine
_columns = [column for column in _quarantine.c if column.name not in ("payload", "sealed")]
_decode = msgspec.json.Decoder(dict[str, str]).decode
_release_given = (
    delete(_quarantine)
    .where(_quarantine.c.account_id == bindparam("account"), _quarantine.c.order_id.in_(given("order_ids")))
    .returning(_quarantine.c.order_id, _quarantine.c.channel_id)
)


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """One order that could not be applied, without its payload."""

    account_id: int
    order_id: str
    channel_id: int | None = None
    """None while nobody knows which."""
    reason: str
    """What was wrong; never a value of the order."""
    field: str
    """Where in Amazon's answer."""
    attempts: int = 1
    first_at: datetime
    last_at: datetime
    next_attempt_at: datetime | None = None
    updated_at: datetime | None = None
    """Amazon's lastUpdatedTime, if that much could be read."""
    purge_at: datetime | None = None
    """When to remove the personal part (semantics P1)."""
    dismissed_at: datetime | None = None
    """When a person decided that nothing has to be done about it."""
    id: int = 0


def put(unit: Unit, cipher: Cipher, entry: Quarantined, payload: bytes, personal: dict[str, str]) -> None:
    """Keep an order that could not be applied; a repeat counts as an attempt and keeps the first time.

    What a person dismissed stays so until it is another payload, or something else is wrong with it.
    `payload` is Amazon's JSON without the personal fields, `personal` those fields by their path.
    """
    values = msgspec.structs.asdict(entry)
    del values["id"]
    sealed = cipher.seal(msgspec.json.encode(personal), _context(entry.account_id, entry.order_id))
    values |= {"payload": payload, "sealed": sealed if personal else None}
    repeated = {name: value for name, value in values.items() if name != "first_at"}
    statement = insert(_quarantine).values(values)
    c, given_now = _quarantine.c, statement.excluded
    same = and_(*(c[name] == given_now[name] for name in ("payload", "reason", "field")))
    repeated |= {"attempts": c.attempts + 1, "dismissed_at": case((same, c.dismissed_at))}
    unit.connection.execute(
        statement.on_conflict_do_update(index_elements=["account_id", "order_id"], set_=repeated)
    )
    _tell(unit, entry.account_id, entry.order_id, entry.channel_id)


def release(unit: Unit, account_id: int, order_ids: Collection[str]) -> None:
    """These orders were booked after all."""
    parameters = {"account": account_id, "order_ids": tuple(order_ids)}
    for order_id, channel_id in unit.connection.execute(_release_given, parameters).all():
        _tell(unit, account_id, order_id, channel_id)


def dismiss(unit: Unit, entry: Quarantined, at: datetime) -> Quarantined:
    """A person has seen it, and it needs nobody; it is kept, and tried again as before."""
    same = _same(entry.account_id, entry.order_id)
    unit.connection.execute(update(_quarantine).where(*same).values(dismissed_at=at))
    _tell(unit, entry.account_id, entry.order_id, entry.channel_id)
    return msgspec.structs.replace(entry, dismissed_at=at)


def postpone(unit: Unit, account_id: int, order_id: str, next_at: datetime | None, at: datetime) -> None:
    """It was tried again in vain; the reason is the same."""
    c = _quarantine.c
    unit.connection.execute(
        update(_quarantine)
        .where(*_same(account_id, order_id))
        .values(attempts=c.attempts + 1, last_at=at, next_attempt_at=next_at)
    )
    unit.changed("quarantined", (account_id, order_id))


def of_order(connection: Connection, order_id: str) -> list[Quarantined]:
    """The entries with Amazon's id, of any account."""
    query = select(*_columns).where(_quarantine.c.order_id == order_id)
    return all_as(connection, Quarantined, query)


def get(connection: Connection, account_id: int, order_id: str) -> Quarantined | None:
    """One entry."""
    query = select(*_columns).where(*_same(account_id, order_id))
    return first_as(connection, Quarantined, query)


def has_open(connection: Connection, account_id: int) -> bool:
    """Whether an order of the account is missing in the book, as far as nobody has dismissed it."""
    c = _quarantine.c
    query = select(c.id).where(c.account_id == account_id, c.dismissed_at.is_(None)).limit(1)
    return connection.scalar(query) is not None


def payload(connection: Connection, account_id: int, order_id: str) -> bytes | None:
    """Amazon's JSON without the personal fields."""
    return connection.scalar(select(_quarantine.c.payload).where(*_same(account_id, order_id)))


def personal(connection: Connection, cipher: Cipher, account_id: int, order_id: str) -> dict[str, str]:
    """The personal fields; empty when there are none (left). Raises `ChanneldError("wrong_key")`."""
    sealed = connection.scalar(select(_quarantine.c.sealed).where(*_same(account_id, order_id)))
    return {} if sealed is None else _decode(cipher.open(sealed, _context(account_id, order_id)))


def entries(connection: Connection, limit: int, channel_id: int | None = None) -> list[Quarantined]:
    """The oldest first, and at the end what was dismissed."""
    c = _quarantine.c
    query = select(*_columns).order_by(c.dismissed_at.is_not(None), c.first_at, c.id).limit(limit)
    if channel_id is not None:
        query = query.where(_quarantine.c.channel_id == channel_id)
    return all_as(connection, Quarantined, query)


def without_channel(connection: Connection) -> dict[int, int]:
    """How many need a person and belong to no known channel, by account."""
    c = _quarantine.c
    query = (
        select(c.account_id, func.count().label("orders"))
        .where(c.channel_id.is_(None), c.dismissed_at.is_(None))
        .group_by(c.account_id)
    )
    return {row.account_id: row.orders for row in connection.execute(query)}


def due(
    connection: Connection, account_id: int, now: datetime, limit: int, *, channel_id: int
) -> list[Quarantined]:
    """What is to be tried again now for a channel, the longest overdue first."""
    given = {"account": account_id, "channel": channel_id, "now": now, "at_most": limit}
    return all_as(connection, Quarantined, _due_query(), given)


def next_due(connection: Connection, account_id: int, *, channel_id: int) -> datetime | None:
    """When the next one is to be tried again."""
    return connection.scalar(_next_due_query(), {"account": account_id, "channel": channel_id})


def purge_due(unit: Unit, now: datetime, limit: int) -> int:
    """Remove personal parts that are past their time; how many."""
    overdue = (
        select(_quarantine.c.id)
        .where(_quarantine.c.sealed.is_not(None), _quarantine.c.purge_at <= now)
        .limit(limit)
    )
    return unit.connection.execute(
        update(_quarantine).where(_quarantine.c.id.in_(overdue)).values(sealed=None)
    ).rowcount


@cache
def _due_query() -> Select[Any]:
    at = _quarantine.c.next_attempt_at
    is_due = at <= bindparam("now", type_=Instant)
    return select(*_columns).where(*_of_channel(), is_due).order_by(at).limit(bindparam("at_most"))


@cache
def _next_due_query() -> Select[Any]:
    at = _quarantine.c.next_attempt_at
    return select(at).where(*_of_channel(), at.is_not(None)).order_by(at).limit(1)


def _of_channel() -> tuple[ColumnElement[bool], ...]:
    """Entries of the channel; those that nobody knows the channel of go to the account's first one."""
    c, channel = _quarantine.c, tables.channels.c
    account_id, channel_id = bindparam("account", type_=Integer), bindparam("channel", type_=Integer)
    first = (
        select(func.min(channel.id))
        .where(channel.account_id == account_id, channel.enabled.is_(True), channel.removed_at.is_(None))
        .scalar_subquery()
    )
    unknown = and_(c.channel_id.is_(None), channel_id == first)
    return c.account_id == account_id, or_(c.channel_id == channel_id, unknown)


def _tell(unit: Unit, account_id: int, order_id: str, channel_id: int | None) -> None:
    """Its row is another one, and so is the number that its channel shows."""
    unit.changed("quarantined", (account_id, order_id))
    if channel_id is not None:
        unit.changed("channel", channel_id)


def _same(account_id: int, order_id: str) -> tuple[ColumnElement[bool], ...]:
    return (_quarantine.c.account_id == account_id, _quarantine.c.order_id == order_id)


def _context(account_id: int, order_id: str) -> str:
    return QUARANTINED.context(account_id, order_id)
