"""A listing as the sandbox keeps it: facts only, for one marketplace of one seller."""

from collections.abc import Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec

__all__ = [
    "BUYABLE",
    "DISCOVERABLE",
    "NOTHING",
    "Issue",
    "Listing",
    "Standing",
    "fits",
    "standing",
    "statuses",
]

Standing = Literal["Active", "Inactive", "Incomplete"]
BUYABLE, DISCOVERABLE = "BUYABLE", "DISCOVERABLE"
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Issue(msgspec.Struct, frozen=True):
    """What Amazon holds against a listing."""

    code: str
    message: str
    severity: Literal["ERROR", "WARNING", "INFO"]
    category: str
    attribute: str


class Listing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One seller SKU in one marketplace. Instants are aware UTC, amounts minor units of its currency."""

    sku: str
    country: str
    asin: str = ""
    listing_id: str = ""
    fn_sku: str = ""
    """Amazon's own number of a unit in its warehouses; empty when the seller sends."""
    title: str = "Sandbox item"
    description: str = ""
    product_type: str = "PRODUCT"
    product_id: str = ""
    product_id_type: int = 1
    """1 ASIN, 3 UPC, 4 EAN, as in reports."""
    condition: int = 11
    """11 new, 1 to 4 used, as in reports."""
    price: int | None = 1000
    business_price: int | None = None
    quantity: int | None = 1
    """None where it is not the seller's to say: at Amazon, and for a variation parent."""
    lead_time: int | None = None
    """Days until it is sent; None: Amazon's own."""
    restock: str = ""
    """The day on which there will be stock again."""
    terms: Mapping[str, Any] = NOTHING
    """What else the offer for all says, as it was sent: sale price, price limits."""
    business_terms: Mapping[str, Any] = NOTHING
    more: Mapping[str, Any] = NOTHING
    """Other attributes as they were sent, in place of those that follow from these facts; None: deleted."""
    standing: Standing = "Active"
    amazon: bool = False
    """Amazon keeps and sends it."""
    shipping_group: str = "Standard"
    is_parent: bool = False
    parent: str = ""
    """The SKU of the variation parent."""
    issues: tuple[Issue, ...] = ()
    created: datetime
    updated: datetime


def standing(listing: Listing) -> Standing:
    """How it stands by its stock, price and issues, after one of these changed."""
    if listing.is_parent:
        return listing.standing
    if listing.price is None or any(issue.category == "MISSING_ATTRIBUTE" for issue in listing.issues):
        return "Incomplete"
    if listing.amazon:
        return "Active" if listing.standing == "Incomplete" else listing.standing
    return "Active" if listing.quantity else "Inactive"


def statuses(listing: Listing) -> list[str]:
    """What a shopper can do with it."""
    if listing.is_parent or listing.standing == "Inactive":
        return [DISCOVERABLE]
    return [BUYABLE, DISCOVERABLE] if listing.standing == "Active" else []


def fits(listing: Listing, with_status: Set[str], without_status: Set[str], severities: Set[str]) -> bool:
    """Whether it has one of those statuses, none of these, and an issue so severe; an empty set asks none."""
    have = set(statuses(listing))
    if (with_status and not have & with_status) or have & without_status:
        return False
    return not severities or any(issue.severity in severities for issue in listing.issues)
