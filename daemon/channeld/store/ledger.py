"""The ledger: outbound effects, one row each, written in the transaction of the decision that caused them."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, select, text, update

from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store import tables
from channeld.store.batch import Append
from channeld.store.ledger_records import WorkRecord
from channeld.store.rows import all_as, first_as, given
from channeld.store.tables.ledger import FIRST_WORK_ID, MAY_BE_SHOWN, OPEN_WORK_SQL
from channeld.store.unit import Unit

__all__ = [
    "MovedMeanwhile",
    "add",
    "by_ids",
    "by_key",
    "channels_of_feed",
    "count_of_feed",
    "following",
    "get",
    "of_feed",
    "of_order",
    "of_orders",
    "open_of_orders",
    "save",
    "unsettled_of_orders",
    "versions",
]

_work = tables.work
_columns = tuple(column.name for column in _work.c)
_append = Append(_work, _columns)
_FIXED = (
    "id", "kind", "key", "account_id", "channel_id", "order_pk", "order_id", "follows", "deadline",
    "created_at", "created_by",
)  # fmt: skip
_changing = tuple(name for name in _columns if name not in _FIXED)
_save = (
    update(_work)
    .where(_work.c.id == bindparam("of_id"), _work.c.version == bindparam("of_version"))
    .values({name: bindparam(name, type_=_work.c[name].type) for name in _changing})
)
_of_orders = select(_work).where(_work.c.order_pk.in_(given("pks"))).order_by(_work.c.id)
_open_of = select(_work).where(text(OPEN_WORK_SQL), _work.c.order_id.in_(given("order_ids")))
_unsettled_of = _open_of.union_all(
    select(_work).where(text(MAY_BE_SHOWN), _work.c.order_id.in_(given("order_ids")))
)


class MovedMeanwhile(Exception):
    """The row is not the one that was read: two wrote it in one unit. A defect, never an outcome."""


def add(unit: Unit, new: Sequence[WorkRecord]) -> list[WorkRecord]:
    """Store new work, queued or at once ended; ids and versions are in the answer."""
    last = unit.connection.scalar(select(func.max(_work.c.id))) or 0
    first = max(last + 1, FIRST_WORK_ID)
    stored = [msgspec.structs.replace(r, id=first + n, version=1) for n, r in enumerate(new)]
    _append.run(unit.connection, ([getattr(each, name) for name in _columns] for each in stored))
    for each in stored:
        _note(unit, each)
    return stored


def save(unit: Unit, after: WorkRecord) -> WorkRecord:
    """Replace a row that was read in this unit; the version in the answer has grown."""
    saved = msgspec.structs.replace(after, version=after.version + 1)
    values: dict[str, Any] = {name: getattr(saved, name) for name in _changing}
    given_id = {"of_id": after.id, "of_version": after.version}
    if unit.connection.execute(_save, values | given_id).rowcount != 1:
        raise MovedMeanwhile(f"work {after.id}")
    _note(unit, saved)
    return saved


def get(connection: Connection, work_id: int) -> WorkRecord | None:
    return first_as(connection, WorkRecord, select(_work).where(_work.c.id == work_id))


def by_ids(connection: Connection, ids: Collection[int]) -> list[WorkRecord]:
    """Those there are, by id."""
    query = select(_work).where(_work.c.id.in_(given("ids"))).order_by(_work.c.id)
    return all_as(connection, WorkRecord, query, {"ids": tuple(ids)})


def versions(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """The present version of each of them that there is."""
    query = select(_work.c.id, _work.c.version).where(_work.c.id.in_(given("ids")))
    return {row.id: row.version for row in connection.execute(query, {"ids": tuple(ids)})}


def by_key(connection: Connection, key: str) -> WorkRecord | None:
    """The work that was queued under that key; None for a new one."""
    return first_as(connection, WorkRecord, select(_work).where(_work.c.key == key))


def of_order(connection: Connection, order_pk: int) -> list[WorkRecord]:
    """All work of an order, the oldest first."""
    query = select(_work).where(_work.c.order_pk == order_pk).order_by(_work.c.id)
    return all_as(connection, WorkRecord, query)


def of_orders(connection: Connection, order_pks: Collection[int]) -> list[WorkRecord]:
    """All work of these orders, the oldest first: one query for a page."""
    return all_as(connection, WorkRecord, _of_orders, {"pks": tuple(order_pks)})


def of_feed(
    connection: Connection, feed_pk: int, states: Collection[State], limit: int, *, after: int = 0
) -> list[WorkRecord]:
    """Work that this feed carries now, in one of these states: so much of it, by id, after that id."""
    where = (_work.c.feed_pk == feed_pk, _work.c.id > after, _work.c.state.in_(states))
    return all_as(connection, WorkRecord, select(_work).where(*where).order_by(_work.c.id).limit(limit))


def count_of_feed(connection: Connection, feed_pk: int, states: Collection[State]) -> int:
    """How much work in these states a feed carries now."""
    where = (_work.c.feed_pk == feed_pk, _work.c.state.in_(states))
    return connection.scalar(select(func.count()).select_from(_work).where(*where)) or 0


def channels_of_feed(connection: Connection, feed_pk: int) -> list[int]:
    """Channels whose work this feed carries now."""
    query = select(_work.c.channel_id).distinct().where(_work.c.feed_pk == feed_pk)
    return list(connection.scalars(query))


def following(connection: Connection, work_id: int) -> list[WorkRecord]:
    """Work whose outcome is that of another."""
    return all_as(
        connection, WorkRecord, select(_work).where(_work.c.follows == work_id).order_by(_work.c.id)
    )


def open_of_orders(connection: Connection, order_ids: Collection[str]) -> list[WorkRecord]:
    """Work of these orders of which something is still to come, on any channel: one query for a page."""
    return all_as(connection, WorkRecord, _open_of, {"order_ids": tuple(order_ids)})


def unsettled_of_orders(connection: Connection, order_ids: Collection[str]) -> list[WorkRecord]:
    """The same, and what needs a person though Amazon may still show it as done."""
    return all_as(connection, WorkRecord, _unsettled_of, {"order_ids": tuple(order_ids)})


def _note(unit: Unit, record: WorkRecord) -> None:
    """For those who watch, and for the actors that have something to do now."""
    unit.changed("work", record.id)
    unit.changed("due", (record.channel_id, record.order_id))
    unit.changed("outbound", (record.channel_id, record.kind))
    if record.route in (Route.FEED, Route.BULK):
        unit.changed("feed_lane", (record.account_id, record.kind))
