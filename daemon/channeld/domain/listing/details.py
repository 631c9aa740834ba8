"""What a full read of a listing keeps, and which listings are read in full (semantics E1)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from channeld.domain.listing.item import ItemIssue, ItemRead, ItemRelationship

__all__ = ["FRESH_FOR", "Candidate", "ListingDetails", "details_of", "digest_of", "listing_of", "turns"]

FRESH_FOR = timedelta(days=7)
"""How long details count as present in a download that came about by itself."""
NO_ATTRIBUTES = msgspec.Raw(b"{}")
_ID_BITS = 36


class ListingDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One listing as it was last read in full. What Amazon does not show is empty or None."""

    is_known: bool = True
    """False: Amazon's listings operations know no such SKU, whatever its report says."""
    title: str = ""
    condition: str = ""
    status: tuple[str, ...] = ()
    fn_sku: str = ""
    price_minor: int | None = None
    currency: str = ""
    quantity: int | None = None
    images: tuple[str, ...] = ()
    """Addresses, the main image first."""
    relationships: tuple[ItemRelationship, ...] = ()
    issues: tuple[ItemIssue, ...] = ()
    attributes: msgspec.Raw = NO_ATTRIBUTES
    """Amazon's JSON, as it came."""
    created_at: datetime | None = None

    @property
    def parent(self) -> str:
        """SKU of the variation's parent; empty for none."""
        return next((sku for each in self.relationships for sku in each.parent_skus), "")


class Candidate(NamedTuple):
    """A listing that may be read."""

    id: int
    opened_at: datetime | None
    details_at: datetime | None
    changed_at: datetime


def details_of(item: ItemRead | None) -> ListingDetails:
    """`item`: None when Amazon knows no such SKU."""
    if item is None:
        return ListingDetails(is_known=False)
    return ListingDetails(
        title=item.title,
        condition=item.condition,
        status=item.status,
        fn_sku=item.fn_sku,
        price_minor=item.price_minor,
        currency=item.currency,
        quantity=item.quantity,
        images=item.images,
        relationships=item.relationships,
        issues=item.issues,
        attributes=msgspec.Raw(item.attributes) if item.attributes else NO_ATTRIBUTES,
        created_at=item.created_at,
    )


def digest_of(content: bytes, *more: str) -> bytes:
    """The same for the same content."""
    digest = blake2b(content, digest_size=16)
    for text in more:
        digest.update(b"\0" + text.encode())
    return digest.digest()


def turns(
    listed: Iterable[Candidate], *, automatic: bool, started_at: datetime, phase_began: datetime
) -> Iterator[int]:
    """One number for each listing that is to be read, greater for what was opened later; see `listing_of`.

    A person's download reads all; one that came about by itself what is new, what has changed since it was
    read, and what was read a week ago. What was read since the phase began is done.
    """
    since = started_at - FRESH_FOR if automatic else phase_began
    return (_turn(each) for each in listed if _is_due(each, since))


def listing_of(turn: int) -> int:
    """The id of the listing whose turn it is."""
    return turn & ((1 << _ID_BITS) - 1)


def _is_due(listing: Candidate, since: datetime) -> bool:
    read_at = listing.details_at
    return read_at is None or read_at < since or read_at < listing.changed_at


def _turn(listing: Candidate) -> int:
    """Minutes since 1970 before the id: there may be a million, and a number is the smallest that does."""
    opened = int(listing.opened_at.timestamp()) // 60 if listing.opened_at else 0
    return (max(opened, 0) << _ID_BITS) + listing.id
