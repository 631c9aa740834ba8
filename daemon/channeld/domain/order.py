"""Orders as Amazon shows them, in our own types; and what the book keeps of them.

Money is minor units of the order's currency, times are UTC. There are many of these values and they only lead
downwards, so the garbage collector is told not to look at them (`gc=False`).
"""

from datetime import datetime

import msgspec

__all__ = ["Amounts", "IncomingLine", "IncomingOrder", "Package", "Units", "Window"]


class Units(msgspec.Struct, frozen=True, gc=False):
    """So many units of one line."""

    order_item_id: str
    quantity: int


class Package(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A parcel that Amazon knows of and that was not cancelled (Amazon's reference, section 4.2)."""

    reference: str
    """packageReferenceId: the seller's own number, or one that Seller Central gave."""
    carrier: str = ""
    tracking: str = ""
    lines: tuple[Units, ...] = ()


class Window(msgspec.Struct, frozen=True, gc=False):
    """From when until when; either end may be unknown."""

    earliest: datetime | None = None
    latest: datetime | None = None


class Amounts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What Amazon reported for one line, by component (Amazon's reference 4.2). Discounts are positive."""

    item: int = 0
    shipping: int = 0
    gift_wrap: int = 0
    cod_fee: int = 0
    other: int = 0
    discount: int = 0
    """Taken off the components above; contains `discount_shipping`."""
    discount_shipping: int = 0
    tax: int = 0
    """All tax of the line after discounts: the TAX subtotal."""
    tax_item: int = 0
    tax_shipping: int = 0
    tax_gift_wrap: int = 0
    tax_cod_fee: int = 0
    tax_other: int = 0
    tax_discount: int = 0
    """Tax saved by discounts, positive."""
    total: int | None = None
    """Amazon's own total of the line (proceedsTotal), if it gave one."""


class IncomingLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an order as Amazon shows it."""

    order_item_id: str
    sku: str
    asin: str = ""
    title: str = ""
    quantity: int
    fulfilled: int = 0
    unfulfilled: int = 0
    amounts: Amounts | None = None
    """None while Amazon shows no money for the line."""
    facilitator: bool = False
    """Amazon collects and remits the tax of this line (semantics B7)."""
    cancel_requested: str = ""
    """The buyer's reason, or `requested` without one; empty when he did not ask."""
    cancelled: bool = False
    """Amazon shows that the line was cancelled, by whomever."""
    gift: bool = False
    gift_wrap_level: str = ""
    business_price: bool = False


class IncomingOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order as Amazon shows it, split into what may be read by anyone and what is personal."""

    order_id: str
    marketplace_id: str
    """Empty for orders of other sales channels."""
    on_amazon: bool
    """False for NON_AMAZON sales channels, which are counted and left alone."""
    status: str
    """Amazon's fulfillmentStatus; an open list."""
    fulfilled_by: str
    """`MERCHANT` or `AMAZON`."""
    service_level: str = ""
    """Amazon's fulfillmentServiceLevel; empty when it gave none."""
    purchased_at: datetime
    updated_at: datetime
    programs: tuple[str, ...] = ()
    replaces: str = ""
    """The order that this one replaces or exchanges."""
    ship_by: Window = Window()
    deliver_by: Window = Window()
    payment_methods: tuple[str, ...] = ()
    currency: str = ""
    """Empty while Amazon shows no money at all."""
    grand_total: int | None = None
    delivery_tip: int = 0
    """Charged apart from the lines."""
    shipped_at: datetime | None = None
    """The last parcel's ship time."""
    delivered_at: datetime | None = None
    """When the last parcel was first seen as delivered; None until all are."""
    lines: tuple[IncomingLine, ...]
    packages: tuple[Package, ...] = ()
    personal: dict[str, str]
    """Personal fields by their path, such as `buyer.buyerEmail`; only those that have a value."""
    payload: bytes
    """Amazon's JSON of the order without the personal fields."""

    def __repr__(self) -> str:
        return f"IncomingOrder(order_id={self.order_id!r}, status={self.status!r}, …)"
