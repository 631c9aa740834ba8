"""Feeds: documents with many messages that Amazon works through in its own time."""

from datetime import datetime

import msgspec

from channel_protocol.base import Reply, Request, Row, WriteRequest


class FeedRow(Row, frozen=True, kw_only=True, tag="feed"):
    """One feed."""

    number: int
    """In this daemon; a feed whose creation got no answer has no id of Amazon's."""
    account: str
    feed_type: str
    feed_id: str
    """Amazon's id; empty while it is not known."""
    state: str
    """`preparing`, `sending`, `submitted`, `unknown` (it may have been created), `done`, `cancelled`,
    `fatal`, `not created`, `lost` (which of Amazon's it is cannot be told, or Amazon knows it no more), or
    `abandoned`: a person gave it up, and Amazon may still work through it."""
    amazon_status: str
    """`IN_QUEUE`, `IN_PROGRESS`, `DONE`, `CANCELLED`, `FATAL`, or empty."""
    messages: int
    successful: int | None
    with_error: int | None
    with_warning: int | None
    created_at: datetime
    submitted_at: datetime | None
    next_look: datetime | None
    stuck_since: datetime | None
    """Since when it has not moved, or Amazon has not said how it stands, for longer than it should."""
    ended_at: datetime | None
    reason: str
    hint: str
    """What to do, or to quote to Amazon."""

    @property
    def key(self) -> str:
        return str(self.number)


class ListFeeds(Request, frozen=True, kw_only=True, tag="feed.list"):
    """Feeds, the newest first."""

    account: str | None = None
    feed_type: str | None = None
    limit: int = 100


class FeedList(Reply, frozen=True, kw_only=True, tag="feed.list.reply"):
    rows: tuple[FeedRow, ...]


class FeedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message and what came of it."""

    message_id: int
    work_id: int
    """0 in a feed of stock, which carries values and no work."""
    order_id: str
    """Empty in a feed of stock."""
    result: str
    """`ok`, `warning`, `error`, `unknown`, or empty while there is none."""
    code: str
    """Amazon's result code."""
    sku: str = ""
    """In a feed of stock: the seller SKU."""


class ShowFeed(Request, frozen=True, kw_only=True, tag="feed.show"):
    """One feed by its number or by Amazon's id."""

    feed: str
    limit: int = 1000


class FeedShown(Reply, frozen=True, kw_only=True, tag="feed.show.reply"):
    row: FeedRow
    results: tuple[FeedMessage, ...]
    """Those that did not succeed first. Of a feed of stock only until it has ended."""


class AbandonFeed(WriteRequest, frozen=True, kw_only=True, tag="feed.abandon"):
    """Give up a feed that is stuck, or of which nobody finds out whether Amazon has it: its lane goes on.

    What it carries is in doubt from then on, and is settled by what happened at Amazon. Refused with
    `not_possible` for any other feed.
    """

    feed: str
    """Its number or Amazon's id."""
    confirmed: bool = False
    """False: change nothing, say what it would mean."""


class FeedAbandoned(Reply, frozen=True, kw_only=True, tag="feed.abandon.reply"):
    done: bool
    row: FeedRow
    message: str
    """What it means, or would mean, for what it carries."""
    in_doubt: int
    """Messages whose outcome is not known."""
