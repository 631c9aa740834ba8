"""What a listing report says of a listing, and lines that say nothing that can be used."""

from datetime import datetime
from typing import Literal

import msgspec

__all__ = ["BadRow", "ListingStatus", "ReportedListing"]

ListingStatus = Literal["active", "inactive", "incomplete", ""]


class ReportedListing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a listing report. What the report has no column for is empty or None."""

    sku: str
    asin: str = ""
    listing_id: str = ""
    title: str = ""
    """Letters that the report's charset lacks are lost at Amazon already, as `?`."""
    price_minor: int | None = None
    """Minor units of the marketplace's currency; None where there is none, or none that can be read."""
    quantity: int | None = None
    """None where Amazon keeps the stock, and where the report says nothing."""
    status: ListingStatus = ""
    """Empty in reports of active listings only, which do not say it."""
    condition: str = ""
    """Amazon's code, such as `11` for new."""
    fulfillment_channel: str = ""
    """`DEFAULT` for own stock, `AMAZON_EU` and the like for Amazon's."""
    opened_at: datetime | None = None
    """UTC; None also where its zone is not known."""
    product_id: str = ""
    product_id_type: str = ""
    """Amazon's code: 1 ASIN, 2 ISBN, 3 UPC, 4 EAN."""
    unread: tuple[str, ...] = ()
    """Columns that have something which could not be understood, by Amazon's English names."""
    lost_letters: int = 0
    """How many letters could not be read in the report's charset."""


class BadRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of a report that is counted and kept, and stops nothing."""

    line: int
    """Its number in the document, from 1, the header's included; 0 if that is not known."""
    reason: str
    text: str = ""
    """Its beginning, of at most 500 characters; empty for reports that may hold personal data."""
