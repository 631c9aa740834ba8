"""Watching one listings feed to its end, or finding out whether there is one."""

from collections.abc import Sequence
from datetime import datetime

import anyio.to_thread

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import AmazonError, BadRequest, NotFound, UnreadableAnswer, UnreadableReport
from channeld.amazon.feeds.answers import Feed
from channeld.amazon.feeds.calls import feed_call, feed_document_call
from channeld.amazon.feeds.documents import download
from channeld.amazon.feeds.listings_document import FEED_TYPE
from channeld.amazon.feeds.listings_outcomes import read_listings_outcomes
from channeld.book.ledger.feed_watch import TERMINAL
from channeld.book.offering.feeding import watch as feed_watch
from channeld.book.offering.feeding.ending import Ending, conclude, ending_of, ending_without_report, lost
from channeld.concerns.account_line import AccountLine
from channeld.concerns.feed_search import feeds_since
from channeld.concerns.kit import Kit
from channeld.store import feeds, stock_messages
from channeld.store.feeds import FeedRecord

__all__ = ["StockFeedWatch"]

MESSAGES_READ = 5_000
"""At once."""


class StockFeedWatch:
    """The listings feed that the account waits for, and those that were given up."""

    def __init__(self, kit: Kit, line: AccountLine) -> None:
        self._kit = kit
        self._line = line

    def is_due(self, feed: FeedRecord) -> bool:
        """Whether it is time for a step."""
        return feed.look_at is None or feed.look_at <= self._kit.clock.now()

    async def go_on(self, feed: FeedRecord) -> None:
        """One step. Raises what the look at it failed with, which the feed then shows, too."""
        kit = self._kit
        try:
            await (self._search(feed) if feed.state == "unknown" else self._watch(feed))
        except AmazonError as error:
            why = error.message
            await kit.store.write(lambda unit: feed_watch.is_silent(unit, feed, why, kit.clock.now()))
            raise

    async def look_back(self, now: datetime) -> None:
        """See whether one that was given up has ended after all, so that its SKUs are told anew."""
        kit, account_id = self._kit, self._line.account_id
        feed = await kit.store.read(lambda c: feeds.abandoned(c, account_id, FEED_TYPE, now))
        if feed is None:
            return
        ending, status = None, ""
        if feed.feed_id:
            try:
                status = (await self._line.ask(feed_call(feed.feed_id), Priority.FRESHNESS)).status
                ending = ending_without_report(status) if status in TERMINAL else None
            except (BadRequest, NotFound):
                ending = _gone(feed)
            except AmazonError:
                status = ""
        if ending is None:
            ending = await kit.store.write(
                lambda unit: feed_watch.look_back_later(unit, feed, status, kit.clock.now())
            )
        if ending is not None:
            await self.end(feed, ending)

    async def end(self, feed: FeedRecord, ending: Ending) -> None:
        """It has ended so: what that means for each of its SKUs."""
        kit, after = self._kit, 0
        while after is not None:
            after = await kit.store.write(
                lambda unit, after=after: conclude(unit, feed.id, ending, after, kit.clock.now())
            )

    async def _search(self, feed: FeedRecord) -> None:
        """Look through Amazon's feeds of that type and time."""
        kit = self._kit
        listed, unreadable = await feeds_since(self._line, feed)
        ending = await kit.store.write(
            lambda unit: feed_watch.settle_unknown(unit, feed, listed, unreadable, kit.clock.now())
        )
        if ending is not None:
            await self.end(feed, ending)

    async def _watch(self, feed: FeedRecord) -> None:
        kit = self._kit
        try:
            shown = await self._line.ask(feed_call(feed.feed_id), Priority.FRESHNESS)
        except (BadRequest, NotFound):
            await self.end(feed, _gone(feed))
            return
        saved = await kit.store.write(
            lambda unit: feed_watch.note_status(unit, feed, shown.status, kit.feed_messages, kit.clock.now())
        )
        if saved is not None and shown.status in TERMINAL:
            await self.end(saved, await self._ending(saved, shown))

    async def _ending(self, feed: FeedRecord, shown: Feed) -> Ending:
        """What its report says. One that cannot be had now is asked for again: the actor starts anew."""
        if shown.status != "DONE" or not shown.result_document_id:
            return ending_without_report(shown.status)
        try:
            document = await self._line.ask(feed_document_call(shown.result_document_id), Priority.FRESHNESS)
            text = await download(self._kit.http, self._kit.clock, document)
            skus = await self._skus(feed)
            with self._kit.clock.working():
                return await anyio.to_thread.run_sync(_judged, text, feed.feed_id, skus)
        except (BadRequest, NotFound, UnreadableAnswer, UnreadableReport) as error:
            return ending_without_report(shown.status, error.message)

    async def _skus(self, feed: FeedRecord) -> Sequence[str]:
        """Of its messages, in their order."""
        found = dict[int, str]()
        is_more = True
        while is_more:
            after = max(found, default=0)
            page = await self._kit.store.read(
                lambda c, after=after: stock_messages.skus_of(c, feed.id, after, MESSAGES_READ)
            )
            found |= page
            is_more = len(page) == MESSAGES_READ
        return tuple(found.values())


def _gone(feed: FeedRecord) -> Ending:
    return lost(f"Amazon knows no feed {feed.feed_id}")


def _judged(text: str, feed_id: str, skus: Sequence[str]) -> Ending:
    """Made for a worker thread. Raises `UnreadableReport`."""
    return ending_of(read_listings_outcomes(text, feed_id, skus))
