"""Planning a refund: by line what is given back and how, or everything that is wrong with it (semantics C3).

What was shipped is given back by an adjustment. What was not has not been charged: Amazon gives it back, or
never takes it, when the units are cancelled, and an adjustment beside that would pay twice.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from channeld.domain.line_names import name_lines
from channeld.domain.money import format_amount
from channeld.domain.order import Units
from channeld.domain.order_state import OrderState
from channeld.domain.refund.balances import Balance, ChargedLine, Elsewhere, balances_of
from channeld.domain.refund.parts import Part, read_part
from channeld.errors import Problem

__all__ = ["ChargedOrder", "LinePlan", "RefundPlan", "plan_refund"]


class ChargedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an order whose buyer is to get money back."""

    state: OrderState
    fulfilled_by: str
    currency: str
    """Empty while Amazon shows no money."""
    tax_apart: bool
    """Tax comes on top of prices and has components of its own."""
    lines: tuple[ChargedLine, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    """Refunds that Amazon made and that are not ours."""


class LinePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What one line's buyer gets back; minor units."""

    order_item_id: str
    sku: str
    components: Mapping[str, int]
    charged: int
    """What can be given back of the line in all."""
    refunded: int
    """What was given back before."""
    left: int
    """What can be given back after this."""
    by_cancellation: bool
    units: int = 0
    """To be cancelled, if it is by cancellation."""
    not_shipped: int = 0
    """Units of a line that was shipped in part, which were not charged and are not touched."""

    @property
    def minor(self) -> int:
        return sum(self.components.values())


class RefundPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A refund that may be carried out as it stands."""

    lines: tuple[LinePlan, ...]
    cancel: tuple[Units, ...]
    """Units to be cancelled; empty when all is given back by adjustments."""
    whole_lines: tuple[str, ...]
    """Those of their lines of which this cancels everything that Amazon still has."""

    @property
    def minor(self) -> int:
        return sum(line.minor for line in self.lines)


_NOT_NOW = {
    OrderState.INCOMPLETE: "is not complete yet: Amazon shows no reliable money for it",
    OrderState.PARKED: "is still pending at Amazon: nothing was paid yet",
    OrderState.CANCELLED: "was cancelled: Amazon has charged nothing, or gives it back itself",
    OrderState.LOCKED: "is fulfilled by Amazon, which refunds it itself",
    OrderState.FULFILLED: "is fulfilled by Amazon, which refunds it itself",
}


def plan_refund(order: ChargedOrder, parts: Sequence[Part] = ()) -> RefundPlan | list[Problem]:
    """What is given back, or every problem with it. No parts: everything that is left of all lines."""
    state = OrderState.LOCKED if order.fulfilled_by == "AMAZON" else order.state
    if state in _NOT_NOW:
        return [Problem(key="order_id", message=_NOT_NOW[state])]
    if not order.currency:
        return [Problem(key="order_id", message="shows no money yet: try again when Amazon does")]
    balances = {each.line.order_item_id: each for each in balances_of(order.lines, order.elsewhere)}
    named, problems = _named(order, balances, parts)
    plans: list[LinePlan] = []
    for balance, part in named:
        plan, wrong = _line(order, balance, part)
        problems += wrong
        plans.append(plan)
    if not (plans or problems):
        problems = [Problem(key="order_id", message=_nothing(balances.values()))]
    return problems or _plan(order, plans)


def _named(
    order: ChargedOrder, balances: Mapping[str, Balance], parts: Sequence[Part]
) -> tuple[list[tuple[Balance, Part]], list[Problem]]:
    """Each line that is asked for; without parts those of which anything is left."""
    if parts:
        by_name = {part.line: part for part in parts}
        found, problems = name_lines(order.lines, [part.line for part in parts])
        return [(balances[line.order_item_id], by_name[name]) for name, line in found], problems
    return [(balance, Part(line=item)) for item, balance in balances.items() if _can_give(balance)], []


def _can_give(balance: Balance) -> bool:
    """Of a line that was cancelled Amazon may show no money, and none is missed."""
    unknown = balance.line.charged is None
    return (unknown or any(balance.left.values())) and bool(balance.line.shipped or balance.line.open)


def _line(order: ChargedOrder, balance: Balance, part: Part) -> tuple[LinePlan, list[Problem]]:
    line = balance.line
    if line.charged is None and (line.shipped or line.open):
        message = "shows no reliable money: try again when Amazon does"
        return _line_plan(balance, part, {}), [Problem(key=f"lines.{part.line}", message=message)]
    components, problems = read_part(balance, part, order.currency, tax_apart=order.tax_apart)
    if not (problems or components):
        message = "has no amount in the share of so few units: name the amount"
        problems = [Problem(key=f"lines.{part.line}", message=message)]
    problems += _over(balance, part, components, order.currency)
    return _line_plan(balance, part, components), problems


def _over(balance: Balance, part: Part, components: Mapping[str, int], currency: str) -> list[Problem]:
    """Every component of which more would be given back than is left."""
    problems: list[Problem] = []
    for component, minor in components.items():
        left = balance.left.get(component, 0)
        if minor > left:
            over, rest = format_amount(minor - left, currency), format_amount(left, currency)
            message = f"is over-refunding by {over}: {rest} is left of what was charged"
            problems.append(Problem(key=f"lines.{part.line}.{component}", message=message))
    return problems


def _line_plan(balance: Balance, part: Part, components: Mapping[str, int]) -> LinePlan:
    line = balance.line
    units = (line.open if part.quantity is None else part.quantity) if line.by_cancellation else 0
    return LinePlan(
        order_item_id=line.order_item_id,
        sku=line.sku,
        components=components,
        charged=sum(balance.due.values()),
        refunded=balance.refunded,
        left=sum(balance.left.values()) - sum(components.values()),
        by_cancellation=line.by_cancellation,
        units=units,
        not_shipped=0 if line.by_cancellation else line.open + line.under_way,
    )


def _plan(order: ChargedOrder, plans: Sequence[LinePlan]) -> RefundPlan:
    cancelled = {plan.order_item_id: plan.units for plan in plans if plan.by_cancellation}
    lines = {line.order_item_id: line for line in order.lines}
    return RefundPlan(
        lines=tuple(plans),
        cancel=tuple(Units(item, units) for item, units in cancelled.items()),
        whole_lines=tuple(
            item
            for item, units in cancelled.items()
            if units == lines[item].quantity - lines[item].cancelled_there and not lines[item].under_way
        ),
    )


def _nothing(balances: Iterable[Balance]) -> str:
    if any(balance.line.under_way for balance in balances):
        return "was processed here and Amazon does not show it as shipped yet: refund it when it does"
    return "has nothing left to give back"
