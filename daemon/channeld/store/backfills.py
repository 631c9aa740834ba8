"""Backfills that read orders by their ids beside the search, and the orders that are left of them."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.rows import all_as, first_as, given
from channeld.store.unit import Unit

__all__ = [
    "Backfill",
    "BackfillOrder",
    "begin",
    "drop",
    "edge",
    "left",
    "newest",
    "note_read",
    "of_account",
    "oldest",
    "put",
    "start",
    "stir",
]

_backfills, _orders = tables.backfills, tables.backfill_orders
_upsert = Upsert(_orders, [column.name for column in _orders.c], key=("account_id", "order_id"))
_of_account = select(_backfills).where(_backfills.c.account_id == bindparam("account"))
_note_read = delete(_orders).where(
    _orders.c.account_id == bindparam("account"), _orders.c.order_id.in_(given("order_ids"))
)


class Backfill(msgspec.Struct, frozen=True, kw_only=True):
    """One account's."""

    account_id: int
    report_pk: int
    """The report that tells the ids."""
    channel_ids: tuple[int, ...]
    data_from: datetime
    data_to: datetime
    running: bool = False
    """False while its orders are still being collected."""
    orders: int = 0
    """How many were to be read when it began."""
    started_at: datetime
    moved_at: datetime
    """When an order was last read by its id."""


class BackfillOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order that the book lacks."""

    account_id: int
    order_id: str
    channel_id: int
    updated_at: datetime
    """As the report says, to the second."""
    wanted: bool
    """False for one that need not be in the book, but is on the pages of searches."""


def of_account(connection: Connection, account_id: int) -> Backfill | None:
    """The account's, running or being collected."""
    return first_as(connection, Backfill, _of_account, {"account": account_id})


def begin(unit: Unit, backfill: Backfill) -> None:
    """Collect anew; what was collected before, or is left of another one, is dropped."""
    drop(unit, backfill.account_id)
    unit.connection.execute(insert(_backfills).values(msgspec.structs.asdict(backfill)))


def put(unit: Unit, collected: Iterable[BackfillOrder]) -> None:
    """Add orders to those that are to be read."""
    _upsert.run(unit.connection, ([getattr(each, name) for name in _upsert.columns] for each in collected))


def start(unit: Unit, account_id: int, orders: int, at: datetime) -> None:
    """All are collected: both routes begin."""
    _set(unit, account_id, running=True, orders=orders, started_at=at, moved_at=at)
    unit.changed("backfill", account_id)


def stir(unit: Unit, account_id: int, at: datetime) -> None:
    """It goes on."""
    _set(unit, account_id, moved_at=at)


def drop(unit: Unit, account_id: int, channel_id: int | None = None) -> None:
    """Forget it, if the channel that is given takes part in it: searches go on alone."""
    found = of_account(unit.connection, account_id)
    if found is not None and (channel_id is None or channel_id in found.channel_ids):
        unit.connection.execute(delete(_orders).where(_orders.c.account_id == account_id))
        unit.connection.execute(delete(_backfills).where(_backfills.c.account_id == account_id))
        unit.changed("backfill", account_id)


def note_read(unit: Unit, account_id: int, order_ids: Collection[str]) -> None:
    """These need not be read any more, whoever has read them."""
    unit.connection.execute(_note_read, {"account": account_id, "order_ids": tuple(order_ids)})


def left(connection: Connection, account_id: int, after: datetime | None = None) -> int:
    """How many are still to be read; of those that changed after then."""
    return connection.scalar(select(func.count()).where(*_wanted(account_id, after))) or 0


def newest(
    connection: Connection, account_id: int, after: datetime | None, limit: int
) -> list[BackfillOrder]:
    """Those to be read by id next, which changed after then, the newest first."""
    c = _orders.c
    query = select(_orders).where(*_wanted(account_id, after)).order_by(c.updated_at.desc(), c.order_id)
    return all_as(connection, BackfillOrder, query.limit(limit))


def oldest(connection: Connection, account_id: int, after: datetime) -> datetime | None:
    """The first order after then that is not read."""
    return connection.scalar(
        select(_orders.c.updated_at)
        .where(_orders.c.account_id == account_id, _orders.c.updated_at > after)
        .order_by(_orders.c.updated_at)
        .limit(1)
    )


def edge(
    connection: Connection, account_id: int, after: datetime, orders: int
) -> tuple[datetime, datetime | None] | None:
    """Of the orders that searches show after then: when the last of so many changed, and the next one."""
    c = _orders.c
    query = select(c.updated_at).where(c.account_id == account_id, c.updated_at > after)
    found = list(connection.scalars(query.order_by(c.updated_at, c.order_id).offset(orders - 1).limit(2)))
    return (found[0], found[1] if len(found) > 1 else None) if found else None


def _wanted(account_id: int, after: datetime | None) -> list[ColumnElement[bool]]:
    c = _orders.c
    where: list[ColumnElement[bool]] = [c.account_id == account_id, c.wanted.is_(True)]
    return where if after is None else [*where, c.updated_at > after]


def _set(unit: Unit, account_id: int, **values: object) -> None:
    unit.connection.execute(update(_backfills).where(_backfills.c.account_id == account_id).values(values))
