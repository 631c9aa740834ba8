"""Stock goes out by requests: one actor for each account; each token is for the most urgent SKU (design, 4).

Mailbox:    wake-ups only (merge): a SKU is due, a request was answered, the database was adopted.
Publishes:  how stock stands, audit of relists; what it waits for.
Writes:     desired stock and its history, inventory sync dates.
Calls:      patchListingsItem.
Halts:      when Amazon refuses the credentials (the whole account) or the operation in every marketplace
            (this actor).
"""

from datetime import datetime, timedelta

import anyio
import anyio.abc
from sqlalchemy import Connection

from channeld.amazon.errors import AccessDenied, AmazonError, AmazonUnavailable, Throttled, UnreadableAnswer
from channeld.amazon.operations import PATCH_LISTINGS_ITEM
from channeld.book.ledger.holding import is_foreign
from channeld.book.offering.requests import Note, answered, failed, recover_requests, take_requests
from channeld.book.offering.who_sends import LOOK_AGAIN, is_behind
from channeld.concerns.account_line import AccountLine
from channeld.concerns.granted_markets import GrantedMarkets
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.waiting import bounded
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext, Halt
from channeld.store import desired_stock
from channeld.store.unit import Unit

__all__ = ["StockPush"]

AHEAD = 0.05
"""Seconds before its token that a SKU is taken: so long may the commit take that marks it as being sent. What
becomes urgent later than that overtakes everything that was not taken."""
MAX_UNDER_WAY = 32
"""Requests: Amazon grants five in a second, and one may take six."""
PATIENCE = timedelta(seconds=5)
"""So long a SKU that was taken waits for a token that somebody else took, or after a 429; then whatever is
most urgent is taken anew."""
MOST_OUTAGES = 5
"""Requests on end without an answer until it stops trying for a while, which is shown."""
PAGE = 500


class StockPush:
    """Takes what is due when a token is there, not before: nothing waits behind what is less urgent."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._granted = GrantedMarkets(kit, account_id, "stock_push")
        self._trouble: Halt | ChanneldError | None = None
        self._outages = 0
        self._under_way = 0
        self._waiting: set[str] = set()
        """SKUs of those under way that have no token yet."""

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; whatever is taken is what the store says then."""
        line = AccountLine(self._kit, self._account_id, context)
        await self._recover()
        await self._granted.begin()
        async with anyio.create_task_group() as group:
            while self._trouble is None:
                await self._turn(line, context, group)
        if self._trouble is not None:
            raise self._trouble

    async def _recover(self) -> None:
        def recover(unit: Unit) -> int:
            return recover_requests(unit, self._account_id, self._kit.clock.now(), PAGE)

        while await self._kit.store.write(recover) == PAGE:
            pass

    async def _turn(self, line: AccountLine, context: ActorContext, group: anyio.abc.TaskGroup) -> None:
        """Send what may leave now, or wait."""
        if self._under_way == MAX_UNDER_WAY:
            await context.receive("Amazon's answers")
            return
        free = self._free()
        if not free:
            await context.receive(f"a budget token for {PATCH_LISTINGS_ITEM.name}", self._token_at())
            return
        notes = await self._take(free)
        for note in notes:
            self._under_way += 1
            self._waiting.add(note.sku)
            group.start_soon(self._send, line, context, note)
        if not notes:
            if not self._under_way:
                context.done()
            await self._idle(context)

    def _free(self) -> int:
        """How many SKUs can be taken: tokens that are there, or all but, and that none was taken for."""
        most = MAX_UNDER_WAY - self._under_way
        return next((n for n in range(most) if self._seconds_until(n + 1) > AHEAD), most)

    def _seconds_until(self, more: int) -> float:
        """The token of the last of so many more requests."""
        return self._kit.budgets.wait_for(self._account_id, PATCH_LISTINGS_ITEM, len(self._waiting) + more)

    def _token_at(self) -> datetime:
        """When to look for one again."""
        return self._kit.clock.now() + timedelta(seconds=max(AHEAD / 5, self._seconds_until(1) - AHEAD))

    async def _take(self, limit: int) -> list[Note]:
        kit, left_out = self._kit, self._granted.left_out
        return await kit.store.write(
            lambda unit: take_requests(
                unit, self._account_id, kit.instance, kit.clock.now(), limit, left_out=left_out
            )
        )

    async def _idle(self, context: ActorContext) -> None:
        """Nothing may leave now."""
        now = self._kit.clock.now()
        behind, soonest = await self._kit.store.read(lambda c: self._look(c, now))
        if await self._kit.store.read(lambda c: is_foreign(c, self._kit.instance)):
            await context.receive("adoption of the database", bounded(soonest, now))
        elif behind:
            await context.receive("the orders of the last hours", now + LOOK_AGAIN)
        else:
            await context.receive("stock to be told", bounded(soonest, now))

    def _look(self, connection: Connection, now: datetime) -> tuple[bool, datetime | None]:
        """Whether orders are behind while anything is due, and when else to look again."""
        held = desired_stock.next_held(connection, self._account_id)
        soonest = min(filter(None, (held, self._granted.next_try)), default=None)
        is_due = desired_stock.is_any_due(connection, self._account_id)
        return is_due and is_behind(connection, self._account_id, now), soonest

    async def _send(self, line: AccountLine, context: ActorContext, note: Note) -> None:
        try:
            await self._deliver(line, note)
        except ChanneldError as error:  # the store: what came of it is found out after the next start
            self._trouble = error
        finally:
            self._waiting.discard(note.sku)
            self._under_way -= 1
        if self._trouble is not None or self._under_way == MAX_UNDER_WAY - 1:
            context.mailbox.wake()
        if not self._outages:
            context.done()

    async def _deliver(self, line: AccountLine, note: Note) -> None:
        """Its outcome is committed as soon as it is known; a halt waits for the others under way."""
        kit, until = self._kit, self._kit.clock.now() + PATIENCE
        try:
            said = await line.send(
                note.call, note.priority, deadline=until, leaves=lambda: self._waiting.discard(note.sku)
            )
        except ChanneldError as error:
            await self._learn(note, error)
            await kit.store.write(
                lambda unit, error=error: failed(unit, self._account_id, note, error, kit.clock.now())
            )
            return
        self._outages = 0
        await kit.store.write(lambda unit: answered(unit, self._account_id, note, said, kit.clock.now()))

    async def _learn(self, note: Note, error: ChanneldError) -> None:
        """What a failed request says of the next ones."""
        if isinstance(error, Throttled):
            return
        if isinstance(error, AccessDenied) and await self._granted.go_on_without(note.channel_id, error):
            return
        if halt := halt_for(error):
            self._trouble = halt
        elif not isinstance(error, AmazonError):
            self._trouble = error
        elif isinstance(error, AmazonUnavailable | UnreadableAnswer):
            self._outages += 1
            if not error.is_ambiguous or self._outages >= MOST_OUTAGES:
                self._trouble = error
        else:
            self._outages = 0
