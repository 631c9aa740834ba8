"""Work that waits behind a feed that is stuck: after its time it needs a person (semantics C1-C3)."""

from datetime import timedelta

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_stuck import feed_name, minute, present, way_out
from channeld.book.ledger.feeding import AT_ONCE
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import Hand, given_up
from channeld.domain.ledger.doubt import MAY_HAVE_HAPPENED, NO_TRANSACTION, NOT_SEEN
from channeld.domain.ledger.kinds import KINDS_OF_FEED, kind_of
from channeld.store import channels, ledger_due
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["give_up_waiting"]

PATIENCE = timedelta(hours=24)
"""So long work without a window of its own waits behind a feed that is stuck."""


def give_up_waiting(unit: Unit, seen: FeedRecord, instance: str, hand: Hand) -> bool:
    """Work that has waited behind it for too long needs a person, as nobody knows when the lane is free.

    So many rows at a time; True when none is left. What is held waits for another reason, and waits on.
    """
    feed = present(unit, seen)
    if feed is None or feed.stuck_since is None:
        return True
    known = channels.of_account(unit.connection, feed.account_id)
    late = hand.now - PATIENCE
    over = ledger_due.overdue_for_feed(
        unit.connection,
        [channel.id for channel in known if not held(unit.connection, channel, instance)],
        KINDS_OF_FEED[feed.feed_type].name,
        taken_at=feed.sent_at or feed.created_at,
        came_before=late if feed.stuck_since <= late else None,
        now=hand.now,
        limit=AT_ONCE,
    )
    for record in over:
        given_up(unit, record, hand, _not_sent(feed, record))
    return len(over) < AT_ONCE


def _not_sent(feed: FeedRecord, record: WorkRecord) -> Failure:
    """Nothing was tried: the feed that stands in the way is another one, or has carried it once already."""
    told = f"{feed_name(feed)} has blocked its way since {minute(feed.sent_at or feed.created_at)}"
    sent = "not sent again" if record.sent_at else "not sent"
    again = f"It was {sent}, so `channelctl work retry` is safe"
    if record.in_doubt:
        again = "An earlier submission of it may have been paid: look into Seller Central before you retry it"
    code = _code(record)
    return Failure(
        code=code,
        reason=f"{told}, and it was {sent} in time; no further attempts",
        hint=f"{way_out(feed)} {again}.",
        in_doubt=code in MAY_HAVE_HAPPENED,
    )


def _code(record: WorkRecord) -> str:
    """What was sent once may still show itself, and is then confirmed."""
    if record.sent_at is None:
        return "lane_blocked"
    if not kind_of(record.kind).reconciled:
        return NOT_SEEN
    return NO_TRANSACTION if record.in_doubt else "lane_blocked"
