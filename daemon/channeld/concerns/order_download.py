"""Order download: one actor for each account (semantics C0, C5).

Mailbox:    wake-ups only (merge): settings changed, a channel came or went, somebody wants a search now.
Publishes:  orders, channels (sync date, cursor), quarantine, audit; what it waits for.
Writes:     searches, orders and all that follows from them, cursors, sync dates, when the last search began.
Calls:      searchOrders.
Halts:      when Amazon refuses the credentials (the whole account) or the operation for every channel.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

import anyio.to_thread
import msgspec
import structlog

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import AccessDenied, BadRequest
from channeld.amazon.operations import SEARCH_ORDERS, Query
from channeld.amazon.orders import OrderPage, search_call, search_query
from channeld.book.account_access import account_access
from channeld.book.readings import read_all
from channeld.book.search_page import Page, PageBooked, book_page
from channeld.book.search_turn import Outlook, begin_again, begun, look_ahead, note_begin
from channeld.concerns.halting import halt_for
from channeld.concerns.isolation import Isolation
from channeld.concerns.kit import Kit
from channeld.concerns.page_chain import PageChain
from channeld.domain.search_plan import SLICE, CatchUp, Live, SearchKind, next_kind, next_slice
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.store import backfills, channels, searches
from channeld.store.searches import Search
from channeld.store.unit import Unit

__all__ = ["OrderDownload"]

SHORTEST_WAIT = timedelta(milliseconds=100)
_QUERY = msgspec.json.Decoder(Query)
_log = structlog.get_logger(__name__)


class OrderDownload:
    """Searches for changed orders of all channels of one account, whenever due and a token is there."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._last: SearchKind | None = None
        self._slice = SLICE
        self._isolation = Isolation()
        self._chains: defaultdict[SearchKind, PageChain] = defaultdict(PageChain)
        self._ahead: Outlook | None = None

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says, or said as the last page was booked."""
        self._ahead = None
        await self._hear_the_time()
        await self._stir_backfill()
        while True:
            outlook = await self._look_ahead()
            kind = self._choose(outlook)
            if kind is None:
                context.done()
                await context.receive("the next order search", self._next_at(outlook))
            else:
                await self._take_turn(context, outlook, kind)
                context.done()

    async def _hear_the_time(self) -> None:
        """Plan nothing by a clock that nobody confirmed: the exchange of a token tells Amazon's time."""
        if self._kit.clock.ahead is not None:
            return
        store = self._kit.store
        try:
            access = await store.read(lambda c: account_access(c, store.cipher, self._account_id))
            await self._kit.partner.log_in(access)
        except ChanneldError as error:
            raise halt_for(error) or error from None

    async def _stir_backfill(self) -> None:
        """While the daemon was off nobody read anything: the search keeps to the plan all the same."""
        store, now = self._kit.store, self._kit.clock.now()
        if await store.read(lambda c: backfills.of_account(c, self._account_id)):
            await store.write(lambda unit: backfills.stir(unit, self._account_id, now))

    async def _look_ahead(self) -> Outlook:
        now = self._kit.clock.now()
        ahead, self._ahead = self._ahead, None
        outlook = ahead or await self._kit.store.read(
            lambda c: look_ahead(c, self._account_id, now, length=self._slice)
        )
        self._isolation.forget(c.id for c in outlook.channels.values() if not c.trouble)
        left_out = self._isolation.leave_out(outlook.channels, now)
        if not left_out:
            return outlook
        return await self._kit.store.read(
            lambda c: look_ahead(c, self._account_id, now, length=self._slice, leave_out=left_out)
        )

    def _choose(self, outlook: Outlook) -> SearchKind | None:
        return next_kind(
            live_wanted=self._is_live_wanted(outlook),
            catch_up_wanted=outlook.catch_up is not None,
            last=self._last,
            to_spare=outlook.live is None or self._wait_for_spare() <= 0,
        )

    def _wait_for_spare(self) -> float:
        """Seconds until a token can be spent on catching up without the live search missing it."""
        return self._kit.budgets.wait_for(self._account_id, SEARCH_ORDERS, 2)

    def _is_live_wanted(self, outlook: Outlook) -> bool:
        if outlook.live is None or isinstance(outlook.live, Search):
            return outlook.live is not None
        is_due = outlook.live_due <= self._kit.clock.now()
        return is_due or self._kit.board.is_wanted(outlook.live.channel_ids)

    def _next_at(self, outlook: Outlook) -> datetime | None:
        """When there may be something to do: the live search is due, or a token to spare for catching up."""
        now = self._kit.clock.now()
        due = [outlook.live_due] if outlook.live else []
        due += [outlook.look_again] if outlook.look_again else []
        if outlook.catch_up:
            due.append(now + timedelta(seconds=self._wait_for_spare()))
        return max(min(due), now + SHORTEST_WAIT) if due else None

    async def _take_turn(self, context: ActorContext, outlook: Outlook, kind: SearchKind) -> None:
        """One page of one search, from its request to its commit."""
        planned = outlook.live if kind == "live" else outlook.catch_up
        if planned is None:
            return
        search = planned if isinstance(planned, Search) else await self._begin(planned, outlook)
        try:
            answer = await self._ask(context, search)
        except ChanneldError as error:
            await self._refused(search, outlook.channels, error)
            return
        self._last = kind
        self._isolation.answered(search.channel_ids)
        await self._book(search, answer)

    async def _begin(self, plan: Live | CatchUp, outlook: Outlook) -> Search:
        """Store the search before its first page, so that a person's change meanwhile is noticed."""
        marketplaces = sorted(outlook.channels[channel_id].marketplace_id for channel_id in plan.channel_ids)
        query = search_query(marketplaces, plan.after, plan.before if isinstance(plan, CatchUp) else None)
        search = begun(self._account_id, plan, msgspec.json.encode(query).decode(), self._kit.clock.now())
        await self._kit.store.write(lambda unit: note_begin(unit, search))
        return search

    async def _ask(self, context: ActorContext, search: Search) -> OrderPage:
        store = self._kit.store
        access = await store.read(lambda c: account_access(c, store.cipher, self._account_id))
        call = search_call(_QUERY.decode(search.query), search.page_token or None)
        priority = self._priority(search)
        return (await self._kit.partner.send(access, call, priority=priority, waits=context.waits)).value

    def _priority(self, search: Search) -> Priority:
        if search.page_token:
            return Priority.CONTINUATION
        return Priority.PERSON if self._kit.board.is_wanted(search.channel_ids) else Priority.FRESHNESS

    async def _refused(self, search: Search, enabled: Collection[int], error: ChanneldError) -> None:
        """Begin again from the cursor, find out which channel it is about, or let the supervisor decide."""
        is_about_token = isinstance(error, BadRequest) and error.is_page_token_refused
        if is_about_token or (isinstance(error, AccessDenied | BadRequest) and len(enabled) > 1):
            await self._kit.store.write(lambda unit: begin_again(unit, search))
            if is_about_token:
                self._slice = next_slice(self._slice, search.next_page)
                return
            if await self._is_one_channel_s_fault(search, enabled, error):
                return
        raise halt_for(error) or error

    async def _is_one_channel_s_fault(
        self, search: Search, enabled: Collection[int], error: ChanneldError
    ) -> bool:
        """Whether the others can go on without the channel that is to blame, or that is yet to be found."""
        now = self._kit.clock.now()
        culprit = self._isolation.refused(search.channel_ids, now)
        if culprit is None:
            return True
        await self._kit.store.write(
            lambda unit: channels.note_trouble(unit, culprit, error.message, error.hint, now)
        )
        return len(self._isolation.leave_out(enabled, now)) < len(enabled)

    async def _book(self, search: Search, answer: OrderPage) -> None:
        with self._kit.clock.working():
            readings = await anyio.to_thread.run_sync(read_all, answer.orders)
        page = Page(readings=readings, next_token=answer.next_token or None, bound=answer.last_updated_before)
        now = self._kit.clock.now()
        booked, ahead = await self._commit(search, page, now)
        if search.kind == "live":
            self._kit.order_rate.note(self._account_id, len(booked.outcomes), now)
        self._kit.board.applied(booked.channel_ids, sum(outcome.applied for outcome in booked.outcomes))
        if booked.complete:
            self._complete(search, booked.channel_ids)
        elif page.next_token and self._leads_back(search, page.next_token):
            await self._kit.store.write(lambda unit: searches.finish(unit, self._account_id, search.kind))
            raise _repeated_token()
        else:
            self._ahead = ahead

    async def _commit(self, search: Search, page: Page, now: datetime) -> tuple[PageBooked, Outlook]:
        """Book the page, and look ahead in the same visit to the store: the next page follows at once."""
        cipher, length = self._kit.store.cipher, self._slice

        def book(unit: Unit) -> tuple[PageBooked, Outlook]:
            booked = book_page(unit, cipher, search, page, now)
            return booked, look_ahead(unit.connection, self._account_id, now, length=length)

        return await self._kit.store.write(book)

    def _leads_back(self, search: Search, following: str) -> bool:
        return self._chains[search.kind].leads_back(search.started_at, search.page_token, following)

    def _complete(self, search: Search, channel_ids: Collection[int]) -> None:
        if search.kind == "catch_up":
            self._slice = next_slice(self._slice, search.next_page)
        else:
            self._kit.board.complete(channel_ids, search.started_at)


def _repeated_token() -> ChanneldError:
    return ChanneldError(
        "page_token_repeated",
        "Amazon answered with the token of a page that was read already, so the search cannot go on.",
        "Nothing is lost: the cursor stays, and the search begins again by itself.",
    )
