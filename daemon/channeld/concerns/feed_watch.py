"""Watching one feed to its end, or finding out whether there is one (semantics C3)."""

import anyio.to_thread

from channeld.amazon.errors import AmazonError, BadRequest, NotFound, UnreadableAnswer, UnreadableReport
from channeld.amazon.feeds.answers import Feed
from channeld.amazon.feeds.calls import feed_call, feed_document_call
from channeld.amazon.feeds.documents import download
from channeld.amazon.feeds.reports import read_report
from channeld.book.ledger.abandoning import note_look_back
from channeld.book.ledger.feed_blocked import give_up_waiting
from channeld.book.ledger.feed_ending import ended_without_report, ending_of, gone, unreadable
from channeld.book.ledger.feed_results import Ending, take_down
from channeld.book.ledger.feed_stuck import leave_stuck, note_silence
from channeld.book.ledger.feed_watch import TERMINAL, note_status, settle_unknown
from channeld.book.ledger.moves import AuditStamp
from channeld.concerns.account_line import AccountLine
from channeld.concerns.feed_search import feeds_since
from channeld.concerns.kit import Kit
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["FeedWatch"]


class FeedWatch:
    """The feed that a lane waits for."""

    def __init__(self, kit: Kit, line: AccountLine) -> None:
        self._kit = kit
        self._line = line

    def is_due(self, feed: FeedRecord) -> bool:
        """Whether it is time for a step."""
        return feed.look_at is None or feed.look_at <= self._kit.clock.now()

    async def go_on(self, feed: FeedRecord) -> None:
        """One step. Raises what the look at it failed with, which the feed then shows, too."""
        try:
            await (self._search(feed) if feed.state == "unknown" else self._watch(feed))
        except AmazonError as error:
            why = error.message
            saved = await self._kit.store.write(lambda unit: note_silence(unit, feed, why, self._stamp()))
            await self._let_others_go(saved)
            raise

    async def look_back(self, feed: FeedRecord) -> bool:
        """See whether one that was given up has moved after all; the lane does not depend on it.

        Whether it has ended now.
        """
        try:
            shown = await self._line.ask(feed_call(feed.feed_id))
            ending = await self._ending(shown, feed.messages) if shown.status in TERMINAL else None
            status = shown.status
        except (BadRequest, NotFound):
            ending, status = gone(feed.feed_id), ""
        except AmazonError:
            ending, status = None, ""
        saved = await self._kit.store.write(lambda unit: note_look_back(unit, feed, status, self._stamp()))
        if ending is not None:
            await self._end(saved, ending)
        return ending is not None

    def _stamp(self) -> AuditStamp:
        return AuditStamp(now=self._kit.clock.now())

    async def _search(self, feed: FeedRecord) -> None:
        """Look through Amazon's feeds of that type and time."""
        listed, unreadable = await feeds_since(self._line, feed)

        def settle(unit: Unit) -> bool:
            return settle_unknown(unit, feed, listed, unreadable, self._stamp())

        while not await self._kit.store.write(settle):
            pass

    async def _watch(self, feed: FeedRecord) -> None:
        try:
            shown = await self._line.ask(feed_call(feed.feed_id))
        except (BadRequest, NotFound):
            await self._end(feed, gone(feed.feed_id))
            return
        saved = await self._kit.store.write(lambda unit: note_status(unit, feed, shown.status, self._stamp()))
        if saved is None:
            return
        if shown.status in TERMINAL:
            await self._end(saved, await self._ending(shown, feed.messages))
        else:
            await self._let_others_go(saved)

    async def _let_others_go(self, feed: FeedRecord | None) -> None:
        """Work in a feed that is stuck, and behind it, does not wait for it longer than it must."""
        if feed is None or feed.stuck_since is None:
            return
        store, instance = self._kit.store, self._kit.instance
        after: int | None = 0
        while after is not None:
            after = await store.write(lambda unit, after=after: leave_stuck(unit, feed, self._stamp(), after))
        while not await store.write(lambda unit: give_up_waiting(unit, feed, instance, self._stamp())):
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
            return take_down(unit, cipher, feed, ending, self._stamp())

        while not await self._kit.store.write(judge):
            pass


def _judged(status: str, text: str, sent: int) -> Ending:
    """Made for a worker thread, as a report may have thousands of results. Raises `UnreadableReport`."""
    return ending_of(status, read_report(text), sent)
