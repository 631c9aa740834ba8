"""Orders to be refunded, and what is asked for."""

from typing import Any

from channeld.domain.order_state import OrderState
from channeld.domain.refund.balances import ChargedLine, Elsewhere
from channeld.domain.refund.parts import Part
from channeld.domain.refund.plan import ChargedOrder, RefundPlan, plan_refund
from channeld.errors import Problem

CHARGED = {"Principal": 3000, "Tax": 600, "Shipping": 500}
"""The worked example of semantics C3: 3 units, tax on top."""


def line(item: str = "11", sku: str = "MUG", **facts: Any) -> ChargedLine:
    """Three mugs, shipped."""
    known: dict[str, Any] = {"quantity": 3, "shipped": 3, "charged": CHARGED}
    return ChargedLine(order_item_id=item, sku=sku, **(known | facts))


def order(
    *lines: ChargedLine,
    state: OrderState = OrderState.SHIPPED,
    elsewhere: tuple[Elsewhere, ...] = (),
    **facts: Any,
) -> ChargedOrder:
    known: dict[str, Any] = {"fulfilled_by": "MERCHANT", "currency": "USD", "tax_apart": True}
    return ChargedOrder(state=state, lines=lines or (line(),), elsewhere=elsewhere, **(known | facts))


def refunded(facts: ChargedOrder, *parts: Part) -> dict[str, dict[str, int]]:
    """Components by item of a refund that may be made."""
    return {each.order_item_id: dict(each.components) for each in planned(facts, *parts).lines}


def planned(facts: ChargedOrder, *parts: Part) -> RefundPlan:
    plan = plan_refund(facts, parts)
    assert isinstance(plan, RefundPlan), plan
    return plan


def wrong(facts: ChargedOrder, *parts: Part) -> dict[str, str]:
    plan = plan_refund(facts, parts)
    assert isinstance(plan, list), plan
    problems: list[Problem] = plan
    return {problem.key: problem.message for problem in problems}
