"""What the book knows of an order, by what rules it decides, and what it decides. Values only."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.email import EmailState
from channeld.domain.marketplaces import Marketplace
from channeld.domain.order_state import Merge, OrderState
from channeld.domain.reread import Reread
from channeld.domain.tax import TaxPolicy

__all__ = ["Booking", "Due", "Entry", "Mapped", "Rules", "Stored"]


class Mapped(NamedTuple):
    """A word of the channel's and one's own for it (semantics I14, I15)."""

    tag: str
    own: str
    mapped: bool
    """False: no row of the mapping has the tag, and `own` is the default."""


class Stored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the book already has of an order, as far as it decides."""

    status: str
    state: OrderState
    updated_at: datetime
    email_state: EmailState
    first_disclosing_at: datetime | None
    """When it was first stored in a status that discloses the buyer's address."""
    has_email: bool = False
    cancel_requested: bool = False
    delivered_at: datetime | None = None
    kept_until: datetime | None = None
    """When its personal data goes or went; later than the rule says for an order recovered by a person."""
    received: str = ""
    payment: Mapped | None = None
    shipping: Mapped | None = None
    tax_policy: TaxPolicy | None = None


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The channel's side of the decision."""

    marketplace: Marketplace
    settings: ChannelSettings
    first_enabled_at: datetime | None
    payment: Mapping[str, str]
    """Payment tag → own method."""
    shipping: Mapping[str, str]
    """Shipping tag → own service."""


class Due(msgspec.Struct, frozen=True):
    """An order is to be read again by its id."""

    kind: Reread
    at: datetime


class Entry(msgspec.Struct, frozen=True):
    """A line of the audit trail: a code that stays and a text for people."""

    code: str
    text: str


class Booking(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is to be stored, told, and done later.

    With the merge `fill` everything here is what holds afterwards all the same: the stored status decides,
    and what arrived only filled blanks.
    """

    merge: Merge
    state: OrderState
    received: str
    payment: Mapped
    shipping: Mapped
    email: EmailState
    first_disclosing_at: datetime | None
    delivered_at: datetime | None
    """When it was first seen as delivered."""
    kept_until: datetime
    keep_personal: bool
    """False: the retention has ended, nothing personal is stored."""
    reduces_stock: bool
    despatch_duty: bool
    """Whether the seller has something to send now."""
    tax_policy: TaxPolicy
    rereads: tuple[Due, ...]
    """Re-reads that are wanted; the store keeps those it already has."""
    settled: frozenset[Reread]
    """Re-reads that are no longer needed."""
    audit: tuple[Entry, ...] = ()
