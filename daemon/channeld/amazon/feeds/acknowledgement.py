"""OrderAcknowledgement with the status Failure: lines of an order, or all of them, will not be sent."""

from xml.etree.ElementTree import Element, SubElement

from channeld.amazon.assumptions import PARTIAL_CANCEL_BY_QUANTITY
from channeld.amazon.feeds.elements import Message, add, effect_of
from channeld.domain.ledger.effects import Cancel

__all__ = ["acknowledgement"]


def acknowledgement(message: Message) -> Element:
    """The element of a cancellation. Raises `ValueError` for one that cannot be said.

    Without items Amazon cancels the whole order, so one that names nothing is refused.
    """
    effect = effect_of(message, Cancel)
    lines = [line for line in effect.lines if line.order_item_id not in effect.seen]
    if not lines:
        raise ValueError("a cancellation names no line")
    body = Element("OrderAcknowledgement")
    add(body, "AmazonOrderID", message.order_id)
    add(body, "StatusCode", "Failure")
    for line in lines:
        item = SubElement(body, "Item")
        add(item, "AmazonOrderItemCode", line.order_item_id)
        add(item, "CancelReason", effect.reason)
        if line.order_item_id not in effect.whole_lines:
            add(item, "Quantity", _part(line.quantity))
    return body


def _part(quantity: int) -> int:
    """Naming no quantity would cancel the whole line, which nobody asked for."""
    if not PARTIAL_CANCEL_BY_QUANTITY:
        raise ValueError("part of a line cannot be cancelled")
    if quantity < 1:
        raise ValueError("Item/Quantity is not above zero")
    return quantity
