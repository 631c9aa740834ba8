"""Direct reads of SKUs that were told something, twenty a search and a few searches at a time."""

from collections.abc import Sequence

import anyio

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import AccessDenied, AmazonError, BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.listings.availability import AVAILABILITY_DATA
from channeld.amazon.listings.calls import MOST_SKUS, fits_a_search, listings_item_call, search_listings_call
from channeld.amazon.listings.submitting import fits_a_path
from channeld.book.offering.reading_back.due_looks import due_looks, let_go
from channeld.book.offering.reading_back.reading import book_looks, put_off
from channeld.concerns.account_line import AccountLine
from channeld.concerns.granted_markets import GrantedMarkets
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.domain.listing.item import ItemRead
from channeld.errors import ChanneldError
from channeld.store.channels import Channel

__all__ = ["StockLooks"]

_SHOWN = (*AVAILABILITY_DATA, "issues")
_SEARCHES = 10
"""At the same time: Amazon grants five in a second, and one may take two."""
_MOST_ALIKE = 3
"""SKUs of a refused search that are refused alone as well: it is not about single ones then, of which each
would cost a request."""
_REFUSALS = (BadRequest, UnreadableAnswer)
_NOT_GRANTED = "Amazon refuses to show anything in this marketplace."
_UNSAYABLE = "No request can name the SKU, so Amazon cannot be asked what it shows of it."


class StockLooks:
    """Of one account."""

    def __init__(self, kit: Kit, account_id: int, line: AccountLine, granted: GrantedMarkets) -> None:
        self._kit = kit
        self._account_id = account_id
        self._line = line
        self._granted = granted

    async def look(self) -> bool:
        """Read what is worth it now; whether anything was. Raises what sending raises."""
        now, account_id = self._kit.clock.now(), self._account_id
        due = await self._kit.store.read(lambda c: due_looks(c, account_id, now, _SEARCHES * MOST_SKUS))
        if due.homeless:
            await self._kit.store.write(lambda unit: let_go(unit, account_id, due.homeless, now))
        failures: list[Exception] = []
        async with anyio.create_task_group() as tasks:
            for channel, skus in due.by_channel:
                for start in range(0, len(skus), MOST_SKUS):
                    tasks.start_soon(self._page, channel, skus[start : start + MOST_SKUS], failures)
        if failures:
            raise failures[0]
        return bool(due.by_channel or due.homeless)

    async def _page(self, channel: Channel, skus: Sequence[str], failures: list[Exception]) -> None:
        """A failure does not take the others with it: what they were shown goes into the book."""
        try:
            if not await self._is_readable(channel, skus):
                await self._put_off(skus, _NOT_GRANTED)
        except ChanneldError as error:
            failures.append(halt_for(error) or error)
        except Exception as error:
            failures.append(error)

    async def _is_readable(self, channel: Channel, skus: Sequence[str]) -> bool:
        """Whether they could be read; False while Amazon refuses to show anything there."""
        if channel.id in self._granted.left_out:
            return False
        try:
            await self._read(channel, skus)
        except AccessDenied as error:
            if not await self._granted.go_on_without(channel.id, error):
                raise
            return False
        return True

    async def _read(self, channel: Channel, skus: Sequence[str]) -> None:
        """All that a search leaves out, or that no search can name, is asked for alone."""
        asked_at = self._kit.clock.now()
        found = await self._search(channel, [sku for sku in skus if fits_a_search(sku)])
        if found:
            await self._kit.store.write(
                lambda unit: book_looks(
                    unit, self._account_id, channel.id, found, asked_at, self._kit.clock.now()
                )
            )
        refusals: list[str] = []
        for sku in skus:
            if sku not in found:
                await self._one(channel, sku, refusals)

    async def _search(self, channel: Channel, skus: Sequence[str]) -> dict[str, ItemRead]:
        """By SKU. Nothing when the search is refused: it may be for a single one's sake."""
        if not skus:
            return {}
        seller = (await self._line.access()).seller_id
        call = search_listings_call(seller, channel.marketplace_id, skus, _SHOWN)
        try:
            page = await self._line.send(call, Priority.BULK)
        except (*_REFUSALS, NotFound):
            return {}
        return {item.sku: item for item in _of(page.items, channel) if item.sku in skus}

    async def _one(self, channel: Channel, sku: str, refusals: list[str]) -> None:
        asked_at = self._kit.clock.now()
        item: ItemRead | None = None
        if not fits_a_path(sku):
            await self._put_off((sku,), _UNSAYABLE)
            return
        if len(refusals) >= _MOST_ALIKE and len(set(refusals)) == 1:
            await self._put_off((sku,), refusals[0])
            return
        seller = (await self._line.access()).seller_id
        call = listings_item_call(seller, channel.marketplace_id, sku, _SHOWN)
        try:
            item = next(iter(_of(await self._line.send(call, Priority.BULK), channel)), None)
        except NotFound:
            pass
        except _REFUSALS as error:
            refusals.append(_told(error))
            await self._put_off((sku,), refusals[-1])
            return
        await self._kit.store.write(
            lambda unit: book_looks(
                unit, self._account_id, channel.id, {sku: item}, asked_at, self._kit.clock.now()
            )
        )

    async def _put_off(self, skus: Sequence[str], why: str) -> None:
        await self._kit.store.write(
            lambda unit: put_off(unit, self._account_id, skus, why, self._kit.clock.now())
        )


def _of(items: Sequence[ItemRead], channel: Channel) -> Sequence[ItemRead]:
    return [item for item in items if item.marketplace_id in ("", channel.marketplace_id)]


def _told(error: AmazonError) -> str:
    return f"Amazon would not show it: {error.message}"
