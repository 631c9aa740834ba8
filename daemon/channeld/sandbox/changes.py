"""What can happen to an order, each a function from an order to the order after it.

Instants are aware UTC; `lastUpdatedTime` moves with every change.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count

from msgspec.structs import replace

from channeld.sandbox.orders import Line, Order, Package, Status
from channeld.sandbox.pools import CARRIERS

__all__ = ["ACTIONS", "cancel", "deliver", "request_cancel", "ship", "with_status"]

Action = Callable[[Order, datetime], Order]


def with_status(order: Order, status: Status, at: datetime) -> Order:
    """The order in that status, with what must go with it: packages, quantities, who cancelled.

    An order of a single unit is shipped whole, also when a part was asked for.
    """
    match status:
        case "SHIPPED":
            return ship(order, at)
        case "PARTIALLY_SHIPPED":
            return ship(order, at, units=_half(order))
        case "CANCELLED":
            return cancel(order, at)
        case _:
            return replace(order, status=status, updated=at)


def ship(order: Order, at: datetime, units: int | None = None) -> Order:
    """Units leave (all that remain, or so many from the first lines on), in a package if the merchant's."""
    contents: list[tuple[str, int]] = []
    lines: list[Line] = []
    left = units
    for line in order.lines:
        sent = line.open if left is None else min(line.open, left)
        left = None if left is None else left - sent
        lines.append(replace(line, shipped=line.shipped + sent))
        if sent:
            contents.append((line.order_item_id, sent))
    if not contents:
        return replace(order, updated=at)
    complete = not any(line.open for line in lines)
    packages = order.packages
    if order.fulfilled_by == "MERCHANT":
        packages = (*packages, _package(order, at, tuple(contents)))
    status: Status = "SHIPPED" if complete else "PARTIALLY_SHIPPED"
    return replace(order, status=status, updated=at, lines=tuple(lines), packages=packages)


def cancel(order: Order, at: datetime, by: str = "AMAZON", reason: str = "Payment not completed") -> Order:
    """Every line that has not left is cancelled, and with it the order unless a part has left."""
    lines = tuple(
        line if line.shipped else replace(line, cancelled_by=by, cancel_reason=reason) for line in order.lines
    )
    status: Status = order.status if any(line.shipped for line in lines) else "CANCELLED"
    return replace(order, status=status, updated=at, lines=lines)


def request_cancel(order: Order, at: datetime, reason: str = "Ordered by mistake") -> Order:
    """The buyer asks to cancel what has not left; the order goes on until someone acts."""
    lines = tuple(
        replace(line, cancel_requested=reason) if line.open or line.cancelled_by else line
        for line in order.lines
    )
    return replace(order, updated=at, lines=lines)


def deliver(order: Order, at: datetime) -> Order:
    """Every package arrives, and the tip becomes final."""
    packages = tuple(replace(package, status="DELIVERED") for package in order.packages)
    return replace(order, updated=at, packages=packages, tip_final=True)


def _confirm(order: Order, at: datetime) -> Order:
    return with_status(order, "UNSHIPPED", at)


def _cancel_by_buyer(order: Order, at: datetime) -> Order:
    return cancel(order, at, by="BUYER", reason="Changed their mind")


def _ship_part(order: Order, at: datetime) -> Order:
    return ship(order, at, units=_half(order))


ACTIONS: Mapping[str, Action] = {
    "confirm": _confirm,
    "cancel": cancel,
    "cancel_by_buyer": _cancel_by_buyer,
    "request_cancel": request_cancel,
    "ship_part": _ship_part,
    "ship": ship,
    "deliver": deliver,
}


def _half(order: Order) -> int:
    """About half of the units: at least one."""
    return max(1, sum(line.open for line in order.lines) // 2)


def _package(order: Order, at: datetime, contents: tuple[tuple[str, int], ...]) -> Package:
    taken = {package.reference for package in order.packages}
    number = next(number for number in count(1) if str(number) not in taken)
    return Package(
        reference=str(number),
        status="IN_TRANSIT",
        carrier=CARRIERS.get(order.country, "DHL"),
        service="Tracked",
        tracking=f"SB{order.order_id[-7:]}{number:02d}{order.country}",
        at=at,
        contents=contents,
    )
