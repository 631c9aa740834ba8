"""What of the ledger is to be done now, and when there is something again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, text, update

from channeld.domain.ledger.route import Route
from channeld.store import tables
from channeld.store.ledger_records import WorkRecord
from channeld.store.rows import all_as, given
from channeld.store.tables.ledger import OPEN_WORK_SQL
from channeld.store.unit import Unit

__all__ = [
    "Backlog",
    "backlog",
    "calls",
    "count_unrouted",
    "for_feed",
    "next_at",
    "next_look",
    "overdue_for_feed",
    "reroute",
    "sending",
    "to_look_for",
    "waiting_for_feed",
]

_work = tables.work
_is_open = text(OPEN_WORK_SQL)
_queued = and_(_is_open, _work.c.state == "queued", _work.c.feed_pk.is_(None))
_in_doubt = and_(_is_open, _work.c.state == "unknown", _work.c.route == Route.CALL)
"""Sent by a request of its own, which may be repeated."""
_ready_at = func.max(
    _work.c.next_at, func.coalesce(_work.c.admitted_at, _work.c.next_at), type_=_work.c.next_at.type
)
"""When it may go. What is checked before each try may go from then on; much of it is checked one by one."""
_waits_for_feed = and_(_queued, _work.c.route.in_((Route.FEED, Route.BULK)))
_EITHER_WAY = (Route.UNDECIDED, Route.CALL, Route.BULK)
_callable = _work.c.route.in_((Route.UNDECIDED, Route.CALL))


def calls(connection: Connection, channel_id: int, kind: str, now: datetime, limit: int) -> list[WorkRecord]:
    """What may go by a request of its own now, the nearest deadline first."""
    due = or_(and_(_queued, _callable), _in_doubt)
    query = _nearest_first(select(_work).where(_of(channel_id, kind), due, _work.c.next_at <= now))
    return all_as(connection, WorkRecord, query.limit(limit))


def count_unrouted(connection: Connection, channel_ids: Collection[int], kind: str, now: datetime) -> int:
    """How many may go by a request or by a feed now, over these channels."""
    where = (_queued, _work.c.channel_id.in_(channel_ids), _work.c.kind == kind, _work.c.next_at <= now)
    return connection.scalar(select(func.count()).where(*where, _work.c.route.in_(_EITHER_WAY))) or 0


def reroute(unit: Unit, channel_id: int, kind: str, route: Route, now: datetime) -> None:
    """Send what is queued and may go either way by this way."""
    changed = unit.connection.execute(
        update(_work)
        .where(_queued, _of(channel_id, kind), _work.c.route.in_(_EITHER_WAY), _work.c.route != route)
        .where(_work.c.next_at <= now)
        .values(route=route, version=_work.c.version + 1)
        .returning(_work.c.id, _work.c.account_id)
    ).all()
    if changed:
        unit.changed("work", *(row.id for row in changed))
        unit.changed("feed_lane", (changed[0].account_id, kind))


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """Work that waits for the same feed."""

    first: datetime
    """When the first of it may go, past or future."""
    due: int
    """How much may go now."""
    last: datetime
    """Since when the newest of that may go."""


def backlog(
    connection: Connection, channel_ids: Collection[int], kind: str, routes: Sequence[Route], now: datetime
) -> Backlog | None:
    """What waits on these routes; None: nothing."""
    where = (_work.c.channel_id.in_(channel_ids), _work.c.kind == kind, _work.c.route.in_(routes))
    is_due = _work.c.next_at <= now
    first, due, last = connection.execute(
        select(func.min(_ready_at), func.count().filter(is_due), func.max(_ready_at).filter(is_due)).where(
            _queued, *where
        )
    ).one()
    return Backlog(first=first, due=due, last=last or first) if first else None


def for_feed(
    connection: Connection, channel_ids: Collection[int], kind: str, now: datetime, limit: int
) -> list[int]:
    """Ids of what waits for a feed of these channels now, the nearest deadline first."""
    where = (_work.c.channel_id.in_(channel_ids), _work.c.kind == kind, _work.c.next_at <= now)
    query = select(_work.c.id).where(*where, _waits_for_feed)
    return list(connection.scalars(_nearest_first(query).limit(limit)))


def overdue_for_feed(
    connection: Connection,
    channel_ids: Collection[int],
    kind: str,
    *,
    routes: Collection[Route],
    taken_at: datetime,
    came_before: datetime | None,
    now: datetime,
    limit: int,
) -> list[WorkRecord]:
    """Work that waits, on these routes, for a lane that was taken then, and has for too long, by id.

    Its window has closed since; or it has no such window, and was to be sent before `came_before`.
    """
    in_time = and_(_work.c.window_until >= taken_at, _work.c.window_until <= now)
    without = or_(_work.c.window_until.is_(None), _work.c.window_until < taken_at)
    over = or_(in_time, and_(without, _work.c.next_at <= came_before)) if came_before else in_time
    waits = and_(_queued, _work.c.route.in_(routes))
    where = (_work.c.channel_id.in_(channel_ids), _work.c.kind == kind, waits, over)
    return all_as(connection, WorkRecord, select(_work).where(*where).order_by(_work.c.id).limit(limit))


def waiting_for_feed(connection: Connection, ids: Collection[int]) -> list[WorkRecord]:
    """Those of them that wait for a feed still, in the order given."""
    place = {work_id: number for number, work_id in enumerate(ids)}
    query = select(_work).where(_work.c.id.in_(given("ids")), _waits_for_feed)
    found = all_as(connection, WorkRecord, query, {"ids": tuple(ids)})
    return sorted(found, key=lambda record: place[record.id])


def next_at(
    connection: Connection, channel_ids: Collection[int], kind: str, routes: Sequence[Route]
) -> datetime | None:
    """When there is something to try again on these routes, past or future."""
    where = (_work.c.channel_id.in_(channel_ids), _work.c.kind == kind, _work.c.route.in_(routes))
    due = or_(_queued, _in_doubt)
    return connection.scalar(select(func.min(_work.c.next_at)).where(due, *where))


def to_look_for(
    connection: Connection, channel_id: int, kind: str, now: datetime, limit: int
) -> list[WorkRecord]:
    """Work whose effect is to be looked for now, the longest overdue first."""
    where = (_work.c.look_at.is_not(None), _of(channel_id, kind), _work.c.look_at <= now)
    return all_as(connection, WorkRecord, select(_work).where(*where).order_by(_work.c.look_at).limit(limit))


def next_look(connection: Connection, channel_id: int, kind: str) -> datetime | None:
    """When an effect is to be looked for again, past or future."""
    where = (_work.c.look_at.is_not(None), _of(channel_id, kind))
    return connection.scalar(select(func.min(_work.c.look_at)).where(*where))


def sending(connection: Connection, channel_id: int, kind: str) -> list[WorkRecord]:
    """What was being sent by a request of its own: after a start, what a death has left in doubt."""
    where = (_is_open, _of(channel_id, kind), _work.c.state == "sending", _work.c.feed_pk.is_(None))
    return all_as(connection, WorkRecord, select(_work).where(*where))


def _of(channel_id: int, kind: str) -> ColumnElement[bool]:
    return and_(_work.c.channel_id == channel_id, _work.c.kind == kind)


def _nearest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(_work.c.deadline.is_(None), _work.c.deadline, _work.c.id)
