"""How an order's total comes about, in sentences for people (semantics B2, B7)."""

from collections.abc import Sequence

from channeld.domain.money import format_amount
from channeld.domain.order import Amounts
from channeld.domain.tax import LineMoney, OrderMoney, TaxPolicy

__all__ = ["explain"]


def explain(
    amounts: Sequence[Amounts],
    lines: Sequence[LineMoney],
    money: OrderMoney,
    *,
    policy: TaxPolicy,
    currency: str,
    grand_total: int | None,
) -> tuple[str, ...]:
    """The way from Amazon's components to the total, and on to Amazon's own total if it is another.

    `lines` are `amounts` split up, `money` their sum; `grand_total` is Amazon's, in minor units.
    """
    total = (
        f"Total: {format_amount(money.total, currency)}, of which tax {format_amount(money.tax, currency)}"
    )
    parts = {**_components(amounts), **_taxes(lines, money), "Delivery tip": money.tip}
    return (
        *(f"{label}: {format_amount(minor, currency)}" for label, minor in parts.items() if minor),
        total,
        *_own_rate(money, policy, currency),
        *_against_amazon(lines, money, currency, grand_total),
    )


def _components(amounts: Sequence[Amounts]) -> dict[str, int]:
    return {
        "Goods": sum(line.item for line in amounts),
        "Shipping": sum(line.shipping for line in amounts),
        "Gift wrap": sum(line.gift_wrap for line in amounts),
        "Cash on delivery fee": sum(line.cod_fee for line in amounts),
        "Other charges": sum(line.other for line in amounts),
        "Discount, taken off": sum(line.discount for line in amounts),
    }


def _taxes(lines: Sequence[LineMoney], money: OrderMoney) -> dict[str, int]:
    added = sum(line.added for line in lines)
    return {
        "Tax, added on top": added,
        "Tax that Amazon reports as included above": sum(line.amazon_tax for line in lines) - added,
        "Tax that Amazon collects and remits, left out (Ignore Facilitator Tax)": money.ignored,
    }


def _own_rate(money: OrderMoney, policy: TaxPolicy, currency: str) -> list[str]:
    """Where tax is computed here, it may differ from Amazon's."""
    if policy.style == "added" or policy.use_channel_tax:
        return []
    told = [f"Tax is split off at the channel's rate of {policy.tax_rate} %, as Use Channel Tax is off"]
    if money.variance:
        told.append(f"Variance (Amazon's tax less this one): {format_amount(money.variance, currency)}")
    return told


def _against_amazon(
    lines: Sequence[LineMoney], money: OrderMoney, currency: str, grand_total: int | None
) -> list[str]:
    told: list[str] = []
    differing = sum(not line.agrees for line in lines)
    if differing:
        told.append(f"Lines whose components do not add up to Amazon's total of the line: {differing}")
    if grand_total is not None and grand_total != money.total:
        by = format_amount(grand_total - money.total, currency)
        told.append(f"Amazon's own total: {format_amount(grand_total, currency)}, which differs by {by}")
    return told
