"""Until when an order's personal data is kept (semantics P1)."""

from datetime import datetime, timedelta

from channeld.domain.order import IncomingOrder
from channeld.domain.order_state import ENDED, SENT

__all__ = ["KEPT_AFTER_RECOVERY", "kept_until"]

KEPT = timedelta(days=30)
KEPT_AFTER_RECOVERY = timedelta(hours=24)
"""A single order read again by a person after its data was removed keeps it this long."""


def kept_until(order: IncomingOrder) -> datetime:
    """30 days after delivery, else the latest promised delivery, else shipment, else the last change.

    An order that ended without being sent: 30 days after the last change. One that is still to be sent, even
    in part, keeps its data at least as long: without the address it could not be sent.
    """
    if order.status in ENDED:
        return order.updated_at + KEPT
    promised = order.deliver_by.latest
    if order.status not in SENT:
        return max(promised or order.updated_at, order.updated_at) + KEPT
    return (order.delivered_at or promised or order.shipped_at or order.updated_at) + KEPT
