"""Feed lane: one actor for each account and feed type; it batches work into feeds (design, 4 and 5; C3).

Mailbox:    wake-ups only (merge): there is work for a feed.
Publishes:  feeds, work, audit; what it waits for.
Writes:     feeds, and the ledger rows that they carry.
Calls:      createFeedDocument, createFeed, getFeed, getFeeds, getFeedDocument, and the documents themselves.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from collections.abc import Sequence
from datetime import datetime

import anyio.to_thread
import msgspec

from channeld.amazon.feeds.batch import Batch, Waiting, make_batch
from channeld.amazon.feeds.calls import create_feed_call, create_feed_document_call
from channeld.amazon.feeds.documents import upload
from channeld.amazon.feeds.envelope import CONTENT_TYPE
from channeld.book.ledger.failure import failure_of
from channeld.book.ledger.feed_creation import created, creating, in_doubt, not_created, prepare
from channeld.book.ledger.feed_queue import Lane, checked_long_ago, look_at_lane, send_back, unsayable
from channeld.book.ledger.moves import AuditStamp
from channeld.concerns.account_line import AccountLine
from channeld.concerns.feed_watch import FeedWatch
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.waiting import bounded
from channeld.domain.ledger.kinds import Kind
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.store import feeds
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_due import waiting_for_feed
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["FeedLane"]

SLICE = 200
"""Rows read at once."""
STOPPED = "channeld stopped while the feed was being created"
TOO_SLOW = "its document took so long that its work has to be checked against Amazon's view again"


class FeedLane:
    """One feed at a time, each watched to its end before the next is made."""

    def __init__(self, kit: Kit, account_id: int, kind: Kind) -> None:
        self._kit = kit
        self._account_id = account_id
        self._kind = kind

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says.

        Waiting for the time of a step is no turn: a step that fails each time goes on being shown.
        """
        line = AccountLine(self._kit, self._account_id, context)
        watch = FeedWatch(self._kit, line)
        await self._recover()
        while True:
            lane = await self._look()
            feed = lane.running
            if await self._look_back(watch, lane):
                continue
            if feed is not None and watch.is_due(feed):
                await watch.go_on(feed)
                context.done()
            elif feed is not None:
                await self._wait_for(context, feed, lane)
            elif lane.waiting:
                if not await self._said_meanwhile(watch, lane):
                    await self._send(line, lane)
                context.done()
            else:
                if lane.free_at is None:
                    context.done()
                await context.receive("work for a feed", self._bounded(lane.free_at, lane.look_back_at))

    async def _look_back(self, watch: FeedWatch, lane: Lane) -> bool:
        """Look at a feed that was given up, if it is time; whether one was looked at."""
        now = self._kit.clock.now()
        if lane.look_back_at is None or lane.look_back_at > now:
            return False
        feed = await self._kit.store.read(
            lambda c: feeds.abandoned(c, self._account_id, self._kind.feed_type, now)
        )
        if feed is not None:
            await watch.look_back(feed)
        return feed is not None

    async def _said_meanwhile(self, watch: FeedWatch, lane: Lane) -> bool:
        """Ask for what was given up with work that is about to leave again; whether its report came now.

        No answer holds nothing up: whoever repeats what is in doubt was told of it.
        """
        if lane.look_back_at is None:
            return False
        before = await self._kit.store.read(lambda c: feeds.abandoned_with(c, lane.waiting))
        return any([await watch.look_back(feed) for feed in before])

    async def _wait_for(self, context: ActorContext, feed: FeedRecord, lane: Lane) -> None:
        until = self._bounded(feed.look_at, lane.look_back_at)
        if feed.state == "unknown":
            await context.receive("finding out whether Amazon has taken a feed", until)
        else:
            await context.receive("Amazon to work through a feed", until)

    def _stamp(self) -> AuditStamp:
        return AuditStamp(now=self._kit.clock.now())

    def _bounded(self, *moments: datetime | None) -> datetime:
        """When to look again: at the first of these."""
        first = min((moment for moment in moments if moment is not None), default=None)
        return bounded(first, self._kit.clock.now())

    async def _look(self) -> Lane:
        now, kit = self._kit.clock.now(), self._kit
        return await kit.store.read(
            lambda c: look_at_lane(c, self._account_id, self._kind, kit.instance, now)
        )

    async def _recover(self) -> None:
        """What a death has left: a document without a feed is nothing, an unanswered creation a doubt."""
        running = (await self._look()).running
        if running is not None and running.state == "preparing":
            await self._kit.store.write(lambda unit: not_created(unit, running.id, None, self._stamp()))
        elif running is not None and running.state == "sending":
            await self._kit.store.write(lambda unit: in_doubt(unit, running.id, STOPPED, self._stamp()))

    async def _send(self, line: AccountLine, lane: Lane) -> None:
        """The next feed, from its document to Amazon's answer."""
        seller_id = (await line.access()).seller_id
        waiting = await self._waiting(lane)
        old = checked_long_ago(self._kind, waiting, self._kit.clock.now())
        if old:
            await self._kit.store.write(lambda unit: send_back(unit, old))
            return
        with self._kit.clock.working():
            batch = await anyio.to_thread.run_sync(_batch, seller_id, self._kind.name, waiting)
        if batch.unsayable:
            for work_id, reason in batch.unsayable.items():
                await self._kit.store.write(
                    lambda unit, work_id=work_id, reason=reason: unsayable(
                        unit, work_id, reason, self._stamp()
                    )
                )
            return
        rows = waiting[: batch.count]
        places = sorted({lane.marketplaces[record.channel_id] for record in rows})
        feed = await self._kit.store.write(
            lambda unit: prepare(unit, self._account_id, self._kind, rows, places, self._stamp())
        )
        if feed is not None:
            await self._submit(line, feed, rows, batch.document)

    async def _waiting(self, lane: Lane) -> list[WorkRecord]:
        """Read in slices, as thousands at once would hold everybody up. What moves meanwhile is left out."""
        found: list[WorkRecord] = []
        for start in range(0, len(lane.waiting), SLICE):
            ids = lane.waiting[start : start + SLICE]
            found += await self._kit.store.read(lambda c, ids=ids: waiting_for_feed(c, ids))
        return found

    async def _submit(
        self, line: AccountLine, feed: FeedRecord, rows: Sequence[WorkRecord], content: bytes
    ) -> None:
        try:
            document = await line.send(create_feed_document_call(CONTENT_TYPE))
            await upload(self._kit.http, self._kit.clock, document, content, content_type=CONTENT_TYPE)
        except ChanneldError as error:
            await self._not_created(feed, error)
            return
        if checked_long_ago(self._kind, rows, self._kit.clock.now()):
            await self._kit.store.write(
                lambda unit: not_created(unit, feed.id, None, self._stamp(), why=TOO_SLOW)
            )
            return
        begun = await self._kit.store.write(
            lambda unit: creating(
                unit, feed.id, rows, document.document_id, self._kit.instance, self._stamp()
            )
        )
        if begun is None:
            return
        call = create_feed_call(feed.feed_type, feed.marketplaces, document.document_id)
        try:
            feed_id = await line.send(call)
        except ChanneldError as error:
            failure = failure_of(error)
            if failure is None or not failure.in_doubt:
                await self._not_created(feed, error)
            else:
                await self._kit.store.write(
                    lambda unit: in_doubt(unit, feed.id, failure.reason, self._stamp())
                )
            return
        await self._kit.store.write(lambda unit: created(unit, feed.id, feed_id, self._stamp()))

    async def _not_created(self, feed: FeedRecord, error: ChanneldError) -> None:
        """Amazon certainly has no such feed: a failed try; or none, of what only a person can help."""
        failure = failure_of(error)
        certain = failure and msgspec.structs.replace(failure, in_doubt=False)
        why = error.message

        def end(unit: Unit) -> bool:
            return not_created(unit, feed.id, certain, self._stamp(), why=why)

        while not await self._kit.store.write(end):
            pass
        if failure is None:
            raise halt_for(error) or error


def _batch(seller_id: str, kind: str, rows: Sequence[WorkRecord]) -> Batch:
    waiting = [Waiting(work_id=r.id, order_id=r.order_id, effect=r.effect) for r in rows]
    return make_batch(seller_id, kind, waiting)
