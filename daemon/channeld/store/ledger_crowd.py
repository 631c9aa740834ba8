"""One move of all work that a feed carries, as one statement: the state machine decides what moves."""

from typing import Any

import msgspec
from sqlalchemy import update
from sqlalchemy.sql.dml import ReturningUpdate

from channeld.domain.ledger.states import MOVES, Event
from channeld.store import tables
from channeld.store.unit import Unit

__all__ = ["Moved", "claim", "move", "release"]

_work = tables.work


class Moved(msgspec.Struct, frozen=True):
    """A row that moved."""

    id: int
    account_id: int
    channel_id: int
    order_id: str
    kind: str


_moved = tuple(_work.c[name] for name in Moved.__struct_fields__)


def move(unit: Unit, feed_pk: int, event: Event, **changes: object) -> list[Moved]:
    """Move what the feed carries and may move so; the rest stays. By id."""
    steps = MOVES[event]
    (to,) = set(steps.values())
    statement = (
        update(_work)
        .where(_work.c.feed_pk == feed_pk, _work.c.state.in_([state.value for state in steps]))
        .values(state=to.value, version=_work.c.version + 1, **changes)
        .returning(*_moved)
    )
    return _noted(unit, statement)


def claim(unit: Unit, feed_pk: int, rows: list[tuple[int, int]]) -> list[int]:
    """Let the feed carry queued work, given as id and version; which of it is still as it was."""
    unit.connection.exec_driver_sql(
        "UPDATE work SET feed_pk = ?, version = version + 1"
        " WHERE id = ? AND version = ? AND state = 'queued' AND feed_pk IS NULL",
        [(feed_pk, work_id, version) for work_id, version in rows],
    )
    taken = unit.connection.scalars(
        _work.select().with_only_columns(_work.c.id).where(_work.c.feed_pk == feed_pk)
    )
    ids = sorted(taken)
    unit.changed("work", *ids)
    return ids


def release(unit: Unit, feed_pk: int) -> list[Moved]:
    """The feed carries nothing any more; what was queued in it is queued again."""
    statement = (
        update(_work)
        .where(_work.c.feed_pk == feed_pk)
        .values(feed_pk=None, version=_work.c.version + 1)
        .returning(*_moved)
    )
    return _noted(unit, statement)


def _noted(unit: Unit, statement: ReturningUpdate[Any]) -> list[Moved]:
    moved = sorted((Moved(*row) for row in unit.connection.execute(statement).all()), key=lambda m: m.id)
    unit.changed("work", *(each.id for each in moved))
    unit.changed("due", *((each.channel_id, each.order_id) for each in moved))
    unit.changed("outbound", *{(each.channel_id, each.kind) for each in moved})
    return moved
