"""Feeds that do not end, and are given up by a person."""

from channeld.amazon.assumptions import FEED_STUCK_AFTER
from channeld.book.ledger.feed_watch import note_status
from channeld.commands.feeds import Abandoned, abandon_feed
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from tests.support.ledger_shop import LedgerShop

__all__ = ["abandoned", "stuck"]


async def stuck(house: LedgerShop, *rows: WorkRecord) -> FeedRecord:
    """A feed with these rows that Amazon has left in its queue for hours."""
    feed = await house.submit(rows)
    for _ in range(2):
        shown = await house.shop.store.write(lambda unit: note_status(unit, feed, "IN_QUEUE", house.stamp))
        await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds())
    shown = await house.shop.store.write(lambda unit: note_status(unit, feed, "IN_QUEUE", house.stamp))
    assert shown is not None
    return shown


async def abandoned(house: LedgerShop, feed: FeedRecord) -> Abandoned:
    """That a person gives it up."""
    return await house.shop.command(lambda unit, asked: abandon_feed(unit, asked, str(feed.id)))
