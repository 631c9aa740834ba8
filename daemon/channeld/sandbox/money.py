"""Proceeds of an order in Amazon's shape: per line and for the whole order, with tax and discounts.

Some facts are not stated by Amazon: the sign of DISCOUNT, whether ITEM contains the tax where prices on the
site do, what becomes of an item cancelled in part, or of a quantity for what Amazon sends. They are switches
in `Convention` and nowhere else.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

import msgspec

from channeld.sandbox.marketplaces import Marketplace
from channeld.sandbox.orders import Line, Order

__all__ = ["Convention", "Proceeds", "line_json", "line_proceeds", "money", "order_proceeds", "tax_on"]

TEN_THOUSAND = 10_000
"""Tax rates are in hundredths of a percent."""


class Convention(msgspec.Struct, frozen=True):
    """How the sandbox's Amazon writes what its documents leave open."""

    negative_discounts: bool = True
    """DISCOUNT subtotals are negative, so that breakdowns add up; else positive, as in the old version."""
    tax_inside_items: bool = True
    """Where prices contain tax, ITEM and the others contain it and TAX only tells it; else they are net."""
    part_cancellation: Literal["refused", "unfulfilled", "ordered"] = "refused"
    """Whether part of an item can be cancelled by its quantity, and which number of units then goes down:
    what is to be sent, or what was ordered as well, with the money."""
    amazon_stock: Literal["converts", "refused"] = "converts"
    """What a quantity of the seller's own does to a SKU that Amazon sends: from then on the seller sends it,
    or it is not valid."""


class Proceeds(msgspec.Struct, frozen=True):
    """A line's money in minor units: the parts as shown, the tax and the discount by subtype, the total."""

    parts: dict[str, int]
    tax: dict[str, int]
    discount: dict[str, int]
    total: int


def money(amount: int, marketplace: Marketplace) -> dict[str, str]:
    """Minor units as Amazon's decimal string with its currency."""
    value = Decimal(amount).scaleb(-marketplace.digits)
    return {"amount": str(value), "currencyCode": marketplace.currency}


def line_proceeds(line: Line, marketplace: Marketplace, convention: Convention) -> Proceeds:
    """What a line earns. The total is the same under every convention: what the buyer pays for it."""
    gross = {
        "ITEM": line.unit_price * line.quantity,
        "SHIPPING": line.shipping,
        "GIFT_WRAP": line.gift_wrap,
        "COD_FEE": line.cod_fee,
    }
    lowered = {"ITEM": line.discount, "SHIPPING": line.shipping_discount}
    tax = {subtype: tax_on(amount, marketplace) for subtype, amount in gross.items()}
    tax_off = {subtype: tax_on(amount, marketplace) for subtype, amount in lowered.items()}
    total = sum(gross.values()) - sum(lowered.values())
    if not marketplace.tax_inclusive:
        total += sum(tax.values()) - sum(tax_off.values())
    elif not convention.tax_inside_items:
        gross = {subtype: amount - tax[subtype] for subtype, amount in gross.items()}
        lowered = {subtype: amount - tax_off[subtype] for subtype, amount in lowered.items()}
    return Proceeds(
        parts=_present(gross, keep="ITEM"),
        tax=_present({**tax, "DISCOUNT": -sum(tax_off.values())}),
        discount=_present({key: _signed(amount, convention) for key, amount in lowered.items()}),
        total=total,
    )


def order_proceeds(order: Order, lines: Iterable[Proceeds], marketplace: Marketplace) -> dict[str, Any]:
    """The order's `proceeds`: lines added up by type, and the tip, which belongs to no line."""
    sums: dict[str, int] = {}
    total = order.tip
    for line in lines:
        total += line.total
        for kind, amount in _by_type(line).items():
            sums[kind] = sums.get(kind, 0) + amount
    breakdowns: list[dict[str, Any]] = [
        {"type": kind, "subtotal": money(amount, marketplace)} for kind, amount in sums.items()
    ]
    if order.tip:
        tip = {"type": "DELIVERY_TIP", "subtotal": money(order.tip, marketplace)}
        breakdowns.append({**tip, "status": "FINALIZED" if order.tip_final else "PENDING"})
    return {"grandTotal": money(total, marketplace), "breakdowns": breakdowns}


def line_json(proceeds: Proceeds, marketplace: Marketplace) -> dict[str, Any]:
    """A line's `proceeds` in Amazon's shape."""
    details = {"TAX": proceeds.tax, "DISCOUNT": proceeds.discount}
    breakdowns: list[dict[str, Any]] = []
    for kind, amount in _by_type(proceeds).items():
        entry: dict[str, Any] = {"type": kind, "subtotal": money(amount, marketplace)}
        if kind in details:
            entry["detailedBreakdowns"] = [
                {"subtype": subtype, "value": money(value, marketplace)}
                for subtype, value in details[kind].items()
            ]
        breakdowns.append(entry)
    return {"proceedsTotal": money(proceeds.total, marketplace), "breakdowns": breakdowns}


def _by_type(line: Proceeds) -> dict[str, int]:
    sums = dict(line.parts)
    if line.tax:
        sums["TAX"] = sum(line.tax.values())
    if line.discount:
        sums["DISCOUNT"] = sum(line.discount.values())
    return sums


def tax_on(amount: int, marketplace: Marketplace) -> int:
    """The tax in, or on, an amount: half up, at each component of the line."""
    base = TEN_THOUSAND + marketplace.tax_rate if marketplace.tax_inclusive else TEN_THOUSAND
    return (2 * amount * marketplace.tax_rate + base) // (2 * base)


def _signed(amount: int, convention: Convention) -> int:
    return -amount if convention.negative_discounts else amount


def _present(amounts: dict[str, int], *, keep: str = "") -> dict[str, int]:
    return {key: amount for key, amount in amounts.items() if amount or key == keep}
