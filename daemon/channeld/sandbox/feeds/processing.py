"""What a feed does when its time has come: its messages, its status and its result document."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from channeld.sandbox.faults import Fired
from channeld.sandbox.feeds.documents import Document
from channeld.sandbox.feeds.envelope import MESSAGE_TYPES
from channeld.sandbox.feeds.listing_messages import LISTINGS, do_listings
from channeld.sandbox.feeds.order_messages import do_orders

if TYPE_CHECKING:
    from channeld.sandbox.feeds.lanes import Feed
    from channeld.sandbox.market import Market

__all__ = ["KINDS", "Kind", "process"]

Do = Callable[["Market", "Feed", bytes, Callable[[int], int], datetime], Callable[[], bytes]]
"""Does the first messages of the content, as many as it is told of their number, and gives what makes the
report."""


class Kind(NamedTuple):
    """How feeds of one type are read and done."""

    do: Do
    content_type: str
    marks_message: bytes
    """What is in the document once for each message."""


_ORDERS = Kind(do_orders, "text/xml", b"<MessageID>")
KINDS = {
    **dict.fromkeys(MESSAGE_TYPES, _ORDERS),
    LISTINGS: Kind(do_listings, "application/json", b'"messageId"'),
}
"""By feed type: all that the sandbox takes."""


def process(market: Market, feed: Feed, at: datetime) -> None:
    """End the feed: its effects, its status and its result document.

    A feed that ends FATAL (by fault) has done the first half of its messages, or `all` or `none` of them
    by the fault's detail, and has no result document.
    """
    where = {"seller_id": feed.seller_id, "operation": feed.feed_type}
    fatal = market.faults.fires("feed_fatal", **where)
    if feed.content is None:
        feed.status = "FATAL"
        return
    report = KINDS[feed.feed_type].do(market, feed, feed.content, _share(fatal), at)
    feed.status = "FATAL" if fatal else "DONE"
    if not fatal and not market.faults.fires("report_missing", **where):
        feed.result_document_id = _published(market, feed, report())


def _share(fatal: Fired | None) -> Callable[[int], int]:
    if fatal is None:
        return lambda messages: messages
    return lambda messages: {"none": 0, "all": messages}.get(fatal.detail, messages // 2)


def _published(market: Market, feed: Feed, content: bytes) -> str:
    zipped = market.options.gzip_results
    document = Document(
        document_id=market.documents.new_id(),
        seller_id=feed.seller_id,
        content_type=f"{KINDS[feed.feed_type].content_type}; charset=UTF-8",
        content=gzip.compress(content, mtime=0) if zipped else content,
        gzipped=zipped,
    )
    market.documents.add(document)
    return document.document_id
