"""OrderFulfillment: a parcel has left, tracked or not."""

from xml.etree.ElementTree import Element, SubElement

from channeld.amazon.feeds.elements import Message, add, effect_of
from channeld.amazon.instants import format_instant
from channeld.domain.ledger.effects import Despatch

__all__ = ["fulfillment"]

_OTHER = "Other"


def fulfillment(message: Message) -> Element:
    """The element of a despatch. Raises `ValueError` for one that cannot be said.

    Without items Amazon takes the whole order as shipped, so a parcel with nothing in it is refused. The
    row's id is the edit key: the same message again is the same parcel.
    """
    effect = effect_of(message, Despatch)
    if not effect.lines:
        raise ValueError("a parcel has nothing in it")
    body = Element("OrderFulfillment")
    add(body, "AmazonOrderID", message.order_id)
    add(body, "MerchantFulfillmentID", message.work_id)
    add(body, "FulfillmentDate", format_instant(effect.shipped_at))
    _add_carrier(SubElement(body, "FulfillmentData"), effect)
    for line in effect.lines:
        item = SubElement(body, "Item")
        add(item, "AmazonOrderItemCode", line.order_item_id)
        add(item, "Quantity", _above_zero(line.quantity))
    return body


def _add_carrier(data: Element, effect: Despatch) -> None:
    add(data, "CarrierCode", effect.carrier_code)
    if effect.carrier_code == _OTHER:
        add(data, "CarrierName", effect.carrier_name)
    if effect.method:
        add(data, "ShippingMethod", effect.method)
    if effect.tracking:
        add(data, "ShipperTrackingNumber", effect.tracking)


def _above_zero(quantity: int) -> int:
    if quantity < 1:
        raise ValueError("Item/Quantity is not above zero")
    return quantity
