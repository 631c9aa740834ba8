"""The envelope of the order feeds: which elements may stand where, in which order, and its messages."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from channeld.sandbox.feeds.xml_tree import Node, Unreadable, parse

__all__ = ["MESSAGE_TYPES", "Message", "read_envelope"]

MESSAGE_TYPES = {
    "POST_ORDER_FULFILLMENT_DATA": "OrderFulfillment",
    "POST_ORDER_ACKNOWLEDGEMENT_DATA": "OrderAcknowledgement",
    "POST_PAYMENT_ADJUSTMENT_DATA": "OrderAdjustment",
}
ORDER = "(AmazonOrderID,|MerchantOrderID,)"
ITEM = "(AmazonOrderItemCode,|MerchantOrderItemID,)"

CONTENT: Mapping[str, str] = {
    "AmazonEnvelope": "Header,MessageType,(Message,)+",
    "Header": "DocumentVersion,MerchantIdentifier,",
    "OrderFulfillment": f"{ORDER}(MerchantFulfillmentID,)?FulfillmentDate,(FulfillmentData,)?"
    "(CODCollectionMethod,)?(Item,)*(ShipFromAddress,)?",
    "FulfillmentData": "((CarrierCode,(CarrierName,)?)|(CarrierName,))?(ShippingMethod,)?"
    "(ShipperTrackingNumber,)?",
    "OrderFulfillment/Item": f"{ITEM}(MerchantFulfillmentItemID,)?(Quantity,)?(TransparencyCode,){{0,10}}",
    "OrderAcknowledgement": "AmazonOrderID,(MerchantOrderID,)?StatusCode,(Item,)*",
    "OrderAcknowledgement/Item": "AmazonOrderItemCode,(MerchantOrderItemID,)?(CancelReason,)?(Quantity,)?",
    "OrderAdjustment": f"{ORDER}(ActionType,)?(CODCollectionMethod,)?(AdjustedItem,)+",
    "AdjustedItem": f"{ITEM}(MerchantAdjustmentItemID,)?AdjustmentReason,(ItemPriceAdjustments,)?"
    "(PromotionAdjustments,)*(DirectPaymentAdjustments,)?(QuantityCancelled,)?(Quantity,)?",
    "ItemPriceAdjustments": "(Component,)+",
    "DirectPaymentAdjustments": "(Component,)+",
    "PromotionAdjustments": "(PromotionClaimCode,)?(MerchantPromotionID,)?(Component,)+",
    "Component": "Type,Amount,",
}
"""The children of an element as a pattern of their names; an element that is not here has only text."""

MODELS = {name: re.compile(pattern) for name, pattern in CONTENT.items()}
FREE = ("ShipFromAddress",)
"""Elements whose content does not matter here."""
MESSAGE_ID = re.compile(r"[0-9]{1,18}")


class Message(NamedTuple):
    message_id: str
    body: Node


def read_envelope(content: bytes, feed_type: str) -> list[Message]:
    """The messages in the document's order. Unreadable when anything breaks the schema of the feed."""
    root = parse(content)
    kind = MESSAGE_TYPES[feed_type]
    if root.name != "AmazonEnvelope":
        raise Unreadable("The root element has to be AmazonEnvelope.")
    _check(root, root.name, kind)
    if root.value("MessageType") != kind:
        raise Unreadable(f"MessageType has to be {kind}.")
    messages = [Message(node.value("MessageID"), node.children[1]) for node in root.all("Message")]
    ids = {message.message_id for message in messages}
    if len(ids) < len(messages) or not all(MESSAGE_ID.fullmatch(identifier) for identifier in ids):
        raise Unreadable("MessageID has to be a number that no other message has.")
    return messages


def _check(node: Node, path: str, kind: str) -> None:
    if node.name in FREE:
        return
    names = "".join(f"{child.name}," for child in node.children)
    model = _model(node, path, kind)
    if not (model.fullmatch(names) if model else not names):
        raise Unreadable(f"The content of element {node.name} is not complete or not in order.")
    if node.children and node.text.strip():
        raise Unreadable(f"Element {node.name} cannot contain text.")
    for child in node.children:
        _check(child, f"{node.name}/{child.name}", kind)


def _model(node: Node, path: str, kind: str) -> re.Pattern[str] | None:
    if path == "AmazonEnvelope/Message":
        return re.compile(f"MessageID,{kind},")
    return MODELS.get(path) or MODELS.get(node.name)
