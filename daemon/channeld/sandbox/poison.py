"""Orders that break Amazon's own model, as no document promises but every client meets."""

from collections.abc import Callable
from random import Random
from typing import Any, cast

__all__ = ["POISONS", "poisoned"]

Body = dict[str, Any]


def poisoned(body: Body, kind: str, random: Random) -> Body:
    """The order spoilt in one way; an empty `kind` takes one by chance."""
    POISONS[kind or random.choice(tuple(POISONS))](body)
    return body


def _field(name: str, value: object) -> Callable[[Body], None]:
    def spoil(body: Body) -> None:
        body[name] = value

    return spoil


def _missing(name: str) -> Callable[[Body], None]:
    def spoil(body: Body) -> None:
        body.pop(name, None)

    return spoil


def _item_field(name: str, value: object) -> Callable[[Body], None]:
    def spoil(body: Body) -> None:
        body["orderItems"][0][name] = value

    return spoil


def _amounts(text: object) -> Callable[[Body], None]:
    def spoil(part: Any) -> None:
        if isinstance(part, dict):
            values = cast(Body, part)
            if "amount" in values:
                values["amount"] = text
            for value in values.values():
                spoil(value)
        elif isinstance(part, list):
            for entry in cast(list[Any], part):
                spoil(entry)

    return spoil


POISONS: dict[str, Callable[[Body], None]] = {
    "amount_garbage": _amounts("twelve"),
    "amount_number": _amounts(12.5),
    "amount_separators": _amounts("1,234.56"),
    "channel_missing": _missing("salesChannel"),
    "channel_text": _field("salesChannel", "Amazon.co.uk"),
    "id_missing": _missing("orderId"),
    "item_id_null": _item_field("orderItemId", None),
    "items_null": _field("orderItems", None),
    "product_missing": _item_field("product", None),
    "quantity_negative": _item_field("quantityOrdered", -1),
    "quantity_text": _item_field("quantityOrdered", "two"),
    "status_unknown": _field(
        "fulfillment", {"fulfillmentStatus": "INVOICE_UNCONFIRMED", "fulfilledBy": "MERCHANT"}
    ),
    "time_garbage": _field("lastUpdatedTime", "yesterday"),
    "time_missing": _missing("lastUpdatedTime"),
}
"""Ways to spoil an order, by name."""
