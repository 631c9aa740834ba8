"""Planning a parcel: what is in it and when it left, or everything that is wrong with it (semantics C1)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channeld.domain.line_names import NamedUnits, name_lines
from channeld.domain.order import Units
from channeld.domain.order_state import OrderState
from channeld.domain.order_units import LineFacts, LocalUnits, OrderFacts, left_of
from channeld.errors import Problem

__all__ = ["Parcel", "is_repeat", "plain_tracking", "plan_parcel", "tracking_problems"]

LONGEST_TRACKING = 60


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """What has left, and when: fixed from then on."""

    lines: tuple[Units, ...]
    shipped_at: datetime


_NOT_NOW = {
    OrderState.INCOMPLETE: "is not complete yet: wait until Amazon shows its lines",
    OrderState.PARKED: "is still pending at Amazon: nothing may be sent before it is unshipped",
    OrderState.CANCELLED: "was cancelled: nothing is to be sent",
    OrderState.LOCKED: "is fulfilled by Amazon, which ships it itself",
    OrderState.FULFILLED: "is fulfilled by Amazon, which shipped it itself",
}


def plan_parcel(
    order: OrderFacts,
    local: LocalUnits,
    *,
    now: datetime,
    lines: Sequence[NamedUnits] = (),
    shipped_at: datetime | None = None,
    force: bool = False,
) -> Parcel | list[Problem]:
    """The parcel, or every problem with it.

    No lines: every unit that is left. No time: now. `force`: also units that Amazon shows as shipped.
    """
    problems = _wrong_time(order, shipped_at, now)
    refusal = _refused_state(order)
    if refusal:
        return [refusal, *problems]
    units, wrong = _named(order, local, lines, force) if lines else _rest(order, local, force)
    problems += wrong
    if problems:
        return problems
    return Parcel(lines=units, shipped_at=shipped_at or max(now, order.purchased_at))


def _refused_state(order: OrderFacts) -> Problem | None:
    """Why nothing of this order can be sent by the seller at present."""
    state = OrderState.LOCKED if order.fulfilled_by == "AMAZON" else order.state
    message = _NOT_NOW.get(state)
    return Problem(key="order_id", message=message) if message else None


def _wrong_time(order: OrderFacts, shipped_at: datetime | None, now: datetime) -> list[Problem]:
    if shipped_at is None:
        return []
    message = ""
    if shipped_at.tzinfo is None:
        message = "needs its zone, such as 2026-11-22T10:00:00Z"
    elif shipped_at > now:
        message = f"is in the future; now it is {now:%Y-%m-%d %H:%M:%S} UTC"
    elif shipped_at < order.purchased_at:
        message = f"is before the purchase at {order.purchased_at:%Y-%m-%d %H:%M:%S} UTC"
    return [Problem(key="shipped_at", message=message)] if message else []


def _rest(order: OrderFacts, local: LocalUnits, force: bool) -> tuple[tuple[Units, ...], list[Problem]]:
    left = {line.order_item_id: left_of(line, local, force=force) for line in order.lines}
    units = tuple(Units(item, quantity) for item, quantity in left.items() if quantity)
    if units:
        return units, []
    return (), [Problem(key="order_id", message=f"has nothing left to send{_why(order, local)}")]


def _why(order: OrderFacts, local: LocalUnits) -> str:
    """Forcing helps only where Amazon shows units as shipped that were not processed here."""
    if any(left_of(line, local, force=True) for line in order.lines):
        return ": Amazon shows it as shipped; with `force` a note is sent all the same"
    return ": every unit was processed or cancelled"


def _named(
    order: OrderFacts, local: LocalUnits, lines: Sequence[NamedUnits], force: bool
) -> tuple[tuple[Units, ...], list[Problem]]:
    found, problems = name_lines(order.lines, [name for name, _ in lines])
    quantities = dict(lines)
    for name, line in found:
        message = _wrong_units(line, quantities[name], left_of(line, local, force=force))
        if message:
            problems.append(Problem(key=f"lines.{name}", message=message))
    return tuple(Units(line.order_item_id, quantities[name]) for name, line in found), problems


def _wrong_units(line: LineFacts, quantity: int, left: int) -> str:
    if quantity <= 0:
        return "must be 1 unit or more"
    if not left:
        return f"has nothing left to send of {line.ordered} ordered"
    return f"has {left} left to send, not {quantity}" if quantity > left else ""


def tracking_problems(tracking: str) -> list[Problem]:
    """What is wrong with a tracking number as it was typed; an empty one is fine."""
    given = tracking.strip()
    if len(given) <= LONGEST_TRACKING and given.isprintable():
        return []
    message = f"must be at most {LONGEST_TRACKING} printable characters"
    return [Problem(key="tracking", message=message)]


def plain_tracking(tracking: str) -> str:
    """In one spelling: numbers are printed in groups and in either case."""
    return "".join(each for each in tracking if each.isalnum()).upper()


def is_repeat(lines: Sequence[Units], tracking: str, earlier: Sequence[Units], earlier_tracking: str) -> bool:
    """Whether a parcel may be one that was processed before: the same tracking, and its units within it.

    Untracked parcels look all alike and are never taken for one another.
    """
    if not plain_tracking(tracking) or plain_tracking(tracking) != plain_tracking(earlier_tracking):
        return False
    held = {part.order_item_id: part.quantity for part in earlier}
    return all(part.quantity <= held.get(part.order_item_id, 0) for part in lines)
