"""Moves of all work that one feed carries, a statement each: there may be ten thousand."""

from collections.abc import Iterable

from channeld.book.ledger.moves import Hand
from channeld.book.ledger.texts import TEXTS
from channeld.domain.ledger.kinds import KINDS_OF_FEED
from channeld.domain.ledger.states import Event
from channeld.store import audit, ledger_crowd
from channeld.store.audit import AuditEntry
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_crowd import Moved
from channeld.store.unit import Unit

__all__ = ["all_begin", "all_in_doubt", "all_let_go", "all_put_back", "all_taken"]


def all_begin(unit: Unit, feed: FeedRecord, hand: Hand) -> None:
    """The feed is about to be created; from now on what must not be done twice may have been done."""
    kind = KINDS_OF_FEED[feed.feed_type]
    since = ledger_crowd.in_doubt_since(hand.now)
    doubt = {} if kind.repeat_safe else {"in_doubt": ledger_crowd.NOW_IN_DOUBT, "in_doubt_since": since}
    ledger_crowd.move(unit, feed.id, Event.BEGIN, sent_at=hand.now, look_at=None, **doubt)


def all_put_back(unit: Unit, feed: FeedRecord, hand: Hand) -> None:
    """The feed certainly does not exist, and that was no try: its work is queued as it was (semantics C3)."""
    kind = KINDS_OF_FEED[feed.feed_type]
    again = {"route": "", "in_doubt": ledger_crowd.AS_BEFORE} if kind.reconciled else {}
    ledger_crowd.move(unit, feed.id, Event.FAILED, feed_pk=None, next_at=hand.now, **again)


def all_taken(unit: Unit, feed: FeedRecord, hand: Hand) -> None:
    """Amazon has the feed."""
    moved = ledger_crowd.move(
        unit,
        feed.id,
        Event.TAKEN,
        submitted_at=hand.now,
        look_at=None,  # while Amazon works through the feed, nothing is to be seen yet
        looks=0,
        reason="",
        reason_code="",
        hint="",
    )
    _tell(unit, feed, hand, "submitted", moved, "")


def all_in_doubt(unit: Unit, feed: FeedRecord, hand: Hand, reason: str, hint: str) -> None:
    """Nobody knows whether the feed was created; the lane finds out (semantics C3).

    Of what may be repeated nothing is told yet: it is no try that failed.
    """
    moved = ledger_crowd.move(
        unit, feed.id, Event.LOST, look_at=None, reason=reason, reason_code="feed_in_doubt", hint=hint
    )
    if not KINDS_OF_FEED[feed.feed_type].repeat_safe:
        _tell(unit, feed, hand, "lost", moved, reason)


def all_let_go(unit: Unit, feed: FeedRecord, hand: Hand, reason: str, code: str) -> int:
    """A person gave the feed up: how much of it is in doubt from now on, each to be settled by its effect.

    Of what may be repeated nothing is told yet: a read of the order comes first.
    """
    told = {"reason": reason, "reason_code": code, "hint": ""}
    lost = ledger_crowd.move(unit, feed.id, Event.LOST, **told)
    if not KINDS_OF_FEED[feed.feed_type].repeat_safe:
        _tell(unit, feed, hand, "lost", lost, reason)
    return len(ledger_crowd.let_go(unit, feed.id, hand.now, **told))


def _tell(unit: Unit, feed: FeedRecord, hand: Hand, what: str, moved: Iterable[Moved], reason: str) -> None:
    code, text = TEXTS[KINDS_OF_FEED[feed.feed_type].name][what]
    audit.add_many(
        unit,
        [
            AuditEntry(
                at=hand.now,
                code=code,
                text=text,
                by=hand.by,
                account_id=feed.account_id,
                channel_id=each.channel_id,
                order_id=each.order_id,
                details={"work": str(each.id)} | ({"reason": reason} if reason else {}),
            )
            for each in moved
        ],
    )
