"""Watching one feed to its end, or finding out whether there is one (semantics C3)."""

import anyio.to_thread

from channeld.amazon.assumptions import ADOPTION_BEFORE
from channeld.amazon.errors import BadRequest, NotFound, UnreadableAnswer, UnreadableReport
from channeld.amazon.feeds.answers import Feed
from channeld.amazon.feeds.calls import feed_call, feed_document_call, feeds_call, feeds_page_call
from channeld.amazon.feeds.documents import download
from channeld.amazon.feeds.reports import read_report
from channeld.book.ledger.feed_ending import ended_without_report, ending_of, gone, unreadable
from channeld.book.ledger.feed_results import Ending, take_down
from channeld.book.ledger.feed_watch import TERMINAL, leave_stuck, note_status, settle_unknown
from channeld.book.ledger.moves import Hand
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.page_tokens import PageTokens
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["FeedWatch"]

MOST_PAGES = 20
"""Of the feeds of one type and time; a list that is not read to its end says nothing."""


class FeedWatch:
    """The feed that a lane waits for."""

    def __init__(self, kit: Kit, line: AccountLine) -> None:
        self._kit = kit
        self._line = line

    def is_due(self, feed: FeedRecord) -> bool:
        """Whether it is time for a step."""
        return feed.look_at is None or feed.look_at <= self._kit.clock.now()

    async def go_on(self, feed: FeedRecord) -> None:
        """One step."""
        if feed.state == "unknown":
            await self._search(feed)
        else:
            await self._watch(feed)

    def _hand(self) -> Hand:
        return Hand(now=self._kit.clock.now())

    async def _search(self, feed: FeedRecord) -> None:
        """Look through Amazon's feeds of that type and time."""
        since = (feed.sent_at or feed.created_at) - ADOPTION_BEFORE
        page = await self._line.ask(feeds_call(feed.feed_type, since))
        seen, unreadable = list(page.feeds), page.unreadable
        tokens = PageTokens("getFeeds", MOST_PAGES)
        while page.next_token:
            page = await self._line.ask(feeds_page_call(tokens.follow(page.next_token)))
            seen += page.feeds
            unreadable += page.unreadable

        def settle(unit: Unit) -> bool:
            return settle_unknown(unit, feed, seen, unreadable, self._hand())

        while not await self._kit.store.write(settle):
            pass

    async def _watch(self, feed: FeedRecord) -> None:
        try:
            shown = await self._line.ask(feed_call(feed.feed_id))
        except (BadRequest, NotFound):
            await self._end(feed, gone(feed.feed_id))
            return
        seen = await self._kit.store.write(lambda unit: note_status(unit, feed, shown.status, self._hand()))
        if shown.status in TERMINAL:
            await self._end(seen, await self._ending(shown, feed.messages))
        elif seen.stuck_since is not None:
            while not await self._kit.store.write(lambda unit: leave_stuck(unit, seen, self._hand())):
                pass

    async def _ending(self, shown: Feed, sent: int) -> Ending:
        """What its report says. One that cannot be had now is asked for again: the actor starts anew."""
        if not shown.result_document_id:
            return ended_without_report(shown.status)
        try:
            document = await self._line.ask(feed_document_call(shown.result_document_id))
            text = await download(self._kit.http, self._kit.clock, document)
            with self._kit.clock.working():
                return await anyio.to_thread.run_sync(_judged, shown.status, text, sent)
        except (BadRequest, NotFound, UnreadableAnswer, UnreadableReport) as error:
            return unreadable(shown.status, error.message)

    async def _end(self, feed: FeedRecord, ending: Ending) -> None:
        cipher = self._kit.store.cipher

        def judge(unit: Unit) -> bool:
            return take_down(unit, cipher, feed, ending, self._hand())

        while not await self._kit.store.write(judge):
            pass


def _judged(status: str, text: str, sent: int) -> Ending:
    """Made for a worker thread, as a report may have thousands of results. Raises `UnreadableReport`."""
    return ending_of(status, read_report(text), sent)
