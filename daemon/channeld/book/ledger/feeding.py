"""Work goes into a feed: which, and what becomes of the feed's creation (design, section 4; semantics C3).

A feed is `preparing` while its document is on its way: Amazon knows of no feed, and its work is still queued.
It is `sending` from just before its creation is asked for, with its work; what dies there is in doubt.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import ORDER_FEED_MESSAGES, ORDER_FEED_PAUSE
from channeld.book.ledger.crowd import all_begin, all_in_doubt, all_put_back, all_taken
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import Hand, failed
from channeld.book.ledger.step import is_looked_at_first
from channeld.domain.ledger.kinds import Kind
from channeld.domain.ledger.states import OPEN, State
from channeld.store import channels, feeds, ledger, ledger_crowd, ledger_due
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = [
    "Lane",
    "created",
    "creating",
    "gathering",
    "in_doubt",
    "look_at_lane",
    "not_created",
    "prepare",
    "send_back",
    "stale",
    "unsayable",
]

GATHER = timedelta(seconds=30)
"""So long work waits for more to go with it, as the next feed may have to wait for 20 minutes."""
CROWD, QUIET = 100, timedelta(seconds=5)
"""So much work has come in one go, as from a file: when no more has come for that long, that was all."""
ADMITTED_FOR = timedelta(minutes=5)
"""So long a look at the finances is good for a try; in a pause between feeds they may change."""
FIRST_WATCH = timedelta(seconds=30)
FIRST_SEARCH = timedelta(minutes=6)
"""After a creation without an answer: until then the feed may still appear among Amazon's."""
AT_ONCE = 500
"""Rows of which each gets a move of its own in one unit of work."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """How the lane of one account and feed type stands."""

    running: FeedRecord | None = None
    """The feed that it waits for."""
    waiting: tuple[int, ...] = ()
    """Ids of what goes into the next feed, the nearest deadline first."""
    marketplaces: Mapping[int, str] = {}
    """Of each channel that may send now."""
    free_at: datetime | None = None
    """When the next feed may be made; None: there is nothing for one."""
    look_back_at: datetime | None = None
    """When one that was given up is looked at again, past or future."""


def look_at_lane(connection: Connection, account_id: int, kind: Kind, instance: str, now: datetime) -> Lane:
    """One state of the store."""
    back = feeds.next_look_back(connection, account_id, kind.feed_type)
    running = feeds.running(connection, account_id, kind.feed_type)
    if running is not None:
        return Lane(running=running, look_back_at=back)
    free = {c.id: c for c in channels.of_account(connection, account_id) if not held(connection, c, instance)}
    routes = ("feed", "bulk")
    crowd = ledger_due.crowd(connection, tuple(free), kind.name, routes, now)
    if crowd is None:
        return Lane(look_back_at=back)
    last = feeds.last(connection, account_id, kind.feed_type)
    pause = last.sent_at + ORDER_FEED_PAUSE if last and last.sent_at else crowd.first
    free_at = max(min(crowd.first + GATHER, crowd.last + gathering(crowd.due)), pause)
    if free_at > now:
        return Lane(free_at=free_at, look_back_at=back)
    waiting = ledger_due.for_feed(connection, tuple(free), kind.name, now, ORDER_FEED_MESSAGES)
    marketplaces = {channel_id: channel.marketplace_id for channel_id, channel in free.items()}
    return Lane(waiting=tuple(waiting), marketplaces=marketplaces, free_at=free_at, look_back_at=back)


def gathering(count: int) -> timedelta:
    """How long so much work waits for more to go with it: a full feed not at all, a crowd hardly."""
    if count >= ORDER_FEED_MESSAGES:
        return timedelta()
    return QUIET if count >= CROWD else GATHER


def prepare(
    unit: Unit,
    account_id: int,
    kind: Kind,
    rows: Sequence[WorkRecord],
    marketplaces: Sequence[str],
    hand: Hand,
) -> FeedRecord | None:
    """A feed for these rows, numbered as they stand here. None, and nothing done, if one has moved."""
    present = ledger.versions(unit.connection, [row.id for row in rows])
    if any(present.get(row.id) != row.version for row in rows):
        return None
    feed = FeedRecord(
        account_id=account_id, feed_type=kind.feed_type, marketplaces=tuple(marketplaces), created_at=hand.now
    )
    stored = feeds.add(unit, feed, [row.id for row in rows])
    ledger_crowd.claim(unit, stored.id, [(row.id, row.version) for row in rows])
    return stored


def unsayable(unit: Unit, work_id: int, reason: str, hand: Hand) -> None:
    """No feed can carry it as it is; the others go without it."""
    record = ledger.get(unit.connection, work_id)
    if record is not None and record.state in OPEN and record.feed_pk is None:
        hint = "Dismiss it and ask for it anew without that."
        failed(unit, record, hand, Failure(code="unsayable", reason=reason, hint=hint, lasting=True))


def stale(kind: Kind, rows: Sequence[WorkRecord], now: datetime) -> list[int]:
    """Work that was checked against what Amazon shows too long ago to be sent now, by id (C2, C3)."""
    checked = [row for row in rows if kind.reconciled or is_looked_at_first(row)]
    return [row.id for row in checked if row.admitted_at is None or now - row.admitted_at > ADMITTED_FOR]


def send_back(unit: Unit, work_ids: Sequence[int]) -> None:
    """It is checked anew before a feed takes it."""
    for record in ledger.by_ids(unit.connection, work_ids):
        if record.state is State.QUEUED and record.feed_pk is None and record.route == "feed":
            ledger.save(unit, msgspec.structs.replace(record, route=""))


def creating(
    unit: Unit, feed_pk: int, rows: Sequence[WorkRecord], document_id: str, instance: str, hand: Hand
) -> FeedRecord | None:
    """Its document is there, its creation is about to be asked for.

    `rows`: as they were for `prepare`, and stand in the document. None, and the feed has ended, if that is
    not to be sent any more: some of it is held by now, or was settled or changed while the document was on
    its way. The others go by the next feed.
    """
    feed = _feed(unit, feed_pk)
    stops = _stops(unit.connection, feed_pk, rows, instance)
    if stops:
        not_created(unit, feed_pk, None, hand, why=stops)
        return None
    saved = msgspec.structs.replace(feed, state="sending", document_id=document_id, sent_at=hand.now)
    all_begin(unit, feed, hand)
    return feeds.save(unit, saved)


def created(unit: Unit, feed_pk: int, feed_id: str, hand: Hand, *, adopted: bool = False) -> FeedRecord:
    """Amazon has it, as its answer says, or as was found out afterwards."""
    feed = _feed(unit, feed_pk)
    all_taken(unit, feed, hand)
    return feeds.save(
        unit,
        msgspec.structs.replace(
            feed,
            state="submitted",
            feed_id=feed_id,
            submitted_at=hand.now,
            moved_at=hand.now,
            look_at=hand.now + FIRST_WATCH,
            looks=0,
            adopted=adopted,
            stuck_since=None,
            silent_since=None,
            reason="",
            hint="",
        ),
    )


def in_doubt(unit: Unit, feed_pk: int, reason: str, hand: Hand) -> FeedRecord:
    """Nobody knows whether it was created. The lane sends nothing until that is settled."""
    feed = _feed(unit, feed_pk)
    hint = "Amazon's list of feeds is looked through; nothing of this type is sent meanwhile."
    all_in_doubt(unit, feed, hand, reason, hint)
    look_at = (feed.sent_at or hand.now) + FIRST_SEARCH
    return feeds.save(
        unit,
        msgspec.structs.replace(feed, state="unknown", look_at=look_at, looks=0, reason=reason, hint=hint),
    )


def not_created(unit: Unit, feed_pk: int, failure: Failure | None, hand: Hand, *, why: str = "") -> bool:
    """It certainly does not exist: a failed try of its work, or without a failure no try at all.

    Moves so many rows at a time; False until all have moved and the feed has ended.
    """
    feed = _feed(unit, feed_pk)
    if failure is None:
        all_put_back(unit, feed, hand)
    else:
        carried = ledger.of_feed(unit.connection, feed_pk, OPEN, AT_ONCE + 1)
        for record in carried[:AT_ONCE]:
            failed(unit, record, hand, failure)
        if len(carried) > AT_ONCE:
            return False
    reason = failure.reason if failure else why or "channeld stopped before it was sent"
    feeds.end(unit, feed, "not created", hand.now, reason)
    return True


def _stops(connection: Connection, feed_pk: int, rows: Sequence[WorkRecord], instance: str) -> str:
    """Why its document is not to be sent any more, in words; empty when it is."""
    carried = ledger.channels_of_feed(connection, feed_pk)
    if any(held(connection, channel_id, instance) for channel_id in carried):
        return "its work is held"
    claimed = [(row.id, row.version) for row in rows]
    if ledger_crowd.stands_as_claimed(connection, feed_pk, claimed):
        return ""
    return "work in it was settled or changed before it was sent; the rest goes by the next feed"


def _feed(unit: Unit, feed_pk: int) -> FeedRecord:
    feed = feeds.get(unit.connection, feed_pk)
    if feed is None:
        raise LookupError(f"feed {feed_pk}")
    return feed
