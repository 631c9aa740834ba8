"""Orders by the thousand, page by page, each exactly once."""

from datetime import datetime

import msgspec

from channel_protocol.base import Reply, Request, WriteRequest
from channel_protocol.orders import OrderLine, OrderRow


class OrderChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders; what is None does not matter."""

    channel: str | None = None
    state: str | None = None
    since: datetime | None = None
    """Bought then or later."""
    until: datetime | None = None
    """Bought before then."""


class ExportedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order with its lines."""

    row: OrderRow
    items: tuple[OrderLine, ...]
    personal: dict[str, str] | None = None
    """Such as `buyer.buyerName`. Empty when there is none or it was removed, None when nobody asked."""

    def __repr__(self) -> str:
        return f"ExportedOrder(order_id={self.row.order_id!r}, …)"


class ExportOrders(Request, frozen=True, kw_only=True, tag="order.export"):
    """A page of the orders that are in the book when the first page is asked for, as they came in.

    Nothing personal. An order that changes meanwhile is there once, one that comes in meanwhile is not.
    """

    choice: OrderChoice = OrderChoice()
    after: str | None = None
    """`next` of the page before; None for the first page."""
    limit: int = 100
    """Orders a page, at most 200. A page may have fewer, also none, and still not be the last one."""


class ExportPersonalOrders(WriteRequest, frozen=True, kw_only=True, tag="order.export_personal"):
    """The same with the personal data of each order. For writers only, audited, never remembered."""

    choice: OrderChoice = OrderChoice()
    after: str | None = None
    limit: int = 100


class OrderPage(Reply, frozen=True, kw_only=True, tag="order.export.reply"):
    orders: tuple[ExportedOrder, ...]
    next: str | None
    """For the page after this one; None after the last."""
