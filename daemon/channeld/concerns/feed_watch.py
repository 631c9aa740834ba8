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
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["FeedWatch"]

MOST_PAGES = 20


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
        seen = list(page.feeds)
        for _ in range(MOST_PAGES):
            if not page.next_token:
                break
            page = await self._line.ask(feeds_page_call(page.next_token))
            seen += page.feeds
        while not await self._kit.store.write(lambda unit: settle_unknown(unit, feed, seen, self._hand())):
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
        """What its report says. A document that cannot be had is asked for again: the actor starts anew."""
        if not shown.result_document_id:
            return ended_without_report(shown.status)
        try:
            document = await self._line.ask(feed_document_call(shown.result_document_id))
            text = await download(self._kit.http, self._kit.clock, document)
            with self._kit.clock.working():
                report = await anyio.to_thread.run_sync(read_report, text)
        except (NotFound, UnreadableAnswer, UnreadableReport) as error:
            return unreadable(shown.status, error.message)
        return ending_of(shown.status, report, sent)

    async def _end(self, feed: FeedRecord, ending: Ending) -> None:
        cipher = self._kit.store.cipher

        def judge(unit: Unit) -> bool:
            return take_down(unit, cipher, feed, ending, self._hand())

        while not await self._kit.store.write(judge):
            pass
