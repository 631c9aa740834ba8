"""What will become of an order: a plan of steps in buyers' time, made when the order is placed."""

from random import Random
from typing import NamedTuple

from channeld.sandbox.orders import Order

__all__ = ["Step", "plan"]

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


class Step(NamedTuple):
    after: float
    """Seconds of buyers' time since the order was placed."""
    action: str
    """A name in `changes.ACTIONS`."""


def plan(random: Random, order: Order, shipped_share: float) -> tuple[Step, ...]:
    """The steps of one order in order of time; `shipped_share` of the merchant's are shipped elsewhere."""
    steps: list[Step] = []
    at = 0.0
    if order.status == "PENDING":
        at = random.uniform(5 * MINUTE, 2 * HOUR if random.random() < 0.8 else 3 * DAY)
        if random.random() < 0.15:
            return (Step(at, "cancel"),)
        steps.append(Step(at, "confirm"))
    if order.fulfilled_by == "AMAZON":
        return (*steps, Step(at + random.uniform(2 * HOUR, DAY), "ship"))
    fate = random.random()
    if fate < 0.03:
        return (*steps, Step(at + random.uniform(5 * MINUTE, 30 * MINUTE), "cancel_by_buyer"))
    if fate < 0.07:
        return (*steps, Step(at + random.uniform(10 * MINUTE, 5 * HOUR), "request_cancel"))
    if random.random() < shipped_share:
        steps += _shipping(random, order, at)
    return tuple(steps)


def _shipping(random: Random, order: Order, at: float) -> list[Step]:
    """Out in one parcel or two, and delivered days later."""
    steps: list[Step] = []
    if sum(line.quantity for line in order.lines) > 1 and random.random() < 0.3:
        at += random.uniform(HOUR, 12 * HOUR)
        steps.append(Step(at, "ship_part"))
        if random.random() < 0.3:
            return steps
    at += random.uniform(HOUR, DAY)
    steps.append(Step(at, "ship"))
    steps.append(Step(at + random.uniform(DAY, 4 * DAY), "deliver"))
    return steps
