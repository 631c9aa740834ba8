"""Full reads of listings, twenty a request and a few requests at a time (semantics E1)."""

from array import array
from collections import deque
from collections.abc import Sequence
from math import ceil

import anyio
import anyio.to_thread

from channeld.amazon.errors import AmazonError, BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.listings.calls import (
    MOST_SKUS,
    fits_a_search,
    listings_item_call,
    search_listings_call,
)
from channeld.amazon.operations import SEARCH_LISTINGS_ITEMS
from channeld.book.listings.details import Found, begin_details, book_details, end_details
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.priorities import priority_of_details
from channeld.domain.listing.details import Candidate, listing_of, turns
from channeld.domain.listing.item import ItemRead
from channeld.domain.marketplaces import Marketplace
from channeld.store import listing_details
from channeld.store.downloads import DownloadRecord

__all__ = ["ListingDetailReads"]

FEWEST_IN_FLIGHT = 2
SLOWEST_ANSWER = 2.0
"""Seconds that a search of twenty takes when Amazon is slow. More in flight only wait for their turn."""
MOST_ALIKE = 3
"""Searches in a row that Amazon refuses in the same words: it is not about single SKUs then, of which each
would cost a request."""
_CANDIDATES = 5_000
_REFUSALS = (BadRequest, NotFound, UnreadableAnswer)


class ListingDetailReads:
    """The details of one download. What was read stays read, so after a death it goes on with the rest."""

    def __init__(
        self, kit: Kit, line: AccountLine, download: DownloadRecord, marketplace: Marketplace
    ) -> None:
        self._kit = kit
        self._line = line
        self._download = download
        self._marketplace = marketplace
        self._priority = priority_of_details(download)
        self._refused = 0
        """Counted from the start of this reading: after a death they are asked for again."""
        self._refusal = ""
        self._search_refusal = ""
        self._alike = 0

    async def read_all(self) -> None:
        """Read all that are to be read, and end the download. Raises what sending raises, `DownloadOver`."""
        left = await self._choose()
        download_id = self._download.id
        await self._kit.store.write(lambda unit: begin_details(unit, download_id, len(left)))
        failure: list[Exception] = []
        async with anyio.create_task_group() as tasks:
            for _ in range(self._in_flight()):
                tasks.start_soon(self._work, left, failure)
        if failure:
            raise failure[0]
        now, refused, why = self._kit.clock.now(), self._refused + len(left), self._why()
        await self._kit.store.write(lambda unit: end_details(unit, download_id, refused, why, now))

    def _in_flight(self) -> int:
        """Rate × latency, so that the budget is the only limit."""
        account_id, name = self._line.account_id, SEARCH_LISTINGS_ITEMS.name
        rates = (
            state.rate
            for state in self._kit.budgets.snapshot()
            if (state.account_id, state.operation) == (account_id, name)
        )
        rate = next(rates, SEARCH_LISTINGS_ITEMS.rate)
        return max(FEWEST_IN_FLIGHT, ceil(rate * SLOWEST_ANSWER))

    async def _choose(self) -> deque[int]:
        """Whose turn it is, in that order."""
        download, after = self._download, 0
        found = array("q")
        while page := await self._candidates(after):
            after = page[-1].id
            found.extend(
                turns(
                    page,
                    automatic=download.automatic,
                    started_at=download.started_at,
                    phase_began=download.details_at or download.started_at,
                )
            )
        with self._kit.clock.working():
            return await anyio.to_thread.run_sync(lambda: deque(sorted(found, reverse=True)))

    async def _candidates(self, after: int) -> list[Candidate]:
        channel_id = self._download.channel_id
        return await self._kit.store.read(
            lambda c: listing_details.candidates(c, channel_id, after, _CANDIDATES)
        )

    async def _work(self, left: deque[int], failure: list[Exception]) -> None:
        """Read until nothing is left; the first failure stops all, as it would an exception group."""
        while left and not failure and not self._is_hopeless:
            ids = [listing_of(left.popleft()) for _ in range(min(MOST_SKUS, len(left)))]
            try:
                await self._read(ids)
            except Exception as error:
                failure.append(error)

    async def _read(self, ids: Sequence[int]) -> None:
        asked = await self._kit.store.read(lambda c: listing_details.named(c, ids))
        asked_at = self._kit.clock.now()
        found = await self._search([each.sku for each in asked if fits_a_search(each.sku)])
        for each in asked:
            if each.sku not in found and not self._is_hopeless:
                found |= await self._one(each.sku)
        now, answered = self._kit.clock.now(), [each for each in asked if each.sku in found]
        self._refused += len(asked) - len(answered)
        await self._kit.store.write(
            lambda unit: book_details(unit, self._download.id, answered, found, asked_at, now)
        )

    async def _search(self, skus: Sequence[str]) -> Found:
        """By SKU. What is not in it is asked for alone: it was left out, or refused with the others."""
        if not skus:
            return {}
        seller = (await self._line.access()).seller_id
        call = search_listings_call(seller, self._marketplace.id, skus)
        try:
            page = await self._line.ask(call, self._priority)
        except _REFUSALS as error:
            self._alike = self._alike + 1 if _told(error) == self._search_refusal else 1
            self._search_refusal = _told(error)
            return {}
        self._alike = 0
        return dict(self._mine(page.items))

    @property
    def _is_hopeless(self) -> bool:
        return self._alike >= MOST_ALIKE

    def _why(self) -> str:
        if not self._is_hopeless:
            return self._refusal
        return (
            f"{MOST_ALIKE} searches in a row were refused alike, so no more were made: {self._search_refusal}"
        )

    async def _one(self, sku: str) -> Found:
        """None for one that Amazon does not know; empty when it refuses to say."""
        seller = (await self._line.access()).seller_id
        call = listings_item_call(seller, self._marketplace.id, sku)
        try:
            return {sku: self._mine(await self._line.ask(call, self._priority)).get(sku)}
        except NotFound:
            return {sku: None}
        except (BadRequest, UnreadableAnswer) as error:
            self._refusal = self._refusal or _told(error)
            return {}

    def _mine(self, items: Sequence[ItemRead]) -> dict[str, ItemRead]:
        return {item.sku: item for item in items if item.marketplace_id in ("", self._marketplace.id)}


def _told(error: AmazonError) -> str:
    return error.message.rstrip(".")
