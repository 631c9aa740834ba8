"""Effects of the ledger and messages of feeds for tests, all invented."""

from datetime import UTC, datetime
from typing import Any

from channeld.amazon.feeds.envelope import Message
from channeld.domain.ledger.effects import Cancel, Component, Despatch, Effect, Refund
from channeld.domain.order import Units

__all__ = ["ITEM", "ORDER_ID", "cancel", "despatch", "message", "refund"]

ORDER_ID = "203-1111111-2222222"
ITEM = "90000000000001"
SHIPPED_AT = datetime(2026, 11, 22, 8, 30, 15, 250_000, tzinfo=UTC)


def despatch(**more: Any) -> Despatch:
    fields: dict[str, Any] = {
        "lines": (Units(ITEM, 2),),
        "shipped_at": SHIPPED_AT,
        "carrier_code": "Royal Mail",
        "method": "Tracked 24",
        "tracking": "JD0001",
    }
    return Despatch(**(fields | more))


def cancel(**more: Any) -> Cancel:
    fields: dict[str, Any] = {"reason": "NoInventory", "lines": (Units(ITEM, 2),), "whole_lines": (ITEM,)}
    return Cancel(**(fields | more))


def refund(**more: Any) -> Refund:
    fields: dict[str, Any] = {
        "order_item_id": ITEM,
        "sku": "SKU-1",
        "reason": "CustomerReturn",
        "currency": "GBP",
        "components": (Component("Principal", 1050),),
    }
    return Refund(**(fields | more))


def message(effect: Effect, number: int = 1, work_id: int = 7001, order_id: str = ORDER_ID) -> Message:
    return Message(message_id=number, work_id=work_id, order_id=order_id, effect=effect)
