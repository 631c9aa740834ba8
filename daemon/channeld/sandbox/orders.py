"""An order as the sandbox keeps it: facts only. `shape` turns it into Amazon's JSON, `changes` moves it on.

All amounts are minor units of the marketplace's currency, as the buyer sees them on the site; discounts
are positive here whatever sign the JSON gives them.
"""

from datetime import datetime
from typing import Literal

import msgspec

__all__ = ["Buyer", "FulfilledBy", "Line", "Order", "Package", "PackageStatus", "Status"]

Status = Literal[
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
]
FulfilledBy = Literal["MERCHANT", "AMAZON"]
PackageStatus = Literal["PENDING", "IN_TRANSIT", "SHIPPED", "DELIVERED", "CANCELLED", "UNDELIVERABLE"]


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    """Who ordered, and where it goes."""

    name: str
    email: str
    phone: str
    line1: str
    line2: str = ""
    city: str
    region: str = ""
    postal_code: str
    country: str
    company: str = ""
    po_number: str = ""
    pickup_point: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One order item. An empty `order_item_id` is filled when the order is placed."""

    sku: str
    order_item_id: str = ""
    asin: str = "B0SANDBOX0"
    title: str = "Sandbox item"
    quantity: int = 1
    unit_price: int = 1000
    shipping: int = 0
    gift_wrap: int = 0
    cod_fee: int = 0
    discount: int = 0
    shipping_discount: int = 0
    promotion_id: str = ""
    gift: bool = False
    gift_message: str = ""
    gift_wrap_level: str = ""
    business_price: bool = False
    facilitator: str = ""
    """Who withholds and remits the tax as marketplace facilitator; empty: the seller."""
    reporting_scheme: Literal["", "IOSS", "UOSS"] = ""
    customized_url: str = ""
    points: int = 0
    shipped: int = 0
    part_cancelled: int = 0
    """Units that were cancelled while others of the line were not, and that `quantity` still counts."""
    cancel_requested: str = ""
    """The buyer's reason, once there is a request."""
    cancelled_by: Literal["", "BUYER", "MERCHANT", "AMAZON"] = ""
    cancel_reason: str = ""

    @property
    def open(self) -> int:
        """Units that have neither left nor been cancelled."""
        return 0 if self.cancelled_by else self.quantity - self.shipped - self.part_cancelled


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel of a merchant-fulfilled order; `contents` is (order item id, units)."""

    reference: str
    status: PackageStatus
    carrier: str
    service: str
    tracking: str
    at: datetime
    contents: tuple[tuple[str, int], ...]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order. Instants are aware UTC with whole milliseconds."""

    order_id: str
    seller_id: str
    country: str
    created: datetime
    updated: datetime
    status: Status
    lines: tuple[Line, ...]
    buyer: Buyer
    fulfilled_by: FulfilledBy = "MERCHANT"
    service_level: str = "STANDARD"
    programs: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    tip: int = 0
    tip_final: bool = False
    replaces: str = ""
    """The order id that this order replaces at no charge."""
    non_amazon: bool = False
    seller_order_id: str = ""
    payment_method: str = "CreditCard"
    whole_seconds: bool = False
    """Show instants without milliseconds; both forms occur."""
    pending_shows_zero: bool = False
    """While pending, show a total of zero instead of none; neither is to be relied upon."""
