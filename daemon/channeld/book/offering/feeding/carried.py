"""SKUs leave a feed that Amazon may not have, or does not work on: they go another way."""

from datetime import datetime

from sqlalchemy import Connection

from channeld.amazon.feeds.listings_document import FEED_TYPE
from channeld.book.ledger.feed_stuck import feed_name
from channeld.book.offering.feeding.taking import ROWS_PER_UNIT
from channeld.book.offering.moves import Moves
from channeld.domain.stock.route import Route
from channeld.store import desired_stock, feeds
from channeld.store.desired_stock import DesiredRow
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["is_any_stranded", "let_go"]


def is_any_stranded(connection: Connection, account_id: int) -> bool:
    """Whether a SKU waits in vain for the end of a feed: `let_go` lets it go."""
    return bool(_stranded(connection, feeds.running(connection, account_id, FEED_TYPE), account_id, 1))


def let_go(unit: Unit, account_id: int, now: datetime) -> bool:
    """Let SKUs go that wait in vain, so many at a time; whether none is left.

    What may have reached Amazon stays shadowed until the feed is known to have ended.
    """
    feed = feeds.running(unit.connection, account_id, FEED_TYPE)
    rows = _stranded(unit.connection, feed, account_id, ROWS_PER_UNIT)
    moves = Moves(now)
    for row in rows:
        if feed is not None and feed.state == "unknown" and row.desired.flight is not None:
            moves.lost(row, row.desired.flight.submission, f"{feed_name(feed)}: {feed.reason}")
        else:
            moves.overtaken(row, f"{feed_name(feed)} does not move" if feed else "its feed was given up")
    moves.save(unit)
    return len(rows) < ROWS_PER_UNIT


def _stranded(
    connection: Connection, feed: FeedRecord | None, account_id: int, limit: int
) -> list[DesiredRow]:
    is_waited_for = feed is not None and feed.state != "unknown" and feed.stuck_since is None
    return [] if is_waited_for else desired_stock.in_flight(connection, account_id, Route.FEED, limit)
