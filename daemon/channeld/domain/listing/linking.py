"""Which item a listing may be (semantics D10).

Only a SKU that is the same to the letter links by itself. Whatever else speaks for an item is a suggestion,
in the order of how much it says: SKU but for capitals, barcode, ASIN, title.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from channeld.domain.barcode import product_code, same_barcode

__all__ = ["LikelyItem", "LikelyItems", "ListingFacts", "Suggestion", "Why", "folded", "suggest", "title_key"]

Why: TypeAlias = Literal["sku", "barcode", "asin", "title"]

MOST = 5
"""Suggestions for a listing: a person reads them."""
_WORD = re.compile(r"[^\W_]+")


class ListingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What of a listing speaks for an item."""

    sku: str
    asin: str = ""
    title: str = ""
    product_id: str = ""
    product_id_type: str = ""

    @property
    def barcode(self) -> str:
        """The product id where it is one, else empty."""
        return product_code(self.product_id, self.product_id_type)


class LikelyItem(NamedTuple):
    """An item by what a list of suggestions shows of it."""

    sku: str
    title: str


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """An item that a listing may be, and what speaks for it."""

    item: str
    """Its SKU."""
    title: str
    why: Why


class LikelyItems(msgspec.Struct, frozen=True, kw_only=True):
    """Items that were found for a page of listings."""

    skus: Mapping[str, Sequence[LikelyItem]] = {}
    """By `folded` SKU."""
    barcodes: Mapping[str, Sequence[LikelyItem]] = {}
    """By `same_barcode`."""
    asins: Mapping[str, Sequence[LikelyItem]] = {}
    titles: Mapping[str, Sequence[LikelyItem]] = {}
    """By `title_key`."""


def folded(sku: str) -> str:
    """Equal for SKUs that differ in capitals only."""
    return sku.casefold()


def title_key(title: str) -> str:
    """Equal for titles of the same words, in whatever order and with whatever between them; may be empty."""
    return " ".join(sorted(set(_WORD.findall(title.casefold()))))


def suggest(listing: ListingFacts, found: LikelyItems) -> tuple[Suggestion, ...]:
    """The likeliest first; an item once, for the strongest of its reasons."""
    barcode, title = listing.barcode, title_key(listing.title)
    reasons: tuple[tuple[Why, Sequence[LikelyItem]], ...] = (
        ("sku", found.skus.get(folded(listing.sku), ())),
        ("barcode", found.barcodes.get(same_barcode(barcode), ()) if barcode else ()),
        ("asin", found.asins.get(listing.asin, ()) if listing.asin else ()),
        ("title", found.titles.get(title, ()) if title else ()),
    )
    suggestions: dict[str, Suggestion] = {}
    for why, items in reasons:
        for item in sorted(items):
            suggestions.setdefault(item.sku, Suggestion(item=item.sku, title=item.title, why=why))
    return tuple(suggestions.values())[:MOST]
