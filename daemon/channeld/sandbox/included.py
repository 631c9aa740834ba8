"""What a caller gets to see of an order: the data sets asked for, and personal data only with the role."""

from collections.abc import Set
from typing import Any

__all__ = ["DATA_SETS", "select"]

DATA_SETS = {
    "BUYER": "buyer",
    "RECIPIENT": "recipient",
    "PROCEEDS": "proceeds",
    "EXPENSE": "expense",
    "PROMOTION": "promotion",
    "CANCELLATION": "cancellation",
    "FULFILLMENT": "fulfillment",
    "PACKAGES": "packages",
    "TAX": "tax",
    "PAYMENT": "payment",
    "FULFILLMENT_ORDERS": "fulfillmentOrders",
}
"""Values of `includedData` and the field each adds, to the order and to its items."""

PERSONAL = (
    ("buyer", ("buyerEmail", "buyerName")),
    (
        "recipient.deliveryAddress",
        ("name", "addressLine1", "addressLine2", "addressLine3", "postalCode", "phone", "extendedFields"),
    ),
)
PERSONAL_IN_ITEMS = (
    ("fulfillment.packing.giftOption", ("giftMessage",)),
    ("product", ("customization",)),
)
"""Fields that Amazon releases only to apps with a restricted role; without it they are absent."""


def select(body: dict[str, Any], wanted: Set[str], *, personal: bool) -> dict[str, Any]:
    """The order with the wanted data sets only. Takes the full JSON of one order, and keeps parts of it."""
    hidden = {field for name, field in DATA_SETS.items() if name not in wanted}
    order = {key: value for key, value in body.items() if key not in hidden}
    items: list[dict[str, Any]] = [
        {key: value for key, value in item.items() if key not in hidden} for item in body["orderItems"]
    ]
    order["orderItems"] = items
    if not personal:
        _remove(order, PERSONAL)
        for item in items:
            _remove(item, PERSONAL_IN_ITEMS)
    return order


def _remove(body: dict[str, Any], places: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    for path, fields in places:
        part: Any = body
        for key in path.split("."):
            part = part.get(key, {})
        for field in fields:
            part.pop(field, None)
