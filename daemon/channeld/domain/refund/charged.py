"""What a buyer was charged for a line, by the components of Amazon's adjustments (semantics C3).

Where prices contain tax, the components do too and there is none for tax. Where tax comes on top, it has
components of its own.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from channeld.domain.order import Amounts
from channeld.domain.tax import TaxPolicy, line_money

__all__ = ["COMPONENTS", "PER_UNIT", "TAX_OF", "charged_for"]

TAX_OF: Mapping[str, str] = {
    "Principal": "Tax",
    "Shipping": "ShippingTax",
    "GiftWrap": "GiftWrapTax",
    "COD": "CODTax",
}
"""A component and the one for its tax."""
OTHER = "Other"
"""Where charges go that are none of these. Amazon does not say; its list of components has this word."""
COMPONENTS = (*TAX_OF, OTHER, *TAX_OF.values())
"""What a line can be charged with."""
PER_UNIT = ("Principal", "Tax")
"""What the share of a unit consists of; the rest is charged for the line as a whole."""


def charged_for(amounts: Amounts, policy: TaxPolicy) -> dict[str, int]:
    """Minor units above zero by component; together exactly what the line's buyer paid.

    Empty when nothing was charged. Discounts come off the component they belong to; one that is greater than
    its component comes off the next ones.
    """
    parts = {
        "Principal": amounts.item - (amounts.discount - amounts.discount_shipping),
        "Shipping": amounts.shipping - amounts.discount_shipping,
        "GiftWrap": amounts.gift_wrap,
        "COD": amounts.cod_fee,
        OTHER: amounts.other,
    }
    added = line_money(amounts, facilitator=False, policy=policy).added
    for component, tax in _taxes(amounts).items() if added else ():
        target = TAX_OF[component] if policy.style == "added" else component
        parts[target] = parts.get(target, 0) + tax
    return _settled(parts)


def _taxes(amounts: Amounts) -> dict[str, int]:
    """All tax of the line by the component it belongs to; what belongs to none is the principal's."""
    shipping = amounts.tax_shipping - _tax_off_shipping(amounts)
    taxes = {"Shipping": shipping, "GiftWrap": amounts.tax_gift_wrap, "COD": amounts.tax_cod_fee}
    return {"Principal": amounts.tax - sum(taxes.values()), **taxes}


def _tax_off_shipping(amounts: Amounts) -> int:
    """Tax saved by the discount on shipping: Amazon tells the sum of all discounts only."""
    if not amounts.shipping:
        return 0
    off = Decimal(amounts.tax_shipping * amounts.discount_shipping) / amounts.shipping
    return min(int(off.quantize(Decimal(1), ROUND_HALF_UP)), amounts.tax_discount)


def _settled(parts: Mapping[str, int]) -> dict[str, int]:
    """Without components below zero: they come off the others, in the order of `COMPONENTS`."""
    debt = -sum(minor for minor in parts.values() if minor < 0)
    settled: dict[str, int] = {}
    for component in COMPONENTS:
        minor = max(0, parts.get(component, 0))
        taken = min(minor, debt)
        debt -= taken
        if minor > taken:
            settled[component] = minor - taken
    return settled
