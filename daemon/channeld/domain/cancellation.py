"""Planning a cancellation: units that are not to be sent, or all that is wrong with it (semantics C2)."""

from collections.abc import Sequence

import msgspec

from channeld.domain.line_names import NamedUnits, name_lines
from channeld.domain.order import Units
from channeld.domain.order_state import OrderState
from channeld.domain.order_units import LineFacts, LocalUnits, OrderFacts, left_of
from channeld.errors import Problem

__all__ = ["Cancelling", "plan_cancellation"]


class Cancelling(msgspec.Struct, frozen=True, kw_only=True):
    """A cancellation that may be asked for as it stands."""

    lines: tuple[Units, ...]
    whole_lines: tuple[str, ...]
    """Those of which this cancels everything that Amazon still has."""


_SENT = "has left already: it cannot be cancelled any more; refund it instead"
_NOT_NOW = {
    OrderState.INCOMPLETE: "is not complete yet: wait until Amazon shows its lines",
    OrderState.PARKED: "is still pending at Amazon: it can be cancelled when it is unshipped",
    OrderState.CANCELLED: "is cancelled already",
    OrderState.LOCKED: "is fulfilled by Amazon: it is cancelled there",
    OrderState.FULFILLED: "is fulfilled by Amazon: it cannot be cancelled here",
    OrderState.SHIPPED: _SENT,
    OrderState.SHIPPED_ELSEWHERE: _SENT,
}


def plan_cancellation(
    order: OrderFacts, local: LocalUnits, lines: Sequence[NamedUnits] = ()
) -> Cancelling | list[Problem]:
    """What is cancelled, or every problem with it. No lines: the whole order, of which nothing may have left.

    Lines that have not left can be cancelled by name also when others of the order have.
    """
    state = OrderState.LOCKED if order.fulfilled_by == "AMAZON" else order.state
    if state in _NOT_NOW:
        return [_of_order(_NOT_NOW[state])]
    units, problems = _named(order, local, lines) if lines else _all(order, local)
    if problems:
        return problems
    cancelled = {part.order_item_id: part.quantity for part in units}
    return Cancelling(
        lines=tuple(units),
        whole_lines=tuple(
            line.order_item_id
            for line in order.lines
            if cancelled.get(line.order_item_id) == line.ordered - line.cancelled and not _gone(line, local)
        ),
    )


def _of_order(message: str) -> Problem:
    return Problem(key="order_id", message=message)


def _gone(line: LineFacts, local: LocalUnits) -> int:
    """Units that have left, whether or not Amazon knows."""
    return max(line.fulfilled, local.processed.get(line.order_item_id, 0))


def _all(order: OrderFacts, local: LocalUnits) -> tuple[list[Units], list[Problem]]:
    gone = sum(_gone(line, local) for line in order.lines)
    ordered = sum(line.ordered for line in order.lines)
    if gone:
        message = f"has {gone} of {ordered} units sent: refund them, and cancel the others by line"
        return [], [_of_order(message if any(left_of(line, local) for line in order.lines) else _SENT)]
    units = [Units(line.order_item_id, left) for line in order.lines if (left := left_of(line, local))]
    return units, [] if units else [_of_order("has a cancellation of all its units already")]


def _named(
    order: OrderFacts, local: LocalUnits, lines: Sequence[NamedUnits]
) -> tuple[list[Units], list[Problem]]:
    quantities = dict(lines)
    found, problems = name_lines(order.lines, [name for name, _ in lines])
    for name, line in found:
        message = _wrong_units(line, local, quantities[name])
        if message:
            problems.append(Problem(key=f"lines.{name}", message=message))
    return [Units(line.order_item_id, quantities[name]) for name, line in found], problems


def _wrong_units(line: LineFacts, local: LocalUnits, quantity: int) -> str:
    left, gone = left_of(line, local), _gone(line, local)
    if quantity <= 0:
        return "must be 1 unit or more"
    if quantity <= left:
        return ""
    if left:
        return f"has {left} left to cancel, not {quantity}"
    return _SENT if gone else "is cancelled already, or asked to be"
