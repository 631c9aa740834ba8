"""Price: one actor for each channel; saved prices are sent to Amazon and read back (semantics G1).

Mailbox:    wake-ups only (merge): a price was saved, approved or pushed; settings have changed.
Publishes:  what it waits for.
Writes:     the channel's prices and their history.
Calls:      searchListingsItems just before each change, as the offers around a price are sent along as they
            are; patchListingsItem; searchListingsItems again for what Amazon has taken; getListingsItem for
            what a search leaves out.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from datetime import datetime, timedelta

import anyio
from sqlalchemy import Connection

from channeld.amazon.budgets import Priority
from channeld.amazon.listings.calls import MOST_SKUS
from channeld.amazon.listings.submitting import patch_listing_call
from channeld.book.pricing.leaving import (
    Outgoing,
    answered,
    begin_prices,
    due_skus,
    failed,
    is_on,
    recover,
    sends,
)
from channeld.book.pricing.reading_back import book_read, skus_to_read
from channeld.concerns.account_line import AccountLine
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.price_reads import PriceReads
from channeld.concerns.waiting import bounded
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext, Halt
from channeld.store import prices

__all__ = ["PriceActor"]

FRESH = timedelta(seconds=30)
"""So long what was read of an offer is good enough to be sent along with its new price."""


class PriceActor:
    """Sends the prices that are due, twenty at a time, and reads back those that were taken."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int, marketplace_id: str) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id
        self._marketplace_id = marketplace_id
        self._halt: Halt | ChanneldError | None = None
        self._was_done = False

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        await self._kit.store.write(lambda unit: recover(unit, self._channel_id, self._now))
        while True:
            sent = await self._send_due(line)
            looked = await self._read_back(line)
            context.done()
            if not (sent or looked):
                await self._leave_if_done()
                await context.receive("a price to send or to read back", await self._next_at())

    @property
    def _now(self) -> datetime:
        return self._kit.clock.now()

    async def _send_due(self, line: AccountLine) -> bool:
        """Some of what is due; whether there was any."""
        kit, channel_id = self._kit, self._channel_id
        skus = await kit.store.read(lambda c: due_skus(c, channel_id, kit.instance, self._now, MOST_SKUS))
        if not skus:
            return False
        asked_at = self._now
        found = await PriceReads(line, self._marketplace_id, Priority.MONEY).read(skus)
        outgoing = await kit.store.write(
            lambda unit: begin_prices(unit, channel_id, kit.instance, found, asked_at, self._now)
        )
        self._halt = None
        async with anyio.create_task_group() as group:
            for each in outgoing:
                group.start_soon(self._send, line, each, asked_at + FRESH)
        if self._halt is not None:
            raise self._halt
        return True

    async def _send(self, line: AccountLine, outgoing: Outgoing, deadline: datetime) -> None:
        """Its outcome is committed as soon as it is known; a halt waits for the others under way."""
        sku, channel_id, store = outgoing.sku, self._channel_id, self._kit.store
        try:
            seller = (await line.access()).seller_id
            call = patch_listing_call(seller, self._marketplace_id, sku, [outgoing.patch])
            submission = await line.send(call, deadline=deadline)
        except ChanneldError as error:
            problem = error
            await store.write(lambda unit: failed(unit, channel_id, sku, problem, self._now))
            self._halt = halt_for(error) or self._halt
            return
        await store.write(lambda unit: answered(unit, channel_id, sku, submission, self._now))

    async def _read_back(self, line: AccountLine) -> bool:
        """Some of what Amazon has taken; whether there was any to be read."""
        kit, channel_id = self._kit, self._channel_id
        skus = await kit.store.read(lambda c: skus_to_read(c, channel_id, self._now, MOST_SKUS))
        if not skus:
            return False
        asked_at = self._now
        found = await PriceReads(line, self._marketplace_id, Priority.FRESHNESS).read(skus)
        await kit.store.write(lambda unit: book_read(unit, channel_id, found, asked_at, self._now))
        return True

    async def _leave_if_done(self) -> None:
        """With Price Change off it only runs until everything that was sent is read back."""
        was_done, self._was_done = self._was_done, await self._kit.store.read(self._is_done)
        if self._was_done and not was_done:
            settings = "settings", ("channel", self._channel_id)
            await self._kit.store.write(lambda unit: unit.changed(*settings))

    def _is_done(self, connection: Connection) -> bool:
        is_over = self._channel_id not in prices.unfinished(connection)
        return is_over and not is_on(connection, self._channel_id)

    async def _next_at(self) -> datetime:
        kit, channel_id = self._kit, self._channel_id
        due = await kit.store.read(
            lambda c: prices.next_at(c, channel_id, sends=sends(c, channel_id, kit.instance))
        )
        return bounded(due, self._now)
