"""The document of a listings feed, and what does not get into it."""

from collections.abc import Mapping, Sequence

import msgspec

from channeld.amazon.feeds.listings_document import (
    ListingChange,
    ListingsDocument,
    why_unsayable,
    write_listings_document,
)

__all__ = ["Said", "made_of"]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says."""

    document: ListingsDocument | None
    """None: nothing can be said."""
    left_out: Mapping[str, str] = {}
    """SKU → why no feed can carry it; empty: there was no room."""


def made_of(seller_id: str, changes: Sequence[ListingChange], most: int) -> Said:
    """Made for a worker thread, as there may be thousands."""
    try:
        return _written(seller_id, changes, most, {})
    except ValueError:
        reasons = {change.sku: why for change in changes if (why := why_unsayable(change))}
    sayable = [change for change in changes if change.sku not in reasons]
    return _written(seller_id, sayable, most, reasons) if sayable else Said(document=None, left_out=reasons)


def _written(seller_id: str, changes: Sequence[ListingChange], most: int, reasons: Mapping[str, str]) -> Said:
    document = write_listings_document(seller_id, changes, most)
    no_room = {change.sku: "" for change in changes[len(document.skus) :]}
    return Said(document=document, left_out={**reasons, **no_room})
