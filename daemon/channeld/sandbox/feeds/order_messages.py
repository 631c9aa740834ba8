"""The order feeds at work: each message by itself, then the XML report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from channeld.sandbox.despatch import Impossible
from channeld.sandbox.feeds.acknowledgement import acknowledge
from channeld.sandbox.feeds.adjustment import adjust
from channeld.sandbox.feeds.envelope import Message, read_envelope
from channeld.sandbox.feeds.fulfillment import fulfil
from channeld.sandbox.feeds.report import NOT_VALID, REFUSED, Result, contradictory, report_xml, summary
from channeld.sandbox.feeds.work import Work, order_of
from channeld.sandbox.feeds.xml_tree import Node, Unreadable

if TYPE_CHECKING:
    from channeld.sandbox.feeds.lanes import Feed
    from channeld.sandbox.market import Market

__all__ = ["do_orders", "happen"]

Handler = Callable[[Work], None]
HANDLERS: Mapping[str, Handler] = {
    "POST_ORDER_FULFILLMENT_DATA": fulfil,
    "POST_ORDER_ACKNOWLEDGEMENT_DATA": acknowledge,
    "POST_PAYMENT_ADJUSTMENT_DATA": adjust,
}


def do_orders(
    market: Market, feed: Feed, content: bytes, share: Callable[[int], int], at: datetime
) -> Callable[[], bytes]:
    """Do the first messages, as many as `share` says of their number; gives what makes the report."""
    try:
        messages = read_envelope(content, feed.feed_type)
    except Unreadable as error:
        messages, results = [], [Result("0", NOT_VALID, str(error))]
    else:
        results = _apply(market, feed, messages[: share(len(messages))], at)
    return lambda: _report(market, feed, len(messages), results)


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


def _report(market: Market, feed: Feed, messages: int, results: list[Result]) -> bytes:
    counts, told = summary(messages, results), results
    where = {"seller_id": feed.seller_id, "operation": feed.feed_type}
    if how := market.faults.fires("report_contradicts", **where):
        counts, told = contradictory(counts, results, how)
    return report_xml(feed.feed_id, feed.seller_id, counts, told)
