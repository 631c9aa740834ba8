"""The row of a feed as it goes on, whatever the feed carries."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from channeld.store.feeds import FeedRecord

__all__ = ["FIRST_SEARCH", "as_submitted", "as_unknown"]

FIRST_SEARCH = timedelta(minutes=6)
"""After a creation without an answer: until then the feed may still appear among Amazon's."""


def as_submitted(
    feed: FeedRecord, feed_id: str, now: datetime, look_at: datetime, *, adopted: bool
) -> FeedRecord:
    """Amazon has it under that id, as its answer says, or (`adopted`) as was found out afterwards."""
    return replace(
        feed,
        state="submitted",
        feed_id=feed_id,
        submitted_at=now,
        moved_at=now,
        look_at=look_at,
        looks=0,
        adopted=adopted,
        stuck_since=None,
        silent_since=None,
        reason="",
        hint="",
    )


def as_unknown(
    feed: FeedRecord, reason: str, hint: str, now: datetime, search_after: timedelta = FIRST_SEARCH
) -> FeedRecord:
    """Nobody knows whether it was created: Amazon's list is looked through later."""
    look_at = (feed.sent_at or now) + search_after
    return replace(feed, state="unknown", look_at=look_at, looks=0, reason=reason, hint=hint)
