"""Orders as the book keeps them: what `orders` writes and reads."""

from datetime import datetime

import msgspec

from channeld.domain.order import Amounts
from channeld.domain.tax import TaxPolicy

__all__ = ["LineRecord", "OrderKey", "OrderRecord"]

OrderKey = tuple[int, str]
"""Channel's id and Amazon's order id: unique in the book (semantics C0)."""


class LineRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an order. Amounts are minor units of the order's currency."""

    order_item_id: str
    sku: str
    asin: str = ""
    title: str = ""
    quantity: int
    """Units that Amazon shows as ordered now."""
    ordered: int
    """The most units that Amazon has ever shown as ordered: it may lower that when some are cancelled."""
    fulfilled: int = 0
    unfulfilled: int = 0
    item_id: int | None = None
    """The stock item that the line is linked to."""
    facilitator: bool = False
    cancel_requested: str = ""
    gift: bool = False
    gift_wrap_level: str = ""
    business_price: bool = False
    amounts: Amounts | None = None
    """None while Amazon shows no money for the line."""
    priced: int = 0
    """Units that the amounts are for; 0 without any. Of another number Amazon has shown no money yet."""


class OrderRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order, without anything personal. Components are stored, totals are computed (semantics C0)."""

    channel_id: int
    order_id: str
    status: str
    """Amazon's word."""
    rank: int
    state: str
    fulfilled_by: str
    location_id: int
    purchased_at: datetime
    received: str
    """Order Received Date, `YYYY-MM-DDTHH:MM:SS` with the offset added (semantics C6)."""
    received_offset_minutes: int = 0
    updated_at: datetime
    """Amazon's lastUpdatedTime."""
    first_stored_at: datetime
    """Kept from the first time the order was stored."""
    changed_at: datetime
    first_disclosing_at: datetime | None = None
    """When it was first stored in a status that discloses an e-mail address (semantics C4)."""
    ship_by_earliest: datetime | None = None
    ship_by_latest: datetime | None = None
    deliver_by_earliest: datetime | None = None
    deliver_by_latest: datetime | None = None
    currency: str = ""
    grand_total: int | None = None
    delivery_tip: int = 0
    payment_tag: str = ""
    payment_method: str = ""
    payment_mapped: bool = True
    """False: a word was met that nobody has mapped; the method is the default (semantics I14)."""
    shipping_tag: str = ""
    shipping_service: str = ""
    shipping_mapped: bool = True
    programs: tuple[str, ...] = ()
    replaces: str = ""
    email_state: str = "none"
    business: bool = False
    gift: bool = False
    prime: bool = False
    cancel_requested: bool = False
    replacement: bool = False
    reduces_stock: bool = False
    despatch_duty: bool = False
    incomplete: bool = False
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    tax_policy: TaxPolicy | None = None
    """The channel's rules of tax when the order was first stored."""
    fingerprint: bytes = b""
    """Of Amazon's view of the order that is stored, keyed: tells whether another one is the same."""
    payload: bytes | None = None
    """Amazon's JSON without the personal fields. Not read back with the order (see `orders.payload`); None
    when saving keeps what is stored."""
    lines: tuple[LineRecord, ...] = ()
    id: int = 0
    """The book's own key; 0 before it is stored."""
    version: int = 0
    """Grows by one with each save; 0 before the first."""

    @property
    def key(self) -> OrderKey:
        return (self.channel_id, self.order_id)
