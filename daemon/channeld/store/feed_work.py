"""One move of all work that a feed carries, as one statement: the state machine decides what moves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, case, literal, null, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import MOVES, Event, State
from channeld.store import tables
from channeld.store.columns import Instant
from channeld.store.ledger import MovedMeanwhile
from channeld.store.unit import Unit

__all__ = [
    "AS_BEFORE",
    "NOW_IN_DOUBT",
    "Moved",
    "claim",
    "in_doubt_since",
    "let_go",
    "move",
    "stands_as_claimed",
]

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


def in_doubt_since(now: datetime) -> ColumnElement[datetime | None]:
    """Unless one before it is in doubt as well, from now on."""
    return case((_work.c.in_doubt == 0, literal(now, Instant)), else_=_work.c.in_doubt_since)


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


def stands_as_claimed(connection: Connection, feed_pk: int, rows: Iterable[tuple[int, int]]) -> bool:
    """Whether nothing of this work, given as it was for `claim`, has changed since the feed has it."""
    query = select(_work.c.id, _work.c.version).where(
        _work.c.feed_pk == feed_pk, _work.c.state == State.QUEUED
    )
    found = {row.id: row.version for row in connection.execute(query)}
    return found == {work_id: version + 1 for work_id, version in rows}


def let_go(unit: Unit, feed_pk: int, now: datetime, /, **changes: object) -> list[Moved]:
    """What is in doubt leaves the feed: what may go by a request of its own does, the rest is looked for now.

    By id. It stays in doubt.
    """
    at_once, is_bulk = literal(now, Instant), _work.c.route == Route.BULK
    statement = (
        update(_work)
        .where(_work.c.feed_pk == feed_pk, _work.c.state == State.UNKNOWN)
        .values(
            feed_pk=None,
            route=case((is_bulk, literal(Route.CALL, _work.c.route.type)), else_=_work.c.route),
            next_at=case((is_bulk, at_once), else_=_work.c.next_at),
            look_at=case((is_bulk, null()), else_=at_once),
            version=_work.c.version + 1,
            **changes,
        )
        .returning(*_moved)
    )
    return _noted(unit, statement)


def _noted(unit: Unit, statement: ReturningUpdate[Any]) -> list[Moved]:
    moved = sorted((Moved(*row) for row in unit.connection.execute(statement).all()), key=lambda m: m.id)
    unit.changed("work", *(each.id for each in moved))
    unit.changed("due", *((each.channel_id, each.order_id) for each in moved))
    unit.changed("outbound", *{(each.channel_id, each.kind) for each in moved})
    return moved
