"""A write to one listing in one marketplace, whichever way it comes, and what the listing is after it."""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec.structs import replace

from channeld.sandbox.listings.attributes import (
    OFFERS,
    STOCK,
    Attributes,
    attributes_of,
    terms_of,
    with_attributes,
    with_terms,
)
from channeld.sandbox.listings.listing import Listing
from channeld.sandbox.listings.patching import Patch, name_of, patched

__all__ = [
    "OFFER_ATTRIBUTES",
    "Deleted",
    "Patched",
    "Put",
    "Requirements",
    "Write",
    "after",
    "new_listing",
    "said",
    "touched",
    "values_after",
]

Requirements = Literal["LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"]
Word = Annotated[str, msgspec.Meta(min_length=1)]
OFFER_ATTRIBUTES = frozenset(
    (STOCK, OFFERS, "condition_type", "condition_note", "merchant_shipping_group", "list_price")
)
"""Sales terms; all other attributes are facts of the product."""


class Patched(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    product_type: Word
    patches: Annotated[list[Patch], msgspec.Meta(min_length=1)]


class Put(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All of the listing, or all its sales terms or product facts."""

    product_type: Word
    requirements: Requirements = "LISTING"
    attributes: dict[str, list[dict[str, Any]]]


class Deleted(msgspec.Struct, frozen=True):
    pass


Write = Patched | Put | Deleted


def touched(write: Write) -> set[str]:
    """The attributes that may be others after it. Malformed for a patch of anything else."""
    match write:
        case Patched():
            return {name_of(patch) for patch in write.patches}
        case Put(requirements="LISTING"):
            return {STOCK, OFFERS, *write.attributes}
        case Put():
            return set(write.attributes)
        case Deleted():
            return set()


def said(write: Write) -> Attributes:
    """The values that it has in it, by attribute: those of the last operation on it."""
    match write:
        case Patched():
            last = {name_of(each): each for each in write.patches}
            return {name: each.value or () for name, each in last.items() if each.op != "delete"}
        case Put():
            return write.attributes
        case Deleted():
            return {}


def after(write: Write, listing: Listing | None, new: Listing) -> Listing | None:
    """The listing after the write; `new` is what a listing begins as. A patch does not bring one back."""
    match write:
        case Deleted():
            return None
        case Patched():
            if listing is None:
                return None
            make = with_terms if _is_about_terms(write) else with_attributes
            return make(_without_issues(listing, touched(write)), values_after(write, listing))
        case Put():
            begun = listing or replace(new, product_type=write.product_type, asin=_asin(write, new))
            kept = _kept(write, attributes_of(listing) if listing else {})
            return with_attributes(_without_issues(begun, touched(write)), kept | write.attributes)


def values_after(write: Patched, listing: Listing) -> Attributes:
    """The attributes after the patch; stock and price alone if it is about nothing else."""
    before = terms_of(listing) if _is_about_terms(write) else attributes_of(listing)
    return patched(before, write.patches)


def _is_about_terms(write: Patched) -> bool:
    return touched(write) <= {STOCK, OFFERS}


def _without_issues(listing: Listing, names: Set[str]) -> Listing:
    """What is said anew has no issues any more."""
    return replace(listing, issues=tuple(each for each in listing.issues if each.attribute not in names))


def new_listing(sku: str, country: str, number: int, at: datetime) -> Listing:
    """A listing of which nothing is known yet."""
    return Listing(
        sku=sku,
        country=country,
        asin=f"B0SNEW{number:04d}",
        listing_id=f"{country}77777{number:04d}",
        title="",
        price=None,
        quantity=0,
        standing="Incomplete",
        shipping_group="",
        created=at,
        updated=at,
    )


def _kept(write: Put, attributes: Attributes) -> dict[str, Any]:
    match write.requirements:
        case "LISTING":
            names: Iterable[str] = ()
        case "LISTING_OFFER_ONLY":
            names = attributes.keys() - OFFER_ATTRIBUTES
        case "LISTING_PRODUCT_ONLY":
            names = attributes.keys() & OFFER_ATTRIBUTES
    return {name: attributes[name] for name in names}


def _asin(write: Put, new: Listing) -> str:
    given = write.attributes.get("merchant_suggested_asin", ())
    return next((str(each["value"]) for each in given if each.get("value")), new.asin)
