"""What an all-orders report says of an order. Nothing in it is personal."""

from datetime import datetime

import msgspec

__all__ = ["ReportedOrder"]


class ReportedOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the report; an order of several items has several lines, not always one after the other."""

    order_id: str
    updated_at: datetime | None
    """UTC; None if it could not be read."""
    purchased_at: datetime | None
    status: str
    """Amazon's word, such as `Shipped`, `Pending`, `Cancelled`."""
    sales_channel: str
    """Such as `Amazon.co.uk`; `Non-Amazon` for orders that Amazon only delivers."""
    fulfillment_channel: str
    """`Merchant` or `Amazon`."""
