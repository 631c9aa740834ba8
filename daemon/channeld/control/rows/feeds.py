"""Feeds on the wire."""

from channel_protocol.feeds import FeedRow
from channeld.store.feeds import FeedRecord
from channeld.store.names import Names

__all__ = ["feed_row"]


def feed_row(feed: FeedRecord, known: Names) -> FeedRow:
    """One feed."""
    return FeedRow(
        version=feed.version,
        number=feed.id,
        account=known.account(feed.account_id),
        feed_type=feed.feed_type,
        feed_id=feed.feed_id,
        state=feed.state,
        amazon_status=feed.amazon_status,
        messages=feed.messages,
        successful=feed.successful,
        with_error=feed.with_error,
        with_warning=feed.with_warning,
        created_at=feed.created_at,
        submitted_at=feed.submitted_at,
        next_look=feed.look_at,
        stuck_since=feed.stuck_since,
        ended_at=feed.ended_at,
        reason=feed.reason,
        hint=feed.hint,
    )
