"""Why a SKU is down at Amazon for another reason than a zero of ours (semantics I17).

What a SKU is told counts in all marketplaces of its seller, so it is only down when all its listings are;
but it is Amazon's own stock as soon as one of them shows it so.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from channeld.domain.listing.presence import GONE, Presence
from channeld.domain.stock.relist import Closure

__all__ = ["Down", "ListingFacts", "closure_of", "closure_of_listing", "held_down"]

_BLOCKS, _SUPPRESSES = "CATALOG_ITEM_REMOVED", "LISTING_SUPPRESSED"
"""Amazon's actions against a listing that end its sale. Others leave it for sale."""
_LEAST_GRAVE_LAST = (Closure.DELETED, Closure.BLOCKED, Closure.SUPPRESSED)
"""Of several listings the one that is nearest to being for sale counts."""
_INACTIVE, _ACTIVE = "inactive", "active"


class Down(msgspec.Struct, frozen=True, kw_only=True):
    """What a read of the listing has shown."""

    why: Closure
    """But for BY_HAND, which is the SKU's and not a listing's."""
    seen_at: datetime


class ListingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of the SKU, of a channel that takes part."""

    presence: Presence
    status: str
    """Of the newest report: `active`, `inactive`, `incomplete`, or empty."""
    quantity: int | None
    """Of the same report."""
    changed_at: datetime
    """When the report has last shown something else of it."""
    down: Down | None = None
    """What the last read found, if it was down then."""


def closure_of(listings: Iterable[ListingFacts], closed_at: datetime | None = None) -> Closure | None:
    """Why the SKU stays down; None: it is for sale as far as is known.

    `closed_at`: when it was seen that somebody closed it by hand, as the desired state's row has it.
    """
    if closed_at is not None:
        return Closure.BY_HAND
    found = [closure_of_listing(each) for each in listings]
    if Closure.AMAZONS in found:
        return Closure.AMAZONS
    return max(filter(None, found), key=_LEAST_GRAVE_LAST.index) if found and all(found) else None


def closure_of_listing(listing: ListingFacts) -> Closure | None:
    """The same for one marketplace."""
    if listing.presence == GONE:
        return Closure.DELETED
    if listing.down is not None and not _is_up_again(listing, listing.down):
        return listing.down.why
    is_down_with_stock = listing.status == _INACTIVE and bool(listing.quantity)
    return Closure.SUPPRESSED if is_down_with_stock else None


def held_down(actions: Iterable[str]) -> Closure | None:
    """What Amazon's enforcement actions against a listing make of it."""
    given = frozenset(actions)
    if _BLOCKS in given:
        return Closure.BLOCKED
    return Closure.SUPPRESSED if _SUPPRESSES in given else None


def _is_up_again(listing: ListingFacts, down: Down) -> bool:
    """A newer report shows another: of a deleted one that it is there, of others that it is for sale.

    Whose stock it is only another read says: too much depends on it.
    """
    if listing.changed_at <= down.seen_at or down.why is Closure.AMAZONS:
        return False
    return down.why is Closure.DELETED or listing.status == _ACTIVE
