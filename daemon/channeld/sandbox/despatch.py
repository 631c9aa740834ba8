"""The seller says what has left: a package of an order, confirmed or, by the same reference, edited."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from channeld.sandbox.orders import Line, Order, Package, Status

__all__ = ["Impossible", "confirm_package"]

TOO_EARLY = ("PENDING", "PENDING_AVAILABILITY", "UNFULFILLABLE")


class Impossible(Exception):
    """Amazon does not do this to this order; the message says why, `item_id` names the item it is about."""

    def __init__(self, message: str, item_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.item_id = item_id


def confirm_package(order: Order, package: Package, at: datetime, now: datetime) -> Order:
    """The order after that package; one with the same reference is replaced and gives its units back.

    Impossible when the order, an item, a quantity or the ship time does not allow it.
    """
    _check_order(order)
    _check_ship_time(order, package.at, now)
    before = next((known for known in order.packages if known.reference == package.reference), None)
    returned = _units(before)
    leaving = _units(package)
    _check_units(order, leaving, returned)
    lines = tuple(_moved(line, leaving, returned) for line in order.lines)
    others = tuple(known for known in order.packages if known is not before)
    return replace(order, status=_status(lines), updated=at, lines=lines, packages=(*others, package))


def _check_order(order: Order) -> None:
    if order.fulfilled_by == "AMAZON":
        raise Impossible("The order is fulfilled by Amazon.")
    if "FBM_SHIP_PLUS" in order.programs:
        raise Impossible("Orders of FBM Ship+ cannot be confirmed.")
    if order.status == "CANCELLED":
        raise Impossible("The order has been cancelled.")
    if order.status in TOO_EARLY:
        raise Impossible("The order is not ready to be shipped.")


def _check_ship_time(order: Order, shipped: datetime, now: datetime) -> None:
    if shipped > now:
        raise Impossible("The ship date is in the future.")
    if shipped < order.created.replace(microsecond=0):
        raise Impossible("The ship date is before the order date.")


def _check_units(order: Order, leaving: Mapping[str, int], returned: Mapping[str, int]) -> None:
    known = {line.order_item_id: line for line in order.lines}
    for item_id, units in leaving.items():
        if item_id not in known:
            raise Impossible("The order item does not belong to the order.", item_id)
        if units < 1:
            raise Impossible("The quantity has to be above zero.", item_id)
        if units <= known[item_id].open + returned[item_id]:
            continue
        if order.status == "SHIPPED":
            raise Impossible("The order has already been shipped.", item_id)
        raise Impossible("The quantity is more than is left to ship of the item.", item_id)


def _moved(line: Line, leaving: Mapping[str, int], returned: Mapping[str, int]) -> Line:
    shipped = line.shipped - returned[line.order_item_id] + leaving[line.order_item_id]
    return replace(line, shipped=shipped)


def _status(lines: tuple[Line, ...]) -> Status:
    if not any(line.open for line in lines):
        return "SHIPPED"
    return "PARTIALLY_SHIPPED" if any(line.shipped for line in lines) else "UNSHIPPED"


def _units(package: Package | None) -> Counter[str]:
    """Units by order item; an item may be named more than once."""
    units: Counter[str] = Counter()
    for item_id, number in package.contents if package else ():
        units[item_id] += number
    return units
