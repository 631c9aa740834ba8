"""A listing as Amazon's listings operations show it: more than a report has, for one marketplace."""

from datetime import datetime

import msgspec

__all__ = ["ItemIssue", "ItemRead", "ItemRelationship"]


class ItemIssue(msgspec.Struct, frozen=True, kw_only=True):
    """What Amazon finds wrong with a listing."""

    code: str
    """Amazon's code, such as `90220`; empty if there is none."""
    message: str
    """Amazon's words, of at most 300 characters."""
    severity: str
    """ERROR, WARNING or INFO; an open list."""
    actions: tuple[str, ...] = ()
    """What Amazon does to the listing for it, such as LISTING_SUPPRESSED; an open list."""


class ItemRelationship(msgspec.Struct, frozen=True, kw_only=True):
    """How a listing belongs together with others of the seller."""

    kind: str
    """VARIATION, PACKAGE_HIERARCHY; an open list."""
    parent_skus: tuple[str, ...] = ()
    child_skus: tuple[str, ...] = ()
    theme: str = ""
    """What variations differ in, such as `COLOR_NAME/STYLE_NAME`."""


class ItemRead(msgspec.Struct, frozen=True, kw_only=True):
    """One listing in one marketplace. What was not asked for, or Amazon does not show, is empty or None."""

    sku: str
    marketplace_id: str
    """Empty if nothing in the answer names one: it is the one that was asked for."""
    asin: str = ""
    product_type: str = ""
    status: tuple[str, ...] = ()
    """BUYABLE, DISCOVERABLE; an open list. Empty for a listing that nobody can see."""
    title: str = ""
    condition: str = ""
    """Amazon's word, such as `new_new`."""
    fn_sku: str = ""
    issues: tuple[ItemIssue, ...] = ()
    price_minor: int | None = None
    """What everybody pays, in minor units of `currency`."""
    currency: str = ""
    fulfillment_channel: str = ""
    """`DEFAULT` for own stock, `AMAZON_EU` and the like for Amazon's."""
    quantity: int | None = None
    description: str = ""
    attributes: bytes = b""
    """Amazon's JSON of the attributes as it came."""
    images: tuple[str, ...] = ()
    """Addresses, the main image first."""
    relationships: tuple[ItemRelationship, ...] = ()
    created_at: datetime | None = None
    """UTC."""
    updated_at: datetime | None = None
