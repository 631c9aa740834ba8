"""One message of an order feed at work on its order, and the parts that several kinds of message share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from channeld.sandbox.despatch import Impossible
from channeld.sandbox.feeds.xml_tree import Node
from channeld.sandbox.orders import Line, Order

if TYPE_CHECKING:
    from channeld.sandbox.account import Account
    from channeld.sandbox.market import Market

__all__ = ["Work", "instant", "item_id", "line_of", "order_of", "units"]


class Work(NamedTuple):
    market: Market
    feed_type: str
    order: Order
    body: Node
    stamp: datetime
    """The instant for the order's lastUpdatedTime."""
    at: datetime

    def silent(self) -> bool:
        """Whether a fault wants that nothing happens although the report will not say so."""
        where = {"seller_id": self.order.seller_id, "operation": self.feed_type}
        return self.market.faults.fires("no_effect", order_id=self.order.order_id, **where) is not None


def order_of(account: Account, body: Node) -> Order:
    """The order that the message is about."""
    order = account.book.orders.get(body.value("AmazonOrderID"))
    own = body.value("MerchantOrderID")
    if order is None and own and body.child("AmazonOrderID") is None:
        order = next((each for each in account.book.orders.values() if each.seller_order_id == own), None)
    if order is None:
        raise Impossible("The order does not exist.")
    return order


def item_id(item: Node) -> str:
    """The order item code; the seller's own item codes are not known here."""
    if item.child("AmazonOrderItemCode") is None:
        raise Impossible("MerchantOrderItemID is not known; use AmazonOrderItemCode.")
    return item.value("AmazonOrderItemCode")


def line_of(order: Order, identifier: str) -> Line:
    for line in order.lines:
        if line.order_item_id == identifier:
            return line
    raise Impossible("The order item does not belong to the order.", identifier)


def units(item: Node, name: str = "Quantity") -> int | None:
    """The number in that element, None when it is absent."""
    if item.child(name) is None:
        return None
    text = item.value(name)
    if not (text.isascii() and text.isdigit() and int(text[:9]) >= 1 and len(text) < 10):
        raise Impossible(f"{name} has to be a number above zero.")
    return int(text)


def instant(text: str, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and "T" in text:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Impossible(f"{name} has to be a date and time with its zone.")
