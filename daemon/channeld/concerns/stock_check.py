"""Stock is read back: one actor for each account (semantics D1, I17; design, section 4).

Mailbox:    wake-ups only (merge): something is worth a look, a listing download has moved on.
Publishes:  how stock stands, audit of listings that were closed or opened by hand; what it waits for.
Writes:     what direct reads have shown of desired stock, its history, listings that are down.
Calls:      searchListingsItems, and getListingsItem for what a search does not bring.
Halts:      when Amazon refuses the credentials (the whole account) or the operation in every marketplace
            (this actor).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from channeld.book.ledger.holding import is_foreign
from channeld.book.offering.reading_back.drift import compared_all, note_differing, note_down
from channeld.book.offering.reading_back.due_looks import GATHERED_FOR
from channeld.concerns.account_line import AccountLine
from channeld.concerns.granted_markets import GrantedMarkets
from channeld.concerns.kit import Kit
from channeld.concerns.stock_looks import StockLooks
from channeld.concerns.waiting import bounded
from channeld.runtime.actor import ActorContext
from channeld.store import channels, desired_stock, listings_down, stock_drift
from channeld.store.stock_drift import Compared

__all__ = ["StockCheck"]

_COMPARED_AT_ONCE = 2_000
"""Listings of a report, of which most do not differ."""
_DOWN_AT_ONCE = 500


class StockCheck:
    """Looks at what was told, and compares each listing report that comes in."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        granted = GrantedMarkets(self._kit, self._account_id, "stock_check")
        await granted.begin()
        looks = StockLooks(self._kit, self._account_id, line, granted)
        while True:
            is_anothers = await self._kit.store.read(lambda c: is_foreign(c, self._kit.instance))
            has_looked = not is_anothers and await self._turn(looks)
            context.done()
            if not has_looked:
                until = bounded(None if is_anothers else await self._next_look(), self._kit.clock.now())
                await context.receive(
                    "adoption of the database" if is_anothers else "something to look for at Amazon", until
                )

    async def _turn(self, looks: StockLooks) -> bool:
        """Whether there may be more to look at."""
        for report in await self._to_compare():
            await self._compare(report)
        return await looks.look()

    async def _next_look(self) -> datetime | None:
        due = await self._kit.store.read(lambda c: desired_stock.next_look(c, self._account_id))
        return due + GATHERED_FOR if due else None

    async def _to_compare(self) -> Sequence[Compared]:
        def query(connection: Connection) -> Sequence[Compared]:
            of_account = channels.of_account(connection, self._account_id)
            return stock_drift.to_compare(connection, [each.id for each in of_account if each.enabled])

        return await self._kit.store.read(query)

    async def _compare(self, report: Compared) -> None:
        """After a death it is done once more: what differs is read, and no more than that."""
        after: str | None = ""
        while after is not None:
            after = await self._compare_page(report, after)
        await self._wake_what_is_down(report.channel_id)
        await self._kit.store.write(lambda unit: compared_all(unit, report))

    async def _compare_page(self, report: Compared, after: str) -> str | None:
        """The last SKU of the page; None behind the last one."""
        account_id, channel_id = self._account_id, report.channel_id
        shown, last = await self._kit.store.read(
            lambda c: stock_drift.differing(c, account_id, channel_id, after, _COMPARED_AT_ONCE)
        )
        if shown:
            now = self._kit.clock.now()
            await self._kit.store.write(
                lambda unit: note_differing(unit, account_id, shown, report.asked_at, now)
            )
        return last

    async def _wake_what_is_down(self, channel_id: int) -> None:
        account_id, after = self._account_id, ""
        while skus := await self._down(channel_id, after):
            after, now = skus[-1], self._kit.clock.now()
            await self._kit.store.write(
                lambda unit, skus=skus, now=now: note_down(unit, account_id, skus, now)
            )

    async def _down(self, channel_id: int, after: str) -> list[str]:
        return await self._kit.store.read(
            lambda c: listings_down.of_channel(c, channel_id, after, _DOWN_AT_ONCE)
        )
