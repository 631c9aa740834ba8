"""What Amazon is told to have in stock: values of seller SKUs, how they came about, and how they stand."""

from datetime import datetime
from typing import Literal

import msgspec

from channel_protocol.base import Reply, Request, Row, WriteRequest

OfferFilter = Literal["dirty", "conflict", "withheld", "issue", "unconfirmed", "dry_run", "refused", "closed"]


class StockSyncRow(Row, frozen=True, kw_only=True, tag="stock_sync"):
    """How the stock of one channel stands at Amazon (semantics D8)."""

    channel: str
    account: str
    inventory_sync_date: datetime | None
    """When Amazon accepted the newest quantity or handling time. None: never."""
    computed_at: datetime | None
    drift_checked_at: datetime | None
    """When what Amazon's report shows was last compared."""
    dirty: int
    """SKUs that Amazon was not told of yet; also those under way or held back. One that channels share counts
    with the one that sends it."""
    oldest_dirty: datetime | None
    """Since when the oldest of them is."""
    warning: str = ""
    """What is wrong with the locations that it offers from: there are none, say; empty if all is well."""
    refused: int = 0
    """SKUs sent by this channel that Amazon refused; they are told again later."""
    closed: int = 0
    """Those that somebody closed at Amazon: not sent until they are put up again."""
    conflicts: int = 0
    """Those of which channels would say different things."""
    issues: int = 0
    """Those of which the product's handling time makes no sense."""

    @property
    def key(self) -> str:
        return self.channel


class OfferRow(Row, frozen=True, kw_only=True, tag="offer"):
    """One seller SKU, on all channels of its account."""

    account: str
    sku: str
    item: str
    """SKU of the item it is; empty for one that is not linked."""
    quantity: int | None
    """What Amazon is to be told. None: nothing."""
    would: int | None
    """What it would be if no channel were in dry run."""
    handling: str
    """What is said of the handling time: `3 days`, `default` (Amazon's own); empty: it is left as it is."""
    standing: str
    """In a word: `nothing to send`, `waiting`, `in flight`, `tried again later`, `shadowed`,
    `sent, not confirmed`, `confirmed`."""
    owner: str
    """The channel by which it is sent; empty if nothing is."""
    channels: tuple[str, ...]
    """Those that take part."""
    differing: tuple[str, ...]
    """Those of them that would say something else: the smallest quantity and the longest time are sent."""
    sent_quantity: int | None
    sent_handling: str
    sent_at: datetime | None
    """When Amazon accepted it."""
    sent_route: str
    """`patch` or `feed`."""
    shown_quantity: int | None
    """What a direct read has shown last; what the newest report shows where none is newer than that."""
    shown_at: datetime | None
    shown_by: str = ""
    """`read`: directly, at that time; `report`: in the report that was asked for then."""
    dirty_since: datetime | None
    next_try_at: datetime | None
    """After a failure."""
    reason: str
    """What went wrong last."""
    withheld: str
    """Why nothing is sent, or not all."""
    issue: str
    """What is wrong with the product's handling time."""

    @property
    def key(self) -> str:
        return f"{self.account}/{self.sku}"

    @property
    def is_shown_before(self) -> bool:
        """It is older than the last message that Amazon accepted, and says nothing of it."""
        return self.shown_at is not None and self.sent_at is not None and self.shown_at < self.sent_at


class ListOffers(Request, frozen=True, kw_only=True, tag="offer.list"):
    """Seller SKUs with what Amazon is told of them, by account and SKU, a page at a time."""

    account: str = ""
    channel: str = ""
    """Only those with a listing on that channel."""
    item: str = ""
    """Only those of that item."""
    text: str = ""
    """Only where the SKU begins with it, in any case."""
    only: OfferFilter | None = None
    """`dirty`: not told yet; `conflict`: channels differ; `withheld`; `issue`; `unconfirmed`: not read back
    yet; `dry_run`: it would be another quantity without dry run; `refused`: Amazon refused it, and is told
    again later; `closed`: somebody closed it at Amazon, so it is not sent."""
    after: str = ""
    """`after` of the page before."""
    limit: int = 100
    """500 at most."""


class OfferList(Reply, frozen=True, kw_only=True, tag="offer.list.reply"):
    rows: tuple[OfferRow, ...]
    after: str
    more: bool


class ExplainedLocation(msgspec.Struct, frozen=True, kw_only=True):
    """An item at a location that counts."""

    sku: str
    """The item, or a component of the kit."""
    each: int
    """Units of it in one."""
    location: str
    physical: int | None
    reserved: int


class ExplainedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that reserves units."""

    order_id: str
    channel: str
    sku: str
    location: str
    units: int


class ExplainedChannel(msgspec.Struct, frozen=True, kw_only=True):
    """What one channel would say of the SKU, and why."""

    channel: str
    quantity: int | None
    """None: it says nothing."""
    handling: str
    sentence: str
    """`A=12 (15−3), End When 10 passed, 80 % → 9, cap 25 → 9`, or why it says nothing."""
    cut_by: tuple[str, ...]
    """Limits that made it less, such as `Max Listed`."""
    locations: tuple[ExplainedLocation, ...]
    listed: int | None
    """What the newest report shows."""
    listing_status: str
    is_owner: bool
    differs: bool


class OfferEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to the value of the SKU."""

    at: datetime
    event: str
    """`sent`, `accepted`, `refused`, `not sent`, `lost`, `overtaken`, `feed ended` (one with an older
    message: the value is sent again), `shown`, `forced`, `closed` or `relisted`."""
    quantity: int | None
    handling: str
    route: str
    reference: str
    """Amazon's submission id, or the id of the feed."""
    note: str


class ExplainStock(Request, frozen=True, kw_only=True, tag="stock.explain"):
    """How the quantity of a seller SKU comes about, what was sent, and what Amazon showed after."""

    sku: str
    """A seller SKU; else an item's SKU: all seller SKUs of it, the first 50."""
    account: str = ""
    limit: int = 20
    """Events and orders of each, 200 at most."""


class ExplainedOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One seller SKU of one account."""

    row: OfferRow
    waits_for: str = ""
    """What happens to it next, in a sentence."""
    channels: tuple[ExplainedChannel, ...]
    orders: tuple[ExplainedOrder, ...]
    orders_in_all: int
    events: tuple[OfferEvent, ...]
    """The newest first."""


class StockExplained(Reply, frozen=True, kw_only=True, tag="stock.explain.reply"):
    offers: tuple[ExplainedOffer, ...]


class PushStock(WriteRequest, frozen=True, kw_only=True, tag="stock.push"):
    """Send what Amazon is to be told once more, whatever it is thought to have; also what was closed by hand.

    Either SKUs (of sellers, or of items), 500 at most, or a whole channel.
    """

    skus: tuple[str, ...] = ()
    account: str = ""
    channel: str = ""


class PushAnswer(msgspec.Struct, frozen=True, kw_only=True):
    account: str
    sku: str
    outcome: Literal["queued", "nothing"]
    quantity: int | None
    note: str
    """Why nothing is sent."""


class StockPushed(Reply, frozen=True, kw_only=True, tag="stock.push.reply"):
    answers: tuple[PushAnswer, ...]
    """One for each seller SKU; none for a whole channel."""
    queued: int


class ListingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one listing as typed; an empty text means: not set here, the channel's counts."""

    sku: str
    values: dict[str, str]
    """`end_when`, `stock_percentage`, `max_listed`, `ignore_sync`; what is not there stays as it is."""


class PreviewListings(Request, frozen=True, kw_only=True, tag="listing.preview"):
    """What a change of single listings would do; nothing is changed."""

    channel: str
    listings: tuple[ListingSettings, ...]


class ListingsPreviewed(Reply, frozen=True, kw_only=True, tag="listing.preview.reply"):
    changed: int
    """Listings that get another setting."""
    consequences: tuple[str, ...]


class SetListings(WriteRequest, frozen=True, kw_only=True, tag="listing.set"):
    """Set limits of single listings, which override the channel's; 500 at most, all or nothing.

    With `imported`, a number of 0 means that it is not set, as in Linnworks' files (a 0 that counts is
    `zero`), and rows with problems stop no other.
    """

    channel: str
    listings: tuple[ListingSettings, ...]
    imported: bool = False


class ListingSetAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one listing."""

    sku: str
    outcome: Literal["changed", "unchanged", "refused"]
    message: str = ""
    """Every field that is wrong, with what it must be."""


class ListingsSet(Reply, frozen=True, kw_only=True, tag="listing.set.reply"):
    answers: tuple[ListingSetAnswer, ...]
    """One for each, in their order."""
