"""A listings feed that Amazon has, or may have: how it stands, when it is looked at, and that it is stuck."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from channeld.amazon.assumptions import LISTINGS_FEED_STUCK_AFTER
from channeld.amazon.feeds.answers import Feed
from channeld.book.feed_rows import as_submitted
from channeld.book.ledger.abandoning import LOOK_BACK_FOR
from channeld.book.ledger.feed_stuck import feed_name, note_silence, present, with_standing
from channeld.book.ledger.feed_watch import SEARCHES, TERMINAL, candidates
from channeld.book.ledger.step import AuditStamp
from channeld.book.offering.feeding.ending import Ending, lost
from channeld.book.offering.feeding.lane import model_of
from channeld.domain.stock.feed_lessons import seconds_for, seconds_to_look
from channeld.store import feeds, stock_messages
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["LOOK_BACK", "abandoned", "is_silent", "look_back_later", "note_status", "settle_unknown"]

BETWEEN_SEARCHES = timedelta(minutes=4)
"""With the pause before the first longer than a feed of ours may take to be created (`ADOPTION_AFTER`)."""
LOOK_BACK = timedelta(minutes=5)
"""Between looks at one that was given up: until it is seen to end, an old value may stand."""
WHICH_IS_IT = timedelta(hours=1)
"""So long feeds that may be ours are watched to their end; a list that cannot be read says no more later."""
AGAIN = timedelta(minutes=1)


def note_status(unit: Unit, stale: FeedRecord, status: str, most: int, now: datetime) -> FeedRecord | None:
    """Amazon showed how it stands. None: it was given up meanwhile. `most`: messages of a feed."""
    feed = present(unit, stale)
    if feed is None:
        return None
    expected = seconds_for(model_of(unit.connection, feed.account_id, most), feed.messages)
    elapsed = (now - (feed.submitted_at or now)).total_seconds()
    moved_at = feed.moved_at if status == feed.amazon_status and feed.moved_at else now
    look_at = now + timedelta(seconds=seconds_to_look(elapsed, expected))
    shown = replace(feed, amazon_status=status, moved_at=moved_at, look_at=look_at)
    if status in TERMINAL:
        return feeds.save(unit, shown)
    patience = timedelta(seconds=expected) + LISTINGS_FEED_STUCK_AFTER
    return feeds.save(unit, with_standing(shown, moved_at, AuditStamp(now=now), patience))


def is_silent(unit: Unit, stale: FeedRecord, why: str, now: datetime) -> None:
    """A look at it, or for it, brought no answer; after some time that counts as stuck."""
    note_silence(unit, stale, why, AuditStamp(now=now), LISTINGS_FEED_STUCK_AFTER)


def settle_unknown(
    unit: Unit, stale: FeedRecord, listed: Collection[Feed], unreadable: int, now: datetime
) -> Ending | None:
    """One feed that may be ours: it is. None in two looks: it was not created.

    Of several, ours has ended when all have. Answers how it ended, if it has.
    """
    feed = present(unit, stale)
    if feed is None:
        return None
    found = candidates(unit.connection, feed, listed)
    if len(found) == 1 and not unreadable:
        feeds.save(unit, as_submitted(feed, found[0], now, now, adopted=True))
        return None
    if not found and not unreadable:
        if feed.looks + 1 >= SEARCHES:
            return lost(f"Amazon did not take the feed ({feed.reason.rstrip('.')}).", "not created")
        _search_again(unit, feed, now + BETWEEN_SEARCHES)
        return None
    statuses = {each.feed_id: each.status for each in listed}
    have_ended = not unreadable and all(statuses[each] in TERMINAL for each in found)
    if have_ended or now - (feed.sent_at or feed.created_at) >= WHICH_IS_IT:
        return lost(
            f"One of feeds {', '.join(found) or 'that cannot be read'} may be it; which cannot be told."
        )
    _search_again(unit, feed, now + AGAIN)
    return None


def abandoned(unit: Unit, feed: FeedRecord, now: datetime) -> tuple[FeedRecord, int]:
    """A person gives it up; how many SKUs are in it. They leave it next, and are told anew when it ends."""
    reason = f"{feed_name(feed)} was given up by hand: Amazon may still work through it."
    look_at = now + LOOK_BACK if feed.feed_id else now
    after = feeds.end(unit, feed, "abandoned", now, reason, look_at=look_at)
    return after, stock_messages.count(unit.connection, feed.id)


def look_back_later(unit: Unit, stale: FeedRecord, status: str, now: datetime) -> Ending | None:
    """It still has not ended; `status` is empty if Amazon did not say. How it ended when that is given up."""
    feed = feeds.get(unit.connection, stale.id) or stale
    if not feed.feed_id or now - (feed.ended_at or now) >= LOOK_BACK_FOR:
        return lost(feed.reason)
    feeds.save(unit, replace(feed, amazon_status=status or feed.amazon_status, look_at=now + LOOK_BACK))
    return None


def _search_again(unit: Unit, feed: FeedRecord, at: datetime) -> None:
    again = replace(feed, looks=feed.looks + 1, look_at=at, stuck_since=None, silent_since=None)
    feeds.save(unit, again)
