"""Feeds: what carries many pieces of work at once, and what Amazon said to each message."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, case, func, select, text, update

from channeld.store import tables
from channeld.store.batch import Append
from channeld.store.ledger import MovedMeanwhile
from channeld.store.rows import add_row, all_as, first_as, given
from channeld.store.tables.ledger import ABANDONED, RUNNING
from channeld.store.unit import Unit

__all__ = [
    "FeedMessage",
    "FeedRecord",
    "abandoned",
    "abandoned_with",
    "add",
    "by_feed_id",
    "end",
    "get",
    "known_ids",
    "last",
    "latest",
    "messages",
    "next_look_back",
    "note_results",
    "of_work",
    "open_lanes",
    "running",
    "save",
    "stuck",
    "unjudged",
]

_feeds, _messages = tables.feeds, tables.feed_messages
_append = Append(_messages, ("feed_pk", "message_id", "work_id", "result", "code"))
_is_running, _is_abandoned = text(RUNNING), text(ABANDONED)


class FeedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One feed (Amazon's reference, section 6)."""

    account_id: int
    feed_type: str
    state: str = "preparing"
    """`preparing`: its document is on its way, Amazon knows of no feed; `sending`: it is being created;
    `submitted`; `unknown`: it may have been created; `done`, `cancelled`, `fatal`; `not created`; `lost`:
    which of Amazon's it is cannot be told, or Amazon knows it no more; `abandoned`: a person gave it up."""
    feed_id: str = ""
    """Amazon's."""
    document_id: str = ""
    marketplaces: tuple[str, ...] = ()
    messages: int = 0
    amazon_status: str = ""
    moved_at: datetime | None = None
    """When that status was first seen."""
    created_at: datetime
    sent_at: datetime | None = None
    """When its creation was asked for."""
    submitted_at: datetime | None = None
    look_at: datetime | None = None
    looks: int = 0
    """For an unknown one: looks that found no such feed."""
    adopted: bool = False
    """Its creation got no answer and it was found afterwards: its report alone is no proof."""
    stuck_since: datetime | None = None
    silent_since: datetime | None = None
    """Since when looks at it, or for it, have brought no answer."""
    ended_at: datetime | None = None
    successful: int | None = None
    with_error: int | None = None
    with_warning: int | None = None
    reason: str = ""
    hint: str = ""
    id: int = 0
    version: int = 0


class FeedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a feed."""

    feed_pk: int
    message_id: int
    work_id: int
    result: str = ""
    code: str = ""


def add(unit: Unit, feed: FeedRecord, work_ids: Sequence[int]) -> FeedRecord:
    """Store a new feed; its messages are numbered from 1 in the order given."""
    values = msgspec.structs.asdict(feed) | {"messages": len(work_ids), "version": 1}
    del values["id"]
    stored = msgspec.structs.replace(
        feed, id=add_row(unit.connection, _feeds, values), messages=len(work_ids), version=1
    )
    rows = ((stored.id, number, work_id, "", "") for number, work_id in enumerate(work_ids, start=1))
    _append.run(unit.connection, rows)
    _note(unit, stored)
    return stored


def save(unit: Unit, feed: FeedRecord) -> FeedRecord:
    """Replace a feed that was read in this unit; the version in the answer has grown."""
    saved = msgspec.structs.replace(feed, version=feed.version + 1)
    values = msgspec.structs.asdict(saved)
    as_read = (_feeds.c.id == feed.id, _feeds.c.version == feed.version)
    if unit.connection.execute(update(_feeds).where(*as_read).values(values)).rowcount != 1:
        raise MovedMeanwhile(f"feed {feed.id}")
    _note(unit, saved)
    return saved


def end(
    unit: Unit, feed: FeedRecord, state: str, now: datetime, reason: str, /, **changes: Any
) -> FeedRecord:
    """It has ended so; the lane does not wait for it any more. `changes`: what else is different then."""
    standing = {"look_at": None, "stuck_since": None, "silent_since": None, "hint": ""}
    ended = {"state": state, "ended_at": now, "reason": reason}
    return save(unit, msgspec.structs.replace(feed, **(standing | ended | changes)))


def get(connection: Connection, feed_pk: int) -> FeedRecord | None:
    return first_as(connection, FeedRecord, select(_feeds).where(_feeds.c.id == feed_pk))


def by_feed_id(connection: Connection, feed_id: str) -> FeedRecord | None:
    """By Amazon's id."""
    query = select(_feeds).where(_feeds.c.feed_id == feed_id).order_by(_feeds.c.id)
    return first_as(connection, FeedRecord, query)


def stuck(connection: Connection) -> list[FeedRecord]:
    """Feeds that have not moved for longer than they should, the oldest first."""
    where = (_is_running, _feeds.c.stuck_since.is_not(None))
    found = all_as(connection, FeedRecord, select(_feeds).where(*where))
    return sorted(found, key=lambda feed: feed.id)  # asked to, SQLite would go through all feeds for it


def running(connection: Connection, account_id: int, feed_type: str) -> FeedRecord | None:
    """The feed that the lane waits for, if there is one."""
    where = (*_lane(account_id, feed_type), _is_running)
    return first_as(connection, FeedRecord, select(_feeds).where(*where).order_by(_feeds.c.id))


def abandoned(connection: Connection, account_id: int, feed_type: str, now: datetime) -> FeedRecord | None:
    """One that was given up and is to be looked at again now, the longest overdue first."""
    where = (*_lane(account_id, feed_type), _is_abandoned, _feeds.c.look_at <= now)
    return first_as(connection, FeedRecord, select(_feeds).where(*where).order_by(_feeds.c.look_at).limit(1))


def abandoned_with(connection: Connection, work_ids: Collection[int]) -> list[FeedRecord]:
    """Those that were given up and have not said yet what became of this work, the oldest first."""
    waiting = select(_messages.c.feed_pk).where(
        _messages.c.work_id.in_(given("ids")), _messages.c.result == ""
    )
    query = select(_feeds).where(_is_abandoned, _feeds.c.id.in_(waiting)).order_by(_feeds.c.id)
    return all_as(connection, FeedRecord, query, {"ids": tuple(work_ids)})


def next_look_back(connection: Connection, account_id: int, feed_type: str) -> datetime | None:
    """When one that was given up is looked at again, past or future."""
    where = (*_lane(account_id, feed_type), _is_abandoned)
    return connection.scalar(select(func.min(_feeds.c.look_at)).where(*where))


def last(connection: Connection, account_id: int, feed_type: str) -> FeedRecord | None:
    """The newest that Amazon has, or may have: the pause between two counts from it."""
    where = (*_lane(account_id, feed_type), _feeds.c.sent_at.is_not(None), _feeds.c.state != "not created")
    return first_as(
        connection, FeedRecord, select(_feeds).where(*where).order_by(_feeds.c.id.desc()).limit(1)
    )


def known_ids(connection: Connection, account_id: int, feed_ids: Collection[str]) -> set[str]:
    """Which of Amazon's feeds are ours."""
    where = (_feeds.c.account_id == account_id, _feeds.c.feed_id.in_(feed_ids))
    return set(connection.scalars(select(_feeds.c.feed_id).where(*where)))


def latest(
    connection: Connection,
    limit: int,
    account_id: int | None = None,
    feed_type: str | None = None,
    ids: Collection[int] | None = None,
) -> list[FeedRecord]:
    """The newest first."""
    query = select(_feeds).order_by(_feeds.c.id.desc()).limit(limit)
    if account_id is not None:
        query = query.where(_feeds.c.account_id == account_id)
    if feed_type is not None:
        query = query.where(_feeds.c.feed_type == feed_type)
    if ids is not None:
        query = query.where(_feeds.c.id.in_(ids))
    return all_as(connection, FeedRecord, query)


def messages(connection: Connection, feed_pk: int, limit: int = 100_000) -> list[FeedMessage]:
    """What is in it; what did not succeed first."""
    rank = case(
        (_messages.c.result.in_(("error", "unknown")), 0), (_messages.c.result == "warning", 1), else_=2
    )
    query = select(_messages).where(_messages.c.feed_pk == feed_pk).order_by(rank, _messages.c.message_id)
    return all_as(connection, FeedMessage, query.limit(limit))


def unjudged(connection: Connection, feed_pk: int, limit: int) -> list[FeedMessage]:
    """Messages whose result has not been taken down yet, by number."""
    where = (_messages.c.feed_pk == feed_pk, _messages.c.result == "")
    query = select(_messages).where(*where).order_by(_messages.c.message_id).limit(limit)
    return all_as(connection, FeedMessage, query)


def of_work(connection: Connection, work_id: int) -> list[tuple[FeedRecord, FeedMessage]]:
    """Every feed that has carried a piece of work, the oldest first."""
    query = select(_messages).where(_messages.c.work_id == work_id).order_by(_messages.c.feed_pk)
    found = all_as(connection, FeedMessage, query)
    carried = {feed.id: feed for feed in latest(connection, len(found), ids=[m.feed_pk for m in found])}
    return [(carried[message.feed_pk], message) for message in found]


def note_results(unit: Unit, feed_pk: int, results: Mapping[int, tuple[str, str]]) -> None:
    """Outcome and Amazon's code for each message."""
    unit.connection.exec_driver_sql(
        "UPDATE feed_messages SET result = ?, code = ? WHERE feed_pk = ? AND message_id = ?",
        [(result, code, feed_pk, message_id) for message_id, (result, code) in results.items()],
    )


def open_lanes(connection: Connection) -> set[tuple[int, str]]:
    """Accounts and feed types with a feed that has not ended."""
    query = select(_feeds.c.account_id, _feeds.c.feed_type).distinct().where(_is_running)
    return {(row.account_id, row.feed_type) for row in connection.execute(query)}


def _lane(account_id: int, feed_type: str) -> tuple[ColumnElement[bool], ...]:
    return _feeds.c.account_id == account_id, _feeds.c.feed_type == feed_type


def _note(unit: Unit, feed: FeedRecord) -> None:
    unit.changed("feed", feed.id)
    if feed.ended_at is not None:
        unit.changed("lane_free", (feed.account_id, feed.feed_type))
