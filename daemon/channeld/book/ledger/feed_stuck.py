"""A feed that does not move, or of which Amazon says nothing: how that is said, and what leaves it.

Its lane waits on: only Amazon, or a person who gives the feed up, ends that (semantics C1-C3).
"""

from datetime import datetime, timedelta

import msgspec

from channeld.amazon.assumptions import FEED_STUCK_AFTER
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_moves import ROWS_PER_UNIT
from channeld.book.ledger.moves import AuditStamp, can_call, failed
from channeld.domain.ledger.states import State
from channeld.store import feeds, ledger
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["feed_name", "leave_stuck", "minute", "note_silence", "present", "way_out", "with_standing"]

_STUCK = Failure(
    code="feed_stuck",
    reason="Amazon has not worked through the feed that it was sent in",
    hint="It is sent on its own now, by itself. Amazon knows it by its package number, so it counts once.",
    in_doubt=True,
)


def feed_name(feed: FeedRecord) -> str:
    """As people find it: Amazon's id, or the number here of one that has none."""
    return f"Feed {feed.feed_id or feed.id} of {feed.feed_type}"


def present(unit: Unit, stale: FeedRecord) -> FeedRecord | None:
    """The feed as it stands now; None when it is in another state than when read (`stale`): given up."""
    feed = feeds.get(unit.connection, stale.id)
    return feed if feed is not None and feed.state == stale.state else None


def with_standing(
    feed: FeedRecord, since: datetime, stamp: AuditStamp, patience: timedelta = FEED_STUCK_AFTER
) -> FeedRecord:
    """The feed, which Amazon has shown now as it has stood since then: stuck after that time."""
    is_stuck = stamp.now - since >= patience
    told = f"{feed_name(feed)} has been {feed.amazon_status} since {minute(since)}"
    return msgspec.structs.replace(
        feed,
        stuck_since=(feed.stuck_since or stamp.now) if is_stuck else None,
        silent_since=None,
        reason=told if is_stuck else "",
        hint=f"Open a case with Amazon and quote: {told}. {way_out(feed)}" if is_stuck else "",
    )


def note_silence(
    unit: Unit, stale: FeedRecord, why: str, stamp: AuditStamp, patience: timedelta = FEED_STUCK_AFTER
) -> FeedRecord | None:
    """A look at it, or for it, brought no answer; a long silence blocks the lane like a feed that stands.

    None: it was given up meanwhile.
    """
    feed = present(unit, stale)
    if feed is None:
        return None
    since = feed.silent_since or stamp.now
    is_stuck = feed.stuck_since is not None or stamp.now - since >= patience
    told = f"{feed_name(feed)}: Amazon has not said since {minute(since)} how it stands: {why}"
    hint = f"It is asked again by itself. {way_out(feed)}" if is_stuck else "It is asked again by itself."
    silent = msgspec.structs.replace(
        feed,
        silent_since=since,
        stuck_since=(feed.stuck_since or stamp.now) if is_stuck else None,
        reason=told,
        hint=hint,
    )
    return silent if silent == feed else feeds.save(unit, silent)


def leave_stuck(unit: Unit, feed: FeedRecord, stamp: AuditStamp, after: int) -> int | None:
    """Work of a stuck feed that may go by a request of its own does; the effect of the rest is looked for.

    So many rows at a time, by id after that one; the id to go on after, None at the end.
    """
    carried = ledger.of_feed(unit.connection, feed.id, (State.SUBMITTED,), ROWS_PER_UNIT, after=after)
    for record in carried:
        if can_call(record):
            failed(unit, record, stamp, _STUCK)
        elif record.look_at is None:
            ledger.save(unit, msgspec.structs.replace(record, look_at=stamp.now))
    return carried[-1].id if len(carried) == ROWS_PER_UNIT else None


def way_out(feed: FeedRecord) -> str:
    """What a person can do about it."""
    return f"`channelctl feed abandon {feed.id}` lets go on what waits behind it."


def minute(moment: datetime) -> str:
    """As people read it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
