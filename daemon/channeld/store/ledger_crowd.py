"""One move of all work that a feed carries, as one statement: the state machine decides what moves."""

from typing import Any

import msgspec
from sqlalchemy import case, update
from sqlalchemy.sql.dml import ReturningUpdate

from channeld.domain.ledger.states import MOVES, Event
from channeld.store import tables
from channeld.store.ledger import MovedMeanwhile
from channeld.store.unit import Unit

__all__ = ["AS_BEFORE", "NOW_IN_DOUBT", "Moved", "claim", "move"]

_work = tables.work


class Moved(msgspec.Struct, frozen=True):
    """A row that moved."""

    id: int
    account_id: int
    channel_id: int
    order_id: str
    kind: str


NOW_IN_DOUBT = case((_work.c.in_doubt == 0, 1), else_=_work.c.in_doubt)
"""Its submission leaves now."""
AS_BEFORE = case((_work.c.in_doubt == 1, 0), else_=_work.c.in_doubt)
"""That submission certainly had no effect."""
_moved = tuple(_work.c[name] for name in Moved.__struct_fields__)


def move(unit: Unit, feed_pk: int, event: Event, /, **changes: object) -> list[Moved]:
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


def claim(unit: Unit, feed_pk: int, rows: list[tuple[int, int]]) -> None:
    """Let the feed carry queued work, given as id and version: all of it, or `MovedMeanwhile` is raised."""
    taken = unit.connection.exec_driver_sql(
        "UPDATE work SET feed_pk = ?, version = version + 1"
        " WHERE id = ? AND version = ? AND state = 'queued' AND feed_pk IS NULL",
        [(feed_pk, work_id, version) for work_id, version in rows],
    )
    if taken.rowcount != len(rows):
        raise MovedMeanwhile(f"{len(rows) - taken.rowcount} of {len(rows)} for feed {feed_pk}")
    unit.changed("work", *(work_id for work_id, _ in rows))


def _noted(unit: Unit, statement: ReturningUpdate[Any]) -> list[Moved]:
    moved = sorted((Moved(*row) for row in unit.connection.execute(statement).all()), key=lambda m: m.id)
    unit.changed("work", *(each.id for each in moved))
    unit.changed("due", *((each.channel_id, each.order_id) for each in moved))
    unit.changed("outbound", *{(each.channel_id, each.kind) for each in moved})
    return moved
