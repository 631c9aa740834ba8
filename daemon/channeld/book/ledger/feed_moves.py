"""Moves of all work that one feed carries, a statement each: there may be ten thousand.

Where rows have to be judged one by one, they are taken in units of a size that holds nobody up.
"""

from collections.abc import Iterable

from channeld.book.ledger.moves import AuditStamp
from channeld.book.ledger.texts import TEXTS
from channeld.domain.ledger.kinds import KINDS_OF_FEED
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import Event
from channeld.store import audit, feed_work
from channeld.store.audit import AuditEntry
from channeld.store.feed_work import Moved
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["ROWS_PER_UNIT", "all_begin", "all_in_doubt", "all_let_go", "all_put_back", "all_taken"]

ROWS_PER_UNIT = 500
"""Rows of a feed of which each gets a move of its own in one unit of work."""


def all_begin(unit: Unit, feed: FeedRecord, stamp: AuditStamp) -> None:
    """The feed is about to be created; from now on what must not be done twice may have been done."""
    kind = KINDS_OF_FEED[feed.feed_type]
    since = feed_work.in_doubt_since(stamp.now)
    doubt = {} if kind.repeat_safe else {"in_doubt": feed_work.NOW_IN_DOUBT, "in_doubt_since": since}
    feed_work.move(unit, feed.id, Event.BEGIN, sent_at=stamp.now, look_at=None, **doubt)


def all_put_back(unit: Unit, feed: FeedRecord, stamp: AuditStamp) -> None:
    """The feed certainly does not exist, and that was no try: its work is queued as it was (semantics C3)."""
    kind = KINDS_OF_FEED[feed.feed_type]
    again = {"route": Route.UNDECIDED, "in_doubt": feed_work.AS_BEFORE} if kind.reconciled else {}
    feed_work.move(unit, feed.id, Event.FAILED, feed_pk=None, next_at=stamp.now, **again)


def all_taken(unit: Unit, feed: FeedRecord, stamp: AuditStamp) -> None:
    """Amazon has the feed."""
    moved = feed_work.move(
        unit,
        feed.id,
        Event.TAKEN,
        submitted_at=stamp.now,
        look_at=None,  # while Amazon works through the feed, nothing is to be seen yet
        looks=0,
        reason="",
        reason_code="",
        hint="",
    )
    _tell(unit, feed, stamp, "submitted", moved, "")


def all_in_doubt(unit: Unit, feed: FeedRecord, stamp: AuditStamp, reason: str, hint: str) -> None:
    """Nobody knows whether the feed was created; the lane finds out (semantics C3).

    Of what may be repeated nothing is told yet: it is no try that failed.
    """
    moved = feed_work.move(
        unit, feed.id, Event.LOST, look_at=None, reason=reason, reason_code="feed_in_doubt", hint=hint
    )
    if not KINDS_OF_FEED[feed.feed_type].repeat_safe:
        _tell(unit, feed, stamp, "lost", moved, reason)


def all_let_go(unit: Unit, feed: FeedRecord, stamp: AuditStamp, reason: str, code: str) -> int:
    """A person gave the feed up: how much of it is in doubt from now on, each to be settled by its effect.

    Of what may be repeated nothing is told yet: a read of the order comes first.
    """
    told = {"reason": reason, "reason_code": code, "hint": ""}
    lost = feed_work.move(unit, feed.id, Event.LOST, **told)
    if not KINDS_OF_FEED[feed.feed_type].repeat_safe:
        _tell(unit, feed, stamp, "lost", lost, reason)
    return len(feed_work.let_go(unit, feed.id, stamp.now, **told))


def _tell(
    unit: Unit, feed: FeedRecord, stamp: AuditStamp, what: str, moved: Iterable[Moved], reason: str
) -> None:
    code, text = TEXTS[KINDS_OF_FEED[feed.feed_type].name][what]
    audit.add_many(
        unit,
        [
            AuditEntry(
                at=stamp.now,
                code=code,
                text=text,
                by=stamp.by,
                account_id=feed.account_id,
                channel_id=each.channel_id,
                order_id=each.order_id,
                details={"work": str(each.id)} | ({"reason": reason} if reason else {}),
            )
            for each in moved
        ],
    )
