"""What a feed does when its time has come: each message by itself, then the report."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from channeld.sandbox.despatch import Impossible
from channeld.sandbox.feeds.acknowledgement import acknowledge
from channeld.sandbox.feeds.adjustment import adjust
from channeld.sandbox.feeds.documents import Document
from channeld.sandbox.feeds.envelope import Message, read_envelope
from channeld.sandbox.feeds.fulfillment import fulfil
from channeld.sandbox.feeds.report import NOT_VALID, REFUSED, Result, contradictory, report_xml, summary
from channeld.sandbox.feeds.work import Work, order_of
from channeld.sandbox.feeds.xml_tree import Node, Unreadable

if TYPE_CHECKING:
    from channeld.sandbox.feeds.lanes import Feed
    from channeld.sandbox.market import Market

__all__ = ["happen", "process"]

Handler = Callable[[Work], None]
HANDLERS: Mapping[str, Handler] = {
    "POST_ORDER_FULFILLMENT_DATA": fulfil,
    "POST_ORDER_ACKNOWLEDGEMENT_DATA": acknowledge,
    "POST_PAYMENT_ADJUSTMENT_DATA": adjust,
}


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
    try:
        messages = read_envelope(feed.content, feed.feed_type)
    except Unreadable as error:
        messages, results = [], [Result("0", NOT_VALID, str(error))]
    else:
        share = {"none": 0, "all": len(messages)}.get(fatal.detail, len(messages) // 2) if fatal else None
        results = _apply(market, feed, messages[:share], at)
    feed.status = "FATAL" if fatal else "DONE"
    if not fatal and not market.faults.fires("report_missing", **where):
        feed.result_document_id = _report(market, feed, len(messages), results)


def _apply(market: Market, feed: Feed, messages: list[Message], at: datetime) -> list[Result]:
    results: list[Result] = []
    for message in messages:
        late = market.faults.fires("late_effect", seller_id=feed.seller_id, operation=feed.feed_type)
        try:
            if late:
                seconds = float(late.detail or market.options.late_effect_seconds)
                market.lanes.put_off(feed, message.body, at + timedelta(seconds=seconds))
            else:
                happen(market, feed, message.body, at)
        except Impossible as reason:
            order_id = message.body.value("AmazonOrderID")
            results.append(Result(message.message_id, REFUSED, reason.message, order_id, reason.item_id))
    return results


def happen(market: Market, feed: Feed, body: Node, at: datetime) -> None:
    """What one message asks for, now or late. Raises `Impossible`."""
    order = order_of(market.accounts[feed.seller_id], body)
    HANDLERS[feed.feed_type](Work(market, feed.feed_type, order, body, market.stamp(at, order), at))


def _report(market: Market, feed: Feed, messages: int, results: list[Result]) -> str:
    counts, told = summary(messages, results), results
    where = {"seller_id": feed.seller_id, "operation": feed.feed_type}
    if how := market.faults.fires("report_contradicts", **where):
        counts, told = contradictory(counts, results, how)
    content = report_xml(feed.feed_id, feed.seller_id, counts, told)
    zipped = market.options.gzip_results
    document = Document(
        document_id=market.documents.new_id(),
        seller_id=feed.seller_id,
        content_type="text/xml; charset=UTF-8",
        content=gzip.compress(content, mtime=0) if zipped else content,
        gzipped=zipped,
    )
    market.documents.add(document)
    return document.document_id
