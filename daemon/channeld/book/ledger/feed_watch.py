"""A feed that Amazon has: how it moves, that it does not, and feeds that may be ours (semantics C3)."""

from collections.abc import Collection
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import ADOPTION_AFTER, ADOPTION_BEFORE
from channeld.amazon.feeds.answers import Feed
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_creation import created, not_created
from channeld.book.ledger.feed_moves import ROWS_PER_UNIT
from channeld.book.ledger.feed_stuck import present, with_standing
from channeld.book.ledger.moves import AuditStamp
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import State
from channeld.store import feeds, ledger
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["TERMINAL", "candidates", "note_status", "settle_unknown"]

TERMINAL = ("DONE", "CANCELLED", "FATAL")
BETWEEN_SEARCHES = timedelta(minutes=10)
SEARCHES = 2
"""Looks that must find no such feed before it is taken not to exist."""
_INTERVALS = (
    (timedelta(minutes=2), timedelta(seconds=30)),
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(hours=1), timedelta(minutes=2)),
)
_LONGEST = timedelta(minutes=5)


def note_status(unit: Unit, stale: FeedRecord, status: str, stamp: AuditStamp) -> FeedRecord | None:
    """Amazon showed how it stands; a feed that stands for long is stuck, and is said so.

    None: it was given up meanwhile.
    """
    feed = present(unit, stale)
    if feed is None:
        return None
    moved_at = feed.moved_at if status == feed.amazon_status else stamp.now
    look_at = stamp.now + _interval(stamp.now - (feed.submitted_at or stamp.now))
    shown = msgspec.structs.replace(feed, amazon_status=status, moved_at=moved_at, look_at=look_at)
    if status in TERMINAL:
        return feeds.save(unit, shown)
    return feeds.save(unit, with_standing(shown, moved_at or stamp.now, stamp))


def candidates(connection: Connection, feed: FeedRecord, listed: Collection[Feed]) -> list[str]:
    """Feeds of Amazon's list that may be the one whose creation got no answer: of that time, and not ours."""
    sent = feed.sent_at or feed.created_at
    first, last = sent - ADOPTION_BEFORE, sent + ADOPTION_AFTER
    near = [
        each.feed_id
        for each in listed
        if each.feed_type == feed.feed_type and first <= each.created_at <= last
    ]
    return sorted(set(near) - feeds.known_ids(connection, feed.account_id, near))


def settle_unknown(
    unit: Unit, stale: FeedRecord, listed: Collection[Feed], unreadable: int, stamp: AuditStamp
) -> bool:
    """One candidate: it is ours. None in two looks: it was not created. Several: the effect decides.

    `unreadable`: entries of the list that say nothing. Any may be ours, so the effect decides then, too.
    False while rows are left to move.
    """
    feed = present(unit, stale)
    if feed is None:
        return True
    found = candidates(unit.connection, feed, listed)
    if unreadable:
        named = f"feeds {', '.join(found)} or " if found else ""
        told = f"One of {named}{unreadable} that cannot be read may carry it; which cannot be told."
        return _let_effects_decide(unit, feed, told, stamp)
    if len(found) == 1:
        created(unit, feed.id, found[0], stamp, adopted=True)
        return True
    if found:
        told = f"One of feeds {', '.join(found)} may carry it; which cannot be told."
        return _let_effects_decide(unit, feed, told, stamp)
    if feed.looks + 1 < SEARCHES:
        look_at = stamp.now + BETWEEN_SEARCHES
        again = msgspec.structs.replace(
            feed, looks=feed.looks + 1, look_at=look_at, stuck_since=None, silent_since=None
        )
        feeds.save(unit, again)
        return True
    return not_created(unit, feed.id, _absent(feed), stamp)


def _absent(feed: FeedRecord) -> Failure:
    return Failure(
        code="feed_not_created", reason=f"Amazon did not take the feed ({feed.reason.rstrip('.')})."
    )


def _let_effects_decide(unit: Unit, feed: FeedRecord, reason: str, stamp: AuditStamp) -> bool:
    """Which of them is ours cannot be told, so each piece of work is judged by what happened."""
    carried = ledger.of_feed(unit.connection, feed.id, (State.UNKNOWN,), ROWS_PER_UNIT + 1)
    for record in carried[:ROWS_PER_UNIT]:
        _judge_by_effect(unit, record, reason, stamp)
    if len(carried) > ROWS_PER_UNIT:
        return False
    feeds.end(unit, feed, "lost", stamp.now, reason)
    return True


def _judge_by_effect(unit: Unit, record: WorkRecord, reason: str, stamp: AuditStamp) -> None:
    """It stays unknown until a read of its order, or of the finances, says otherwise."""
    look_at = stamp.now + kind_of(record.kind).looks[0]
    ledger.save(
        unit,
        msgspec.structs.replace(record, look_at=look_at, looks=0, feed_pk=None, reason=reason),
    )


def _interval(age: timedelta) -> timedelta:
    return next((interval for limit, interval in _INTERVALS if age < limit), _LONGEST)
