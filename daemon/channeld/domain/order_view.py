"""A stored order as people read it: its numbers, what its total is made of, and its flags (semantics B2, B7).

Everything is computed from the stored components each time, so no number can differ from its explanation.
"""

from collections.abc import Sequence

import msgspec

from channeld.domain.money import format_amount
from channeld.domain.order import Amounts
from channeld.domain.tax import LineMoney, TaxPolicy, effective_rate, line_money, order_money
from channeld.domain.total_explained import explain

__all__ = ["LineFacts", "LineView", "MoneyView", "OrderFacts", "flags_text", "money_view"]


class LineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the book has of one line's money."""

    amounts: Amounts | None
    facilitator: bool = False


class OrderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the book has of one order's money; minor units."""

    lines: Sequence[LineFacts]
    policy: TaxPolicy
    currency: str
    grand_total: int | None = None
    """Amazon's own."""
    tip: int = 0


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One line as shown; minor units, None while Amazon shows no money for it."""

    net: int | None = None
    tax: int | None = None
    gross: int | None = None
    amazon_tax: int | None = None
    rate: str = ""
    """tax ÷ net, 4 decimals; empty without money."""


class MoneyView(msgspec.Struct, frozen=True, kw_only=True):
    """An order's money as shown; minor units, None while any line is without money."""

    lines: tuple[LineView, ...]
    total: int | None
    tax: int | None
    agrees: bool
    """Whether it is what Amazon says; also while there is nothing to compare."""
    explanation: tuple[str, ...]


def money_view(facts: OrderFacts) -> MoneyView:
    """All numbers of one order, and how they come about."""
    split = [_split(line, facts.policy) for line in facts.lines]
    known = [line for line in split if line is not None]
    views = tuple(_line_view(line) for line in split)
    if not facts.currency or not known or len(known) < len(split):
        return MoneyView(lines=views, total=None, tax=None, agrees=True, explanation=(_no_money(facts),))
    money = order_money(known, tip=facts.tip, grand_total=facts.grand_total)
    return MoneyView(
        lines=views,
        total=money.total,
        tax=money.tax,
        agrees=money.agrees,
        explanation=explain(
            [line.amounts for line in facts.lines if line.amounts is not None],
            known,
            money,
            policy=facts.policy,
            currency=facts.currency,
            grand_total=facts.grand_total,
        ),
    )


def flags_text(
    *,
    business: bool = False,
    gift: bool = False,
    prime: bool = False,
    cancel_requested: bool = False,
    replacement: bool = False,
    unlinked: bool = False,
    total_differs: bool = False,
) -> str:
    """What is special about an order, comma-separated."""
    flags = {
        "business": business,
        "gift": gift,
        "prime": prime,
        "cancel requested": cancel_requested,
        "replacement": replacement,
        "unlinked": unlinked,
        "total differs": total_differs,
    }
    return ", ".join(flag for flag, is_set in flags.items() if is_set)


def _split(line: LineFacts, policy: TaxPolicy) -> LineMoney | None:
    if line.amounts is None:
        return None
    return line_money(line.amounts, facilitator=line.facilitator, policy=policy)


def _line_view(line: LineMoney | None) -> LineView:
    if line is None:
        return LineView()
    return LineView(
        net=line.net,
        tax=line.tax,
        gross=line.gross,
        amazon_tax=line.amazon_tax,
        rate=effective_rate(line.tax, line.net),
    )


def _no_money(facts: OrderFacts) -> str:
    if facts.grand_total is None or not facts.currency:
        return "Amazon shows no reliable money for this order yet"
    total = format_amount(facts.grand_total, facts.currency)
    return f"Amazon shows a total of {total} and no amounts for every line yet"
