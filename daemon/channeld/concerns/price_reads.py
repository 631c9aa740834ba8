"""Listings' prices are read from Amazon, twenty a request (semantics G1)."""

from collections.abc import Sequence

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.listings.calls import fits_a_search, listings_item_call, search_listings_call
from channeld.amazon.listings.offers import PRICE_DATA
from channeld.concerns.account_line import AccountLine
from channeld.domain.listing.item import ItemRead

__all__ = ["PriceReads"]

UNKNOWN = "Amazon does not know the listing"
Read = dict[str, ItemRead | str]
"""By SKU what Amazon shows, or why it shows nothing."""


class PriceReads:
    """Reads listings of one marketplace."""

    def __init__(self, line: AccountLine, marketplace_id: str, priority: Priority) -> None:
        self._line = line
        self._marketplace_id = marketplace_id
        self._priority = priority

    async def read(self, skus: Sequence[str]) -> Read:
        """20 SKUs at most. Raises what sending raises; a refusal of single listings is part of the answer."""
        found = await self._search([sku for sku in skus if fits_a_search(sku)])
        for sku in skus:
            if sku not in found:
                found[sku] = await self._one(sku)
        return found

    async def _search(self, skus: Sequence[str]) -> Read:
        """What is not in it is asked for alone: it was left out, or refused with the others."""
        if not skus:
            return {}
        seller = (await self._line.access()).seller_id
        call = search_listings_call(seller, self._marketplace_id, skus, PRICE_DATA)
        try:
            page = await self._line.ask(call, self._priority)
        except (BadRequest, NotFound, UnreadableAnswer):
            return {}
        return {item.sku: item for item in page.items if self._is_mine(item) and item.sku in skus}

    async def _one(self, sku: str) -> ItemRead | str:
        seller = (await self._line.access()).seller_id
        call = listings_item_call(seller, self._marketplace_id, sku, PRICE_DATA)
        try:
            found = await self._line.ask(call, self._priority)
        except NotFound:
            return UNKNOWN
        except (BadRequest, UnreadableAnswer) as error:
            return f"{error.message} {error.text}".strip()
        return next((item for item in found if self._is_mine(item)), UNKNOWN)

    def _is_mine(self, item: ItemRead) -> bool:
        return item.marketplace_id in ("", self._marketplace_id)
