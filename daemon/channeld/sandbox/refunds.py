"""What a buyer was charged for what has left, by component, and what has been given back of it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from channeld.sandbox.marketplaces import Marketplace
from channeld.sandbox.money import tax_on
from channeld.sandbox.orders import Line

__all__ = ["Refund", "Refunds", "charged"]


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """One adjustment of one order; minor units by order item and component."""

    refund_id: str
    order_id: str
    country: str
    at: datetime
    items: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        return sum(amount for components in self.items.values() for amount in components.values())


def charged(line: Line, marketplace: Marketplace) -> dict[str, int]:
    """Minor units by component of an adjustment feed; only units that have left are charged.

    Where prices contain the tax, the components do too and there is none for tax.
    """
    if not line.shipped:
        return {}
    off = line.discount * line.shipped // line.quantity
    gross = {
        "Principal": (line.unit_price * line.shipped, off, "Tax"),
        "Shipping": (line.shipping, line.shipping_discount, "ShippingTax"),
        "GiftWrap": (line.gift_wrap, 0, "GiftWrapTax"),
        "COD": (line.cod_fee, 0, "CODTax"),
    }
    amounts: dict[str, int] = {}
    for component, (amount, discount, tax) in gross.items():
        amounts[component] = amount - discount
        if not marketplace.tax_inclusive:
            amounts[tax] = tax_on(amount, marketplace) - tax_on(discount, marketplace)
    return amounts


class Refunds:
    """The refunds of an account, oldest first."""

    def __init__(self) -> None:
        self.all: list[Refund] = []
        self._by_order: dict[str, list[Refund]] = {}

    def add(self, refund: Refund) -> None:
        self.all.append(refund)
        self._by_order.setdefault(refund.order_id, []).append(refund)

    def of_order(self, order_id: str) -> list[Refund]:
        return list(self._by_order.get(order_id, ()))

    def paid(self, order_id: str, item_id: str) -> Counter[str]:
        """Minor units by component that have been given back for that item."""
        sums: Counter[str] = Counter()
        for refund in self.of_order(order_id):
            sums.update(refund.items.get(item_id, {}))
        return sums
