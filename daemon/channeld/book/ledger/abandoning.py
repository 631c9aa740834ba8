"""A person gives up a feed that does not end: its lane goes on, effects settle its work (semantics C3).

Amazon may work through it all the same. So a refund in it is never repeated by itself, and Amazon is asked
now and then how the feed stands: a report that comes late still counts.
"""

from datetime import datetime, timedelta

import msgspec

from channeld.book.ledger.feed_moves import all_let_go
from channeld.book.ledger.feed_stuck import feed_name
from channeld.book.ledger.moves import AuditStamp
from channeld.domain.ledger.kinds import KINDS_OF_FEED
from channeld.store import feeds
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["abandoned", "is_lost_from_sight", "note_look_back"]

LOOK_BACK = timedelta(hours=1)
LOOK_BACK_FOR = timedelta(days=7)
"""After that nothing of it is in doubt: finances prove a refund within three days, or a person decides."""
UNSETTLED = timedelta(minutes=30)
"""Finding out whether Amazon has a feed takes twenty minutes; overdue by that, it does not come by itself."""


def is_lost_from_sight(feed: FeedRecord, now: datetime) -> bool:
    """Whether nobody knows if Amazon has it, and the search that would tell is overdue."""
    due = feed.look_at or feed.sent_at or feed.created_at
    return feed.state == "unknown" and now - due >= UNSETTLED


def abandoned(unit: Unit, feed: FeedRecord, stamp: AuditStamp) -> tuple[FeedRecord, int]:
    """It has ended for us; how much work is in doubt from now on. Whether it may is asked by the caller."""
    reason = f"{feed_name(feed)} was given up by hand: Amazon may still work through it."
    in_doubt = all_let_go(unit, feed, stamp, reason, "feed_abandoned")
    look_at = stamp.now + LOOK_BACK if feed.feed_id else None
    after = feeds.end(unit, feed, "abandoned", stamp.now, reason, look_at=look_at)
    kind = KINDS_OF_FEED[feed.feed_type]
    unit.changed("feed_lane", (feed.account_id, kind.name))
    return after, in_doubt


def note_look_back(unit: Unit, stale: FeedRecord, status: str, stamp: AuditStamp) -> FeedRecord:
    """How Amazon shows it now, empty for no answer; asked again later, as long as that may matter."""
    feed = feeds.get(unit.connection, stale.id) or stale
    later = stamp.now + LOOK_BACK
    is_over = feed.ended_at is not None and later > feed.ended_at + LOOK_BACK_FOR
    return feeds.save(
        unit,
        msgspec.structs.replace(
            feed, amazon_status=status or feed.amazon_status, look_at=None if is_over else later
        ),
    )
