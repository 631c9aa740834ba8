"""OrderAdjustment: money back for a line. Sending one twice pays twice."""

from xml.etree.ElementTree import Element, SubElement

from channeld.amazon.feeds.elements import Message, add, effect_of
from channeld.domain.ledger.effects import Component, Refund
from channeld.domain.money import decimal_text

__all__ = ["adjustment"]


def adjustment(message: Message) -> Element:
    """The element of a refund. Raises `ValueError` for one that cannot be said, or must not be.

    Which components there are was decided when it was queued: where prices are with tax there is no `Tax`.
    """
    effect = effect_of(message, Refund)
    if effect.by_cancellation:
        raise ValueError("the cancellation gives the money back; an adjustment would pay twice")
    if not effect.components:
        raise ValueError("a refund has no amount")
    body = Element("OrderAdjustment")
    add(body, "AmazonOrderID", message.order_id)
    add(body, "ActionType", "Refund")
    item = SubElement(body, "AdjustedItem")
    add(item, "AmazonOrderItemCode", effect.order_item_id)
    add(item, "MerchantAdjustmentItemID", message.work_id)
    add(item, "AdjustmentReason", effect.reason)
    prices = SubElement(item, "ItemPriceAdjustments")
    for component in effect.components:
        _add_component(prices, component, effect.currency)
    return body


def _add_component(prices: Element, component: Component, currency: str) -> None:
    if component.minor <= 0:
        raise ValueError("Component/Amount is not above zero")
    element = SubElement(prices, "Component")
    add(element, "Type", component.type)
    amount = add(element, "Amount", decimal_text(component.minor, currency))
    amount.set("currency", currency)
