"""A feed that is overtaken before Amazon is asked to create it: it would offer more than there is."""

from sqlalchemy import Connection

from channeld.amazon.feeds.listings_document import FEED_TYPE
from channeld.store import desired_stock, feeds, stock_messages
from channeld.store.desired_stock import DesiredRow
from channeld.store.feeds import FeedRecord

__all__ = ["TOO_LATE", "is_too_late", "was_too_late"]

TOO_LATE = "fewer of some of its SKUs were to be offered before it was created"
MOST_TRIES = 2
"""Feeds on end that are not created for it. Something is always sold of an account that sells much."""
_LOOKED_AT = 500
"""SKUs that left it. More do not leave it within the seconds that a document takes."""


def is_too_late(connection: Connection, feed: FeedRecord, submission: str) -> bool:
    """Whether it is better made anew, with what is to be told by now."""
    before = feeds.latest(connection, MOST_TRIES + 1, feed.account_id, FEED_TYPE)
    tries = [each for each in before if each.id != feed.id][:MOST_TRIES]
    if len(tries) == MOST_TRIES and all(was_too_late(each) for each in tries):
        return False
    skus = stock_messages.left(connection, feed.account_id, feed.id, _LOOKED_AT)
    rows = desired_stock.of_skus(connection, feed.account_id, skus).values()
    return any(_would_rise(row, submission) for row in rows)


def was_too_late(feed: FeedRecord) -> bool:
    """It was not created for that reason, which is no failure."""
    return feed.state == "not created" and feed.reason == TOO_LATE


def _would_rise(row: DesiredRow, submission: str) -> bool:
    """Whether its message says more than is to be offered: `feared` is the most that any in doubt does."""
    desired = row.desired
    if submission not in desired.shadows or desired.computed is None:
        return False
    return desired.computed.quantity < (desired.feared or 0)
