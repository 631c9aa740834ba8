"""What is set for single listings, as people type it."""

from channel_protocol.base import Reply, Request, Row


class ListingLimitsRow(Row, frozen=True, kw_only=True, tag="listing_limits"):
    """What is set for one listing, over its channel's limits; an empty text: not set here."""

    channel: str
    sku: str
    end_when: str
    stock_percentage: str
    max_listed: str
    ignore_sync: str
    """`on`, `off`; empty: on for what Amazon fulfils."""


class ListLimits(Request, frozen=True, kw_only=True, tag="listing.limits"):
    """Listings of a channel for which anything is set, by SKU, a page at a time."""

    channel: str
    after: str = ""
    """`after` of the page before."""
    limit: int = 100
    """500 at most."""


class LimitsList(Reply, frozen=True, kw_only=True, tag="listing.limits.reply"):
    rows: tuple[ListingLimitsRow, ...]
    after: str
    """SKU of the last row."""
    more: bool
