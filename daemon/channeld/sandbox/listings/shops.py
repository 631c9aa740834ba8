"""What every seller lists where, and everything a test or a buyer can make happen to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from channeld.sandbox.listings.invented import Invented
from channeld.sandbox.listings.listing import Listing, standing
from channeld.sandbox.listings.shelf import Shelf, View
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.pools import GOODS

if TYPE_CHECKING:
    from channeld.sandbox.market import Market
    from channeld.sandbox.orders import Order

__all__ = ["Shops"]

LISTED_BEFORE = timedelta(days=400)
STOCK = 200


class Shops:
    """All listings. Without `seller_id` and `country` those of the first account are meant."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._random = market.random("listings/buyers")
        began = market.stamp()
        size = market.options.listings
        self._shelves: dict[tuple[str, str], Shelf] = {}
        for seller_id, account in market.accounts.items():
            random = market.random(f"listings/{seller_id}")
            invented = Invented(max(0, size - len(GOODS)), random, began)
            for country in account.spec.countries:
                self._shelves[seller_id, country] = shelf = Shelf(invented, country)
                for listing in _goods(country, began - LISTED_BEFORE, size):
                    shelf.put(listing.sku, listing, shown_from=began)

    def all(self, seller_id: str | None = None, country: str | None = None) -> Iterator[Listing]:
        """Every listing as it truly is, computed on the way."""
        self._market.settle()
        return iter(self._shelf(seller_id, country).truth())

    def get(self, sku: str, seller_id: str | None = None, country: str | None = None) -> Listing:
        """That listing as it truly is. KeyError when there is none."""
        self._market.settle()
        listing = self._shelf(seller_id, country).get(sku)
        if listing is None:
            raise KeyError(sku)
        return listing

    def add(
        self, sku: str, seller_id: str | None = None, country: str | None = None, **facts: Any
    ) -> Listing:
        """A new listing, or one in the place of what was there; `facts` are fields of `Listing`."""
        seller_id, country = self._place(seller_id, country)
        now = self._market.stamp()
        facts = {
            "created": now,
            "updated": now,
            "asin": "B0SBOTHER1",
            "listing_id": f"{country}-{sku}",
        } | facts
        return self._put(seller_id, Listing(sku=sku, country=country, **facts))

    def change(
        self, sku: str, seller_id: str | None = None, country: str | None = None, **facts: Any
    ) -> Listing:
        """Those fields get those values, in that marketplace alone; it counts as an update.

        KeyError when there is no such listing.
        """
        seller_id, country = self._place(seller_id, country)
        facts = {"updated": self._market.stamp()} | facts
        return self._put(seller_id, replace(self.get(sku, seller_id, country), **facts))

    def remove(self, sku: str, seller_id: str | None = None, country: str | None = None) -> None:
        """It is gone. KeyError when it was not there."""
        seller_id, country = self._place(seller_id, country)
        self.record(seller_id, self.get(sku, seller_id, country), self._market.clock.now(), removed=True)

    def shown(self, seller_id: str, country: str, at: datetime) -> View:
        """What Amazon shows of them at that instant, now or since the last request or change."""
        return self._shelves[seller_id, country].view(at)

    def sold(self, order: Order) -> None:
        """A buyer orders: own stock gets less, and the seller does something else meanwhile."""
        self._market.settle()
        shelf, now = self._shelves[order.seller_id, order.country], self._market.clock.now()
        for line in order.lines:
            listing = shelf.get(line.sku)
            if listing is not None and listing.quantity is not None:
                left = max(0, listing.quantity - line.quantity)
                self.stock(order.seller_id, line.sku, now, quantity=left)
        if shelf.invented.size and self._random.random() < 0.5:
            self._tidy(order.seller_id, order.country, shelf)

    def _tidy(self, seller_id: str, country: str, shelf: Shelf) -> None:
        """The seller changes the price of something, or what there is of it."""
        listing = shelf.get(shelf.invented.sku(self._random.randrange(shelf.invented.size)))
        if listing is None or listing.price is None:
            return
        price = listing.price * self._random.choice((90, 95, 105, 110)) // 100
        if listing.quantity is not None and listing.standing != "Incomplete" and self._random.random() < 0.5:
            quantity = self._random.choice((0, 1, 20, 300))
            self.stock(seller_id, listing.sku, self._market.clock.now(), quantity=quantity)
        else:
            self.change(listing.sku, seller_id, country, price=price)

    def stock(self, seller_id: str, sku: str, at: datetime, **facts: Any) -> None:
        """Those facts of what there is of a SKU, in every marketplace where the seller lists it."""
        for country in self._market.accounts[seller_id].spec.countries:
            listing = self.shelf(seller_id, country).get(sku)
            if listing is not None and any(getattr(listing, name) != facts[name] for name in facts):
                changed = replace(listing, **facts, updated=self._market.stamp(at))
                self.record(seller_id, replace(changed, standing=standing(changed)), at)

    def shelf(self, seller_id: str, country: str) -> Shelf:
        """The listings of that seller there, as they are without what is due by now."""
        return self._shelves[seller_id, country]

    def record(self, seller_id: str, listing: Listing, at: datetime, *, removed: bool = False) -> None:
        """The listing is so (or is gone) from that instant on, and shows later."""
        shown_from = at + timedelta(seconds=self._market.options.change_delay)
        shelf = self._shelves[seller_id, listing.country]
        shelf.put(listing.sku, None if removed else listing, shown_from=shown_from)

    def _put(self, seller_id: str, listing: Listing) -> Listing:
        self._market.settle()
        self.record(seller_id, listing, self._market.clock.now())
        return listing

    def _shelf(self, seller_id: str | None, country: str | None) -> Shelf:
        return self._shelves[self._place(seller_id, country)]

    def _place(self, seller_id: str | None, country: str | None) -> tuple[str, str]:
        account = self._market.accounts[seller_id or next(iter(self._market.accounts))]
        return account.spec.seller_id, country or account.spec.countries[0]


def _goods(country: str, at: datetime, most: int) -> Iterator[Listing]:
    """What the sandbox's buyers order."""
    whole = BY_COUNTRY[country].digits == 0
    for number, goods in enumerate(GOODS[:most]):
        yield Listing(
            sku=goods.sku,
            country=country,
            asin=goods.asin,
            listing_id=f"{country}99999{number:04d}",
            title=goods.title,
            description=f"{goods.title}.",
            product_id=goods.asin,
            price=max(goods.price, 100) if whole else goods.price,
            quantity=STOCK + number,
            created=at + timedelta(hours=number),
            updated=at + timedelta(days=300, hours=number),
        )
