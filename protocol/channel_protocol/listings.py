"""Listings: seller SKUs on a channel, their download, and which item each of them is."""

from datetime import datetime

import msgspec

from channel_protocol.audit import AuditRow
from channel_protocol.base import Problem, Reply, Request, Row, WriteRequest


class DownloadRow(Row, frozen=True, kw_only=True, tag="listing_download"):
    """How a channel's listings come in: the download that runs, else the last one (semantics H1–H5)."""

    channel: str
    account: str
    in_progress: bool
    """Listings download in progress."""
    automatic: bool
    started_at: datetime | None
    """Listing download start time."""
    phase: str
    """`waiting` for Amazon, `fetching`, `processing`, `details`; empty when none runs."""
    done: int
    """Rows or details of the phase that are done."""
    total: int | None
    """Of the phase; None while nobody knows."""
    progress: float | None
    """Of the whole download by time, 0 to 1; None when none runs."""
    estimated_completion: datetime | None
    """Never in the past; empty when none runs."""
    overdue_seconds: float | None
    """How much longer the phase takes than it usually does; None while it does not."""
    last_completion: datetime | None
    """Of downloads that a person asked for."""
    last_automatic: datetime | None
    """Of those that came about by themselves."""
    next_automatic: datetime | None
    outcome: str
    """Of the last that ended: `done`, `failed`, `abandoned`, or empty."""
    added: int
    changed: int
    missing: int
    gone: int
    returned: int
    """Were missing or gone, and are there again."""
    bad_rows: int
    listings: int
    """Listed now; the counts below are of these."""
    linked: int
    unlinked: int
    missing_now: int
    gone_now: int
    report: int | None
    """The number of its report."""
    reason: str
    hint: str

    @property
    def key(self) -> str:
        return self.channel


class DownloadListings(WriteRequest, frozen=True, kw_only=True, tag="listing.download"):
    """Download a channel's listings; while one runs, attach to it (semantics H5)."""

    channel: str
    again: bool = False
    """Also within 15 minutes of a success: Amazon answers a repeat that is too early with nothing."""
    wait: float = 0.0
    """Seconds to wait for its end; `still_waiting` when they run out."""


class ListingsDownloaded(Reply, frozen=True, kw_only=True, tag="listing.download.reply"):
    row: DownloadRow
    attached: bool
    """One was running already."""
    complete: bool
    """It has ended, well or not; False when nobody waited."""


class ListDownloads(Request, frozen=True, kw_only=True, tag="listing.downloads"):
    """The download of every channel."""

    channel: str | None = None


class DownloadList(Reply, frozen=True, kw_only=True, tag="listing.downloads.reply"):
    rows: tuple[DownloadRow, ...]


class ListingRow(Row, frozen=True, kw_only=True, tag="listing"):
    """One seller SKU on one channel, as Amazon shows it."""

    channel: str
    sku: str
    asin: str
    title: str
    price: int | None
    """Minor units of `currency`."""
    currency: str
    quantity: int | None
    """None for FBA, or when Amazon's report says nothing."""
    status: str
    """`active`, `inactive`, `incomplete`, or empty."""
    condition: str
    fulfilled_by: str
    """`MERCHANT` or `AMAZON`."""
    presence: str
    """`listed`, `missing` (not in the last complete report), `gone` (nor in the one before)."""
    item: str
    """SKU of the item it is linked to; empty for none."""
    link: str
    """`linked`, `linked by sku` (by itself), `unlinked`, or `left alone` (a person unlinked it)."""
    suggestion: str
    """SKU of the likeliest item for one that is not linked."""
    seen_at: datetime
    """When a report last showed it otherwise than before."""

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.sku}"


class ListListings(Request, frozen=True, kw_only=True, tag="listing.list"):
    """Listings by channel and SKU, a page at a time."""

    channel: str | None = None
    link: str | None = None
    """`linked`, `unlinked` or `suggested`."""
    presence: str | None = None
    find: str = ""
    """Part of SKU, ASIN or title."""
    after: str = ""
    """Key of the last row of the page before."""
    limit: int = 100


class ListingList(Reply, frozen=True, kw_only=True, tag="listing.list.reply"):
    rows: tuple[ListingRow, ...]
    more: bool


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """An item that a listing may be."""

    item: str
    title: str
    why: str
    """`sku`, `barcode`, `asin` or `title`."""


class ShowListing(Request, frozen=True, kw_only=True, tag="listing.show"):
    """One listing with all that is known of it."""

    channel: str
    sku: str


class ListingShown(Reply, frozen=True, kw_only=True, tag="listing.show.reply"):
    row: ListingRow
    facts: dict[str, str]
    """More of what Amazon shows: listing id, product id, opened, product type, images, parent …"""
    issues: tuple[str, ...]
    """Amazon's, with their severity."""
    suggestions: tuple[Suggestion, ...]
    audit: tuple[AuditRow, ...]
    settings: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    """Its own of what `listing.set` sets, as typed; what is not there is not set: the channel's counts."""


LEFT_ALONE = "-"
"""For an item's SKU: the listing is none, and no automation links it."""


class LinkWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which item a listing is."""

    channel: str
    sku: str
    item: str
    """Empty: unlinks it if it is linked. `LEFT_ALONE`: keeps it from being linked by itself, too."""


class LinkListings(WriteRequest, frozen=True, kw_only=True, tag="listing.link"):
    """Link or unlink listings by hand, 500 at most. Each row is answered; a bad one changes nothing."""

    rows: tuple[LinkWanted, ...]


class LinkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    outcome: str
    """`linked`, `unlinked`, `unchanged` or `refused`."""
    orders: int = 0
    """Lines of open orders that are this item's now, or nobody's."""
    problems: tuple[Problem, ...] = ()


class ListingsLinked(Reply, frozen=True, kw_only=True, tag="listing.link.reply"):
    answers: tuple[LinkAnswer, ...]


class ExtractListings(WriteRequest, frozen=True, kw_only=True, tag="listing.extract"):
    """Make items out of unlinked listings and link them (semantics E1). No existing item is overwritten."""

    channel: str
    skus: tuple[str, ...] = ()
    """None: all that are not linked, a page at a time."""
    after: str = ""
    """SKU that the page before ended with."""
    limit: int = 500


class ListingsExtracted(Reply, frozen=True, kw_only=True, tag="listing.extract.reply"):
    created: int
    linked: int
    """To an item that was there already, of the same SKU."""
    skipped: tuple[Problem, ...]
    """Listings that were left as they are, with the reason."""
    after: str
    """Where the next page begins; empty when this was the last."""
