"""A feed that Amazon has: how it moves, that it does not, and feeds that may be ours (semantics C3)."""

from collections.abc import Collection
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import ADOPTION_AFTER, ADOPTION_BEFORE, FEED_STUCK_AFTER
from channeld.amazon.feeds.answers import Feed
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feeding import AT_ONCE, created, not_created
from channeld.book.ledger.moves import Hand, can_call, failed
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import State
from channeld.store import feeds, ledger
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["TERMINAL", "candidates", "leave_stuck", "note_status", "settle_unknown"]

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
_STUCK = Failure(
    code="feed_stuck",
    reason="Amazon does not move the feed that carries it",
    hint="It goes by a request of its own; the feed's number says which package it is.",
    in_doubt=True,
)


def note_status(unit: Unit, feed: FeedRecord, status: str, hand: Hand) -> FeedRecord:
    """Amazon showed how it stands; a feed that stands for long is stuck, and is said so."""
    moved_at = feed.moved_at if status == feed.amazon_status else hand.now
    since = moved_at or hand.now
    is_stuck = status not in TERMINAL and hand.now - since >= FEED_STUCK_AFTER
    told = f"Feed {feed.feed_id} of {feed.feed_type} has been {status} since {since:%Y-%m-%d %H:%M} UTC"
    return feeds.save(
        unit,
        msgspec.structs.replace(
            feed,
            amazon_status=status,
            moved_at=moved_at,
            look_at=hand.now + _interval(hand.now - (feed.submitted_at or hand.now)),
            stuck_since=(feed.stuck_since or hand.now) if is_stuck else None,
            reason=told if is_stuck else "",
            hint=f"Open a case with Amazon and quote: {told}." if is_stuck else "",
        ),
    )


def leave_stuck(unit: Unit, feed: FeedRecord, hand: Hand) -> bool:
    """Work of a stuck feed that may go by a request of its own does; the effect of the rest is looked for.

    So many rows at a time; True when none is left.
    """
    carried = [r for r in ledger.of_feed(unit.connection, feed.id) if r.state is State.SUBMITTED]
    movable = [record for record in carried if can_call(record)]
    for record in movable[:AT_ONCE]:
        failed(unit, record, hand, _STUCK)
    unseen = [record for record in carried if not can_call(record) and record.look_at is None]
    for record in unseen[:AT_ONCE]:
        ledger.save(unit, msgspec.structs.replace(record, look_at=hand.now))
    return max(len(movable), len(unseen)) <= AT_ONCE


def candidates(connection: Connection, feed: FeedRecord, seen: Collection[Feed]) -> list[str]:
    """Feeds of Amazon's list that may be the one whose creation got no answer: of that time, and not ours."""
    sent = feed.sent_at or feed.created_at
    first, last = sent - ADOPTION_BEFORE, sent + ADOPTION_AFTER
    near = [
        each.feed_id for each in seen if each.feed_type == feed.feed_type and first <= each.created_at <= last
    ]
    return sorted(set(near) - feeds.known_ids(connection, feed.account_id, near))


def settle_unknown(unit: Unit, feed: FeedRecord, seen: Collection[Feed], unreadable: int, hand: Hand) -> bool:
    """One candidate: it is ours. None in two looks: it was not created. Several: the effect decides.

    `unreadable`: entries of the list that say nothing. Any may be ours, so the effect decides then, too.
    False while rows are left to move.
    """
    found = candidates(unit.connection, feed, seen)
    if unreadable:
        named = f"feeds {', '.join(found)} or " if found else ""
        told = f"One of {named}{unreadable} that cannot be read may carry it; which cannot be told."
        return _let_effects_decide(unit, feed, told, hand)
    if len(found) == 1:
        created(unit, feed.id, found[0], hand, adopted=True)
        return True
    if found:
        told = f"One of feeds {', '.join(found)} may carry it; which cannot be told."
        return _let_effects_decide(unit, feed, told, hand)
    if feed.looks + 1 < SEARCHES:
        again = msgspec.structs.replace(feed, looks=feed.looks + 1, look_at=hand.now + BETWEEN_SEARCHES)
        feeds.save(unit, again)
        return True
    return not_created(unit, feed.id, _absent(feed), hand)


def _absent(feed: FeedRecord) -> Failure:
    return Failure(
        code="feed_not_created", reason=f"Amazon did not take the feed ({feed.reason.rstrip('.')})."
    )


def _let_effects_decide(unit: Unit, feed: FeedRecord, reason: str, hand: Hand) -> bool:
    """Which of them is ours cannot be told, so each piece of work is judged by what happened."""
    carried = [r for r in ledger.of_feed(unit.connection, feed.id) if r.state is State.UNKNOWN]
    for record in carried[:AT_ONCE]:
        _judge_by_effect(unit, record, reason, hand)
    if len(carried) > AT_ONCE:
        return False
    feeds.save(
        unit,
        msgspec.structs.replace(feed, state="lost", ended_at=hand.now, look_at=None, reason=reason, hint=""),
    )
    return True


def _judge_by_effect(unit: Unit, record: WorkRecord, reason: str, hand: Hand) -> None:
    """It stays unknown until a read of its order, or of the finances, says otherwise."""
    look_at = hand.now + kind_of(record.kind).looks[0]
    ledger.save(
        unit,
        msgspec.structs.replace(record, look_at=look_at, looks=0, feed_pk=None, reason=reason),
    )


def _interval(age: timedelta) -> timedelta:
    return next((interval for limit, interval in _INTERVALS if age < limit), _LONGEST)
