"""Stock goes out by feeds: one actor for each account; many SKUs at once, one feed after the other.

Mailbox:    wake-ups only (merge): SKUs are due, a feed was given up, the database was adopted.
Publishes:  feeds, how stock stands; what it waits for.
Writes:     feeds and their messages, the desired state of the SKUs in them, its history.
Calls:      createFeedDocument, createFeed, getFeed, getFeeds, getFeedDocument, and the documents themselves.
Halts:      when Amazon refuses the credentials (the whole account) or the operation in every marketplace
            (this actor).

Requests go on beside it: it takes SKUs from the end, and so many that both are done at the same time.
"""

from datetime import datetime, timedelta

import anyio.to_thread

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import AccessDenied
from channeld.amazon.feeds.calls import create_feed_call, create_feed_document_call
from channeld.amazon.feeds.documents import upload
from channeld.amazon.feeds.listings_document import CONTENT_TYPE, FEED_TYPE, ListingChange, ListingsDocument
from channeld.amazon.operations import CREATE_FEED, CREATE_FEED_DOCUMENT, PATCH_LISTINGS_ITEM
from channeld.book.ledger.failure import failure_of
from channeld.book.offering.feeding import taking
from channeld.book.offering.feeding.carried import is_any_stranded, let_go
from channeld.book.offering.feeding.document import Said, made_of
from channeld.book.offering.feeding.ending import uncreated
from channeld.book.offering.feeding.lane import Lane, Load, load_of, read_lane
from channeld.book.offering.feeding.taking import ROWS_PER_UNIT
from channeld.book.offering.who_sends import LOOK_AGAIN
from channeld.concerns.account_line import AccountLine
from channeld.concerns.granted_markets import GrantedMarkets
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.stock_feed_watch import StockFeedWatch
from channeld.concerns.waiting import bounded
from channeld.domain.stock.route import Requests
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.store import feeds
from channeld.store.feeds import FeedRecord

__all__ = ["StockFeed"]

NOT_ANY_MORE = "its channel does not send any more"
STOPPED_CREATING = "channeld stopped while the feed was being created"

QUIET, GATHER = 1.0, 20.0
"""When no more SKUs have become due for so many seconds a feed leaves, and after so many in any case."""
PATIENCE = 60.0
KEPT = 3
"""Tokens of createFeed that are left for cancellations, refunds and despatch notes."""
RATE_OVER = 1_000
"""Tokens over which the rate of a budget is measured."""


class StockFeed:
    """Makes a feed when it is worth one, and watches it to its end before the next is made."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._granted = GrantedMarkets(kit, account_id, "stock_feed")
        self._gathering: tuple[datetime, int] | None = None
        """Since when, and how many were due when it last looked."""

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        watch = StockFeedWatch(self._kit, line)
        await self._recover(watch)
        await self._granted.begin()
        while True:
            lane, now = await self._look(), self._kit.clock.now()
            if lane.look_back_at is not None and lane.look_back_at <= now:
                await watch.look_back(now)
            elif lane.running is not None and watch.is_due(lane.running):
                await watch.go_on(lane.running)
                context.done()
            elif lane.running is not None:
                await context.receive("Amazon to work through a feed", self._next(lane, lane.running.look_at))
            else:
                await self._turn(context, line, watch, lane)

    async def _look(self) -> Lane:
        """As it stands, when SKUs that waited in vain have been let go."""
        kit, account_id = self._kit, self._account_id
        while await kit.store.read(lambda c: is_any_stranded(c, account_id)):
            await kit.store.write(lambda unit: let_go(unit, account_id, kit.clock.now()))
        left_out = self._granted.left_out
        return await kit.store.read(
            lambda c: read_lane(
                c, account_id, kit.instance, kit.feed_messages, kit.clock.now(), left_out=left_out
            )
        )

    def _next(self, lane: Lane, at: datetime | None) -> datetime:
        moments = (at, lane.look_back_at, self._granted.next_try)
        known = [moment for moment in moments if moment is not None]
        return bounded(min(known, default=None), self._kit.clock.now())

    async def _recover(self, watch: StockFeedWatch) -> None:
        """What a death has left: a document without a feed is nothing, an unanswered creation a doubt."""
        kit = self._kit
        running = await kit.store.read(lambda c: feeds.running(c, self._account_id, FEED_TYPE))
        if running is not None and running.state == "preparing":
            await watch.end(running, uncreated(running))
        elif running is not None and running.state == "sending":
            await kit.store.write(
                lambda unit: taking.in_doubt(unit, running.id, STOPPED_CREATING, kit.clock.now())
            )

    async def _turn(
        self, context: ActorContext, line: AccountLine, watch: StockFeedWatch, lane: Lane
    ) -> None:
        """Make the next feed, or wait for what is missing."""
        now = self._kit.clock.now()
        ready_in = self._ready_in()
        load = load_of(lane, self._requests(), ready_in)
        if lane.free_at is not None and lane.free_at > now:
            await self._pause(
                context,
                "trying again after a feed that came to nothing" if lane.failures else "the next feed",
                lane.free_at,
            )
        elif load is None:
            self._gathering = None
            context.done()
            await self._idle(context, lane)
            await self._pause(context, "more to go with it", now + timedelta(seconds=QUIET))
        elif ready_in > 0:
            until = now + timedelta(seconds=ready_in)
            await self._pause(context, f"a budget token for {CREATE_FEED.name}", until)
        elif not self._has_gathered(load, now):
            await self._pause(context, "more to go with it", now + timedelta(seconds=QUIET))
        else:
            self._gathering = None
            await self._send(line, watch, load)
            context.done()

    async def _idle(self, context: ActorContext, lane: Lane) -> None:
        if lane.is_behind:
            await context.receive("the orders of the last hours", self._kit.clock.now() + LOOK_AGAIN)
        elif lane.is_computing:
            await context.receive("all stock to be computed anew", self._next(lane, None))
        else:
            await context.receive("stock for a feed", self._next(lane, None))

    async def _pause(self, context: ActorContext, what: str, until: datetime) -> None:
        """No wake-up ends it, as many come in a row; what is waited for is looked at again now and then."""
        seconds = (until - self._kit.clock.now()).total_seconds()
        with context.waits(what, until):
            await self._kit.clock.sleep(min(max(seconds, 0.0), PATIENCE))

    def _has_gathered(self, load: Load, now: datetime) -> bool:
        """Whether nothing more has become due for a while, or it is a full feed, or it has waited enough."""
        if self._gathering is None:
            self._gathering = (now, load.due)
            return load.count >= self._kit.feed_messages
        since, before = self._gathering
        self._gathering = (since, load.due)
        is_late = now - since >= timedelta(seconds=GATHER)
        return load.due <= before or is_late or load.count >= self._kit.feed_messages

    def _ready_in(self) -> float:
        """Seconds until the budgets allow a feed."""
        budgets, account_id = self._kit.budgets, self._account_id
        return max(
            budgets.wait_for(account_id, CREATE_FEED, 1 + KEPT),
            budgets.wait_for(account_id, CREATE_FEED_DOCUMENT, 1),
        )

    def _requests(self) -> Requests:
        """The budget of requests, by what it says of many."""
        budgets = self._kit.budgets
        near = budgets.wait_for(self._account_id, PATCH_LISTINGS_ITEM, RATE_OVER)
        far = budgets.wait_for(self._account_id, PATCH_LISTINGS_ITEM, 2 * RATE_OVER)
        rate = RATE_OVER / (far - near)
        return Requests(rate=rate, tokens=RATE_OVER - near * rate)

    async def _send(self, line: AccountLine, watch: StockFeedWatch, load: Load) -> None:
        """The next feed, from its SKUs to Amazon's answer."""
        seller_id = (await line.access()).seller_id
        kit = self._kit
        feed = await kit.store.write(
            lambda unit: taking.prepare(unit, self._account_id, load.channel, kit.clock.now())
        )
        changes = await self._take(feed, load)
        with kit.clock.working():
            said = await anyio.to_thread.run_sync(made_of, seller_id, changes, kit.feed_messages)
        await self._leave_out(feed, said)
        if said.document is None:
            await watch.end(feed, uncreated(feed, "nothing could be put into it"))
            return
        try:
            await self._submit(line, watch, feed, said.document)
        except ChanneldError as error:
            await self._failed(watch, feed, load.channel.id, error)

    async def _take(self, feed: FeedRecord, load: Load) -> list[ListingChange]:
        kit, changes = self._kit, list[ListingChange]()
        is_last = False
        while len(changes) < load.count and not is_last:
            first, limit = len(changes) + 1, min(ROWS_PER_UNIT, load.count - len(changes))
            taken = await kit.store.write(
                lambda unit, first=first, limit=limit: taking.take(
                    unit, feed, load.channel.id, first, limit, kit.clock.now()
                )
            )
            changes += taken.changes
            is_last = taken.is_last
        return changes

    async def _leave_out(self, feed: FeedRecord, said: Said) -> None:
        """What is not in its document leaves the feed; hardly ever there is any."""
        kit, skus = self._kit, list(said.left_out)
        for start in range(0, len(skus), ROWS_PER_UNIT):
            reasons = {sku: said.left_out[sku] for sku in skus[start : start + ROWS_PER_UNIT]}
            await kit.store.write(
                lambda unit, reasons=reasons: taking.leave_out(unit, feed, reasons, kit.clock.now())
            )
        document = said.document
        if skus and document is not None:
            await kit.store.write(lambda unit: taking.renumber(unit, feed, document.skus))

    async def _submit(
        self, line: AccountLine, watch: StockFeedWatch, feed: FeedRecord, written: ListingsDocument
    ) -> None:
        """Raises what kept Amazon from having it, or may have."""
        kit = self._kit
        document = await line.send(create_feed_document_call(CONTENT_TYPE), Priority.FRESHNESS)
        await upload(kit.http, kit.clock, document, written.content, content_type=CONTENT_TYPE)
        count = len(written.skus)
        begun = await kit.store.write(
            lambda unit: taking.creating(
                unit, feed.id, document.document_id, count, kit.instance, kit.clock.now()
            )
        )
        if begun is None:
            stopped = await kit.store.read(lambda c: feeds.get(c, feed.id)) or feed
            await watch.end(feed, uncreated(feed, stopped.reason or NOT_ANY_MORE))
            return
        call = create_feed_call(feed.feed_type, feed.marketplaces, document.document_id)
        feed_id = await line.send(call, Priority.FRESHNESS)
        await kit.store.write(
            lambda unit: taking.created(unit, feed.id, feed_id, kit.feed_messages, kit.clock.now())
        )

    async def _failed(
        self, watch: StockFeedWatch, feed: FeedRecord, channel_id: int, error: ChanneldError
    ) -> None:
        """Nobody knows whether Amazon has it, or it certainly has not; what only a person can help halts."""
        kit, failure = self._kit, failure_of(error)
        present = await kit.store.read(lambda c: feeds.get(c, feed.id))
        was_asked_for = present is not None and present.state == "sending"
        if failure is not None and failure.in_doubt and was_asked_for:
            reason = failure.reason
            await kit.store.write(lambda unit: taking.in_doubt(unit, feed.id, reason, kit.clock.now()))
            return
        await kit.store.write(lambda unit: taking.uncreated(unit, feed.id, error.message))
        await watch.end(feed, uncreated(feed, error.message))
        is_set_aside = (
            was_asked_for  # its document is of no marketplace
            and isinstance(error, AccessDenied)
            and await self._granted.go_on_without(channel_id, error)
        )
        if is_set_aside:
            return
        if failure is None:
            raise halt_for(error) or error
