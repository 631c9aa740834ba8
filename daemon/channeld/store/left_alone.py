"""Orders seen that are no work of ours: FBA orders while FBA is off, other sales channels' (C0, F1)."""

from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select

from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.rows import given
from channeld.store.unit import Unit

__all__ = ["LeftAlone", "counts", "forget", "note"]

_left_alone = tables.left_alone
_upsert = Upsert(
    _left_alone,
    [column.name for column in _left_alone.c],
    key=("account_id", "order_id"),
)
_forget_given = delete(_left_alone).where(
    _left_alone.c.account_id == bindparam("account"), _left_alone.c.order_id.in_(given("order_ids"))
)


class LeftAlone(msgspec.Struct, frozen=True, kw_only=True):
    """One such order."""

    account_id: int
    order_id: str
    channel_id: int | None
    """None for an order of another sales channel."""


def note(unit: Unit, seen: Iterable[LeftAlone]) -> None:
    """Count these orders, each once however often it is seen."""
    _upsert.run(unit.connection, ([each.account_id, each.order_id, each.channel_id] for each in seen))


def forget(unit: Unit, account_id: int, order_ids: Collection[str]) -> None:
    """These are work of ours now."""
    if order_ids:
        unit.connection.execute(_forget_given, {"account": account_id, "order_ids": tuple(order_ids)})


def counts(connection: Connection) -> dict[int, int]:
    """How many FBA orders were counted, by the channel's id."""
    c = _left_alone.c
    query = select(c.channel_id, func.count()).where(c.channel_id.is_not(None)).group_by(c.channel_id)
    return {row[0]: row[1] for row in connection.execute(query)}
