"""Parcels of an order (Amazon's reference, section 4.2)."""

from collections.abc import Iterable
from datetime import datetime

from channeld.amazon.errors import UnreadableOrder, plain_code
from channeld.amazon.order_faults import instant_at
from channeld.amazon.order_lines import MOST_UNITS
from channeld.amazon.order_shape import Package as Shown
from channeld.amazon.order_shape import PackageItem
from channeld.domain.order import IncomingLine, Package, Units

__all__ = ["journey", "read_packages"]


def journey(packages: Iterable[Shown], lines: Iterable[IncomingLine]) -> tuple[datetime | None, bool]:
    """When the last parcel left, and whether all has arrived. Raises `UnreadableOrder`.

    Amazon tells no instant of delivery: the caller takes that of the update which first shows all parcels as
    delivered and no unit open, and keeps it.
    """
    shipped: list[datetime] = []
    states: set[str] = set()
    for number, package in enumerate(packages):
        if (state := _state(package)) == "CANCELLED":
            continue
        states.add(state)
        if package.ship_time:
            shipped.append(instant_at(package.ship_time, f"packages[{number}].shipTime"))
    delivered = states == {"DELIVERED"} and not any(line.unfulfilled for line in lines)
    return max(shipped, default=None), delivered


def read_packages(packages: Iterable[Shown]) -> tuple[Package, ...]:
    """Those that were not cancelled. Raises `UnreadableOrder` for units that cannot be."""
    return tuple(
        Package(
            reference=str(package.package_reference_id),
            carrier=package.carrier or "",
            tracking="" if package.tracking_number is None else str(package.tracking_number),
            lines=tuple(
                _units(item, f"packages[{number}].packageItems[{place}]")
                for place, item in enumerate(package.package_items or ())
            ),
        )
        for number, package in enumerate(packages)
        if package.package_reference_id not in (None, "") and _state(package) != "CANCELLED"
    )


def _units(item: PackageItem, path: str) -> Units:
    if not (order_item_id := plain_code(str(item.order_item_id))):
        raise UnreadableOrder("is not an id", f"{path}.orderItemId")
    if not 0 <= item.quantity <= MOST_UNITS:
        raise UnreadableOrder("is negative or too large to be true", f"{path}.quantity")
    return Units(order_item_id, item.quantity)


def _state(package: Shown) -> str:
    return package.package_status.status if package.package_status else ""
