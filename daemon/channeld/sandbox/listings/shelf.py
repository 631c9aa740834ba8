"""The listings of one seller in one marketplace: the truth, and what Amazon shows of it, a little later.

Only what differs from the invented listings is kept.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count

import msgspec

from channeld.sandbox.listings.invented import Invented
from channeld.sandbox.listings.listing import Listing

__all__ = ["Shelf", "View"]


class View(msgspec.Struct, frozen=True):
    """Listings as they were at one instant."""

    invented: Invented
    country: str
    changed: Mapping[str, Listing | None]
    """What is not, or not any more, as it was invented, by SKU; None: removed."""
    numbers: Mapping[int, str]
    """The invented ones among these."""

    def get(self, sku: str) -> Listing | None:
        if sku in self.changed:
            return self.changed[sku]
        number = self.invented.number(sku)
        return None if number is None else self.invented.listing(number, self.country)

    def __len__(self) -> int:
        there = sum(listing is not None for listing in self.changed.values())
        return self.invented.size - len(self.numbers) + there

    def __iter__(self) -> Iterator[Listing]:
        """All of them: added ones first, each invented one in its place."""
        for sku, listing in self.changed.items():
            if listing is not None and self.invented.number(sku) is None:
                yield listing
        invented, country, numbers = self.invented, self.country, self.numbers
        for number in range(invented.size):
            if number not in numbers:
                yield invented.listing(number, country)
            elif (listing := self.changed[numbers[number]]) is not None:
                yield listing

    def numbers_between(self, created: "Span", updated: "Span") -> range:
        """The numbers of invented listings with such dates, both ends included."""
        every, invented = range(self.invented.size), self.invented
        low, high = 0, len(every)
        for (after, before), dated in ((created, invented.created), (updated, invented.updated)):
            if after is not None:
                low = max(low, bisect_left(every, after, key=dated))
            if before is not None:
                high = min(high, bisect_right(every, before, key=dated))
        return range(low, high)

    def identified(self, kind: str, identifier: str) -> list[Listing]:
        """The listings with that identifier of a product."""
        if kind == "SKU":
            found = self.get(identifier)
            return [] if found is None else [found]
        number = self.invented.identified(kind, identifier)
        found = [listing for listing in self.changed.values() if listing and _has(listing, kind, identifier)]
        if number is not None and number not in self.numbers:
            listing = self.invented.listing(number, self.country)
            found += [listing] if _has(listing, kind, identifier) else []
        return found

    def children(self, sku: str) -> list[Listing]:
        """The variation children of that SKU."""
        number = self.invented.number(sku)
        family = range(0) if number is None else self.invented.children(number)
        invented = [self.invented.listing(each, self.country) for each in family if each not in self.numbers]
        return [
            *invented,
            *(listing for listing in self.changed.values() if listing and listing.parent == sku),
        ]


Span = tuple[datetime | None, datetime | None]


class Shelf:
    """Every change is there at once, and shown from a given instant on."""

    def __init__(self, invented: Invented, country: str) -> None:
        self._invented = invented
        self._country = country
        self._true: dict[str, Listing | None] = {}
        self._shown: dict[str, tuple[int, Listing | None]] = {}
        self._unshown: list[tuple[datetime, int, str, Listing | None]] = []
        self._sequence = count()
        self._view: View | None = None

    @property
    def invented(self) -> Invented:
        return self._invented

    def put(self, sku: str, listing: Listing | None, *, shown_from: datetime) -> None:
        """Record the listing as it is now (None: it is removed)."""
        self._true[sku] = listing
        heapq.heappush(self._unshown, (shown_from, next(self._sequence), sku, listing))

    def truth(self) -> View:
        """As they truly are."""
        return View(self._invented, self._country, dict(self._true), self._numbered(self._true))

    def get(self, sku: str) -> Listing | None:
        """That one as it truly is."""
        return View(self._invented, self._country, self._true, {}).get(sku)

    def view(self, now: datetime) -> View:
        """As they are shown at `now`; the same object while nothing changes."""
        while self._unshown and self._unshown[0][0] <= now:
            _, sequence, sku, listing = heapq.heappop(self._unshown)
            if sequence > self._shown.get(sku, (-1, None))[0]:
                self._shown[sku] = (sequence, listing)
                self._view = None
        if self._view is None:
            changed = {sku: listing for sku, (_, listing) in self._shown.items()}
            self._view = View(self._invented, self._country, changed, self._numbered(changed))
        return self._view

    def _numbered(self, changed: Mapping[str, Listing | None]) -> dict[int, str]:
        found = ((self._invented.number(sku), sku) for sku in changed)
        return {number: sku for number, sku in found if number is not None}


def _has(listing: Listing, kind: str, identifier: str) -> bool:
    match kind:
        case "ASIN":
            return listing.asin == identifier
        case "FNSKU":
            return listing.fn_sku == identifier
        case "EAN" | "GTIN":
            return listing.product_id_type == 4 and listing.product_id == identifier
        case "UPC":
            return listing.product_id_type == 3 and listing.product_id == identifier
        case _:
            return False
