"""How a line's money is split into net and tax, and what an order comes to (semantics B2, B7).

Components are stored as Amazon reported them; everything here is computed from them, so a number can always
be explained and never drifts.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from channeld.domain.order import Amounts

__all__ = [
    "LineMoney",
    "OrderMoney",
    "TaxPolicy",
    "effective_rate",
    "line_money",
    "order_money",
    "order_total",
]


class TaxPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The channel's rules for tax, frozen on an order when it is first stored."""

    style: Literal["included", "added"]
    """Whether the marketplace's prices contain tax."""
    use_channel_tax: bool = False
    tax_rate: str = "0"
    """Percent, as a decimal text."""
    ignore_facilitator: bool = False
    """Already false while VCS is on: the setting has no effect then."""


class LineMoney(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line split up; minor units."""

    paid: int
    """What the buyer paid, tax and all, before anything is ignored."""
    gross: int
    """What counts: `paid`, less the facilitator's tax where that is ignored."""
    tax: int
    net: int
    amazon_tax: int
    added: int
    """What of Amazon's tax came on top of the components; 0 where they contain it."""
    ignored: int
    """Facilitator tax left out of `gross`."""
    variance: int
    """Amazon's tax less ours, where ours is computed from the channel's rate."""
    agrees: bool
    """Whether the components add up to Amazon's own total of the line."""


class OrderMoney(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an order comes to; minor units."""

    total: int
    tax: int
    net: int
    ignored: int
    variance: int
    tip: int
    paid: int
    agrees: bool
    """Lines add up, and together with the tip to Amazon's grand total where it gave one, whether or not that
    counts the tax which came on top."""


def line_money(amounts: Amounts, *, facilitator: bool, policy: TaxPolicy) -> LineMoney:
    """Split one line. Amounts are never recomputed from an effective rate."""
    parts = _parts(amounts)
    added = 0 if _contains_tax(amounts, parts, policy) else amounts.tax
    paid = parts + added
    ignored = amounts.tax if facilitator and policy.ignore_facilitator else 0
    gross = paid - ignored
    tax = _tax(gross, amounts, ignored=ignored, policy=policy)
    return LineMoney(
        paid=paid,
        gross=gross,
        tax=tax,
        net=gross - tax,
        amazon_tax=amounts.tax,
        added=added,
        ignored=ignored,
        variance=amounts.tax - ignored - tax,
        agrees=amounts.total is None or amounts.total in (parts, parts + amounts.tax),
    )


def order_total(lines: Iterable[LineMoney], *, tip: int = 0) -> int:
    """What counts of all lines and the tip."""
    return sum(line.gross for line in lines) + tip


def order_money(lines: Iterable[LineMoney], *, tip: int = 0, grand_total: int | None = None) -> OrderMoney:
    """Add lines up; a delivery tip is charged apart and carries no tax."""
    all_lines = list(lines)
    paid = sum(line.paid for line in all_lines) + tip
    untaxed = paid - sum(line.added for line in all_lines)
    return OrderMoney(
        total=order_total(all_lines, tip=tip),
        tax=sum(line.tax for line in all_lines),
        net=sum(line.net for line in all_lines) + tip,
        ignored=sum(line.ignored for line in all_lines),
        variance=sum(line.variance for line in all_lines),
        tip=tip,
        paid=paid,
        agrees=all(line.agrees for line in all_lines) and grand_total in (None, paid, untaxed),
    )


def effective_rate(tax: int, net: int) -> str:
    """tax ÷ net with 4 decimals, for display only."""
    if not net:
        return "0.0000"
    return str((Decimal(tax) / Decimal(net)).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def _parts(amounts: Amounts) -> int:
    components = amounts.item + amounts.shipping + amounts.gift_wrap + amounts.cod_fee + amounts.other
    return components - amounts.discount


def _contains_tax(amounts: Amounts, parts: int, policy: TaxPolicy) -> bool:
    """Whether the components contain their tax.

    Amazon's model does not say, and its own examples show components without tax in a marketplace whose
    prices contain it. So the line's own total decides; without one, the marketplace's style does.
    """
    if policy.style == "added":
        return False
    return amounts.total is None or amounts.total != parts + amounts.tax


def _tax(gross: int, amounts: Amounts, *, ignored: int, policy: TaxPolicy) -> int:
    if policy.use_channel_tax or policy.style == "added":
        return amounts.tax - ignored
    if ignored:
        return 0
    rate = Decimal(policy.tax_rate)
    return int((gross * rate / (100 + rate)).quantize(Decimal(1), ROUND_HALF_UP))
