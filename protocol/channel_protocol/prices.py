"""Prices of listings: saved, approved, sent to Amazon, and how each stands."""

from datetime import datetime
from typing import Literal

import msgspec

from channel_protocol.base import Problem, Reply, Request, Row, WriteRequest

PriceFilter = Literal["held", "pending", "error", "unconfirmed", "unsent"]


class PriceRow(Row, frozen=True, kw_only=True, tag="price"):
    """The price that was saved for one listing, and what became of it."""

    channel: str
    sku: str
    currency: str
    state: str
    """`NoChange`, `Held`, `Pending`, `SentNotConfirmed`, `Success` or `Error`."""
    saved: int | None
    """None: none, or it was dropped."""
    saved_at: datetime | None
    by: str
    confirmed: int | None
    """The last one that was read back from Amazon."""
    confirmed_at: datetime | None
    listed: int | None
    """What Amazon showed last: a direct read; without one, the newest report."""
    read_at: datetime | None = None
    """When it was read; None: that is the report's."""
    reported: int | None = None
    """What the newest report shows; it may be hours old."""
    min_price: int | None
    max_price: int | None
    holds: tuple[str, ...]
    """Why it waits for approval."""
    sent: int | None
    """What Amazon has taken last."""
    sent_at: datetime | None
    next_try_at: datetime | None
    """After a failure."""
    reason: str
    """What went wrong last, or why it is not sent."""
    held_back: str
    """Why nothing of the channel is sent now, such as `dry run`; empty if it is."""

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.sku}"


class PriceSyncRow(Row, frozen=True, kw_only=True, tag="price_sync"):
    """How the saved prices of one channel stand."""

    channel: str
    account: str
    held: int
    """Prices that wait for approval."""
    failing: int
    """Those that Amazon refused, or that were sent again three times and more."""
    waiting: int
    """Those that are saved and not sent yet; also those that are to be sent again."""

    @property
    def key(self) -> str:
        return self.channel


class ListPrices(Request, frozen=True, kw_only=True, tag="price.list"):
    """Listings of a channel for which a price or bounds were saved, by SKU, a page at a time."""

    channel: str
    only: PriceFilter | None = None
    """`held`: waits for approval; `pending`: not sent yet; `error`: refused, or failed again and again;
    `unconfirmed`: not read back yet; `unsent`: saved while Price Change was off."""
    after: str = ""
    """`after` of the page before."""
    limit: int = 100
    """500 at most."""


class PriceList(Reply, frozen=True, kw_only=True, tag="price.list.reply"):
    rows: tuple[PriceRow, ...]
    after: str
    """SKU of the last row."""
    more: bool


class PriceEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to it."""

    at: datetime
    event: str
    """`saved`, `held`, `approved`, `dropped`, `pushed`, `sent`, `accepted`, `refused`, `not sent`, `lost`,
    `confirmed` or `shown` (another price than the one that was sent)."""
    price: int | None
    reference: str
    """Amazon's submission id."""
    note: str
    by: str


class ShowPrice(Request, frozen=True, kw_only=True, tag="price.show"):
    """One listing's price and its last 90 days."""

    channel: str
    sku: str
    limit: int = 50
    """Events, 500 at most."""


class PriceShown(Reply, frozen=True, kw_only=True, tag="price.show.reply"):
    row: PriceRow
    events: tuple[PriceEvent, ...]
    """The newest first."""


class PriceWanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of one listing; numbers as they are typed, such as `19.99`."""

    sku: str
    price: str = ""
    """Empty: it stays as it is."""
    min_price: str | None = None
    """Below it a price waits for approval. null: it stays as it is; empty: there is none."""
    max_price: str | None = None
    """The same for above."""
    currency: str = ""
    """Must be the marketplace's; empty: it is."""


class SavePrices(WriteRequest, frozen=True, kw_only=True, tag="price.save"):
    """Save prices of a channel's listings, 500 rows at most, each answered.

    `set` is all or nothing; of an `import`, rows with problems stop no other.
    """

    channel: str
    rows: tuple[PriceWanted, ...]
    mode: Literal["set", "import"] = "set"


class PriceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    outcome: str
    """`pending`: it is sent; `held`: it waits for approval; `saved`: it is kept and not sent; `unchanged`;
    `refused`."""
    before: int | None = None
    """What it was compared with: the confirmed price, else the one that Amazon shows."""
    after: int | None = None
    note: str = ""
    problems: tuple[Problem, ...] = ()


class PricesSaved(Reply, frozen=True, kw_only=True, tag="price.save.reply"):
    currency: str
    answers: tuple[PriceAnswer, ...]


class PriceToApprove(msgspec.Struct, frozen=True, kw_only=True):
    """The very price of a listing that may pass."""

    sku: str
    price: str
    """As it is typed."""


class ApprovePrices(WriteRequest, frozen=True, kw_only=True, tag="price.approve"):
    """Let prices that are held go out, 500 rows at most; a price that is another one by now stays held."""

    channel: str
    rows: tuple[PriceToApprove, ...]


class DropPrices(WriteRequest, frozen=True, kw_only=True, tag="price.drop"):
    """Forget saved prices that are held or wait, of 500 listings at most."""

    channel: str
    skus: tuple[str, ...]


class PushPrices(WriteRequest, frozen=True, kw_only=True, tag="price.push"):
    """Send saved prices once more, whatever Amazon is thought to have; what has to be approved is held.

    Without SKUs: all that were saved and not sent, a page at a time.
    """

    channel: str
    skus: tuple[str, ...] = ()
    after: str = ""
    """`after` of the page before."""


class PriceDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one listing's price."""

    sku: str
    outcome: str
    """`pending`, `held`, `dropped` or `nothing`."""
    price: int | None
    note: str
    """Why nothing was done, or why it is held."""


class PricesDecided(Reply, frozen=True, kw_only=True, tag="price.decide.reply"):
    currency: str
    answers: tuple[PriceDecision, ...]
    after: str = ""
    """Of a page: the last SKU; empty at the end."""
