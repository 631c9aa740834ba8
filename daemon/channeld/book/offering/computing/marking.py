"""Which values orders make stale: reserved units are others, and Amazon has changed its own numbers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from channeld.book.offering.reading_back.late_orders import open_again
from channeld.domain.order_state import OrderState
from channeld.store import stale_stock
from channeld.store.order_records import OrderKey, OrderRecord
from channeld.store.unit import Unit

__all__ = ["Booked", "mark_booked"]


class Booked(msgspec.Struct, frozen=True, gc=False):
    """An order before and after."""

    before: OrderRecord | None
    after: OrderRecord


def mark_booked(
    unit: Unit, account_id: int, booked: Sequence[Booked], pks: Mapping[OrderKey, int], now: datetime
) -> None:
    """In the unit in which they were booked; a single question as long as nobody sends stock."""
    if not stale_stock.somebody_sends(unit.connection):
        return
    other = [each for each in booked if each.before is None or _units(each.before) != _units(each.after)]
    stale_stock.mark_lines(unit, [pks[each.after.key] for each in other], now)
    stale_stock.mark_orders(unit, account_id, _changed_at(other), now)
    open_again(unit, account_id, _sold_at(other), now)


def _units(order: OrderRecord) -> tuple[object, ...]:
    """What decides about its reservations."""
    lines = [(x.order_item_id, x.item_id, x.ordered, x.fulfilled, x.unfulfilled) for x in order.lines]
    return order.state, order.location_id, order.fulfilled_by, sorted(lines)


def _changed_at(booked: Collection[Booked]) -> dict[str, datetime]:
    """When Amazon changed its number of each SKU last: with a purchase, or when units were cancelled.

    It has another number of what lies in its own centres, which nobody tells it.
    """
    found: dict[str, datetime] = {}
    for each in booked:
        if each.after.fulfilled_by == "AMAZON":
            continue
        known = _cancelled(each.before) if each.before else {}
        cancelled = _cancelled(each.after)
        for line in each.after.lines:
            if cancelled[line.order_item_id] > known.get(line.order_item_id, 0):
                at = each.after.updated_at
            elif each.before is None:
                at = each.after.purchased_at
            else:
                continue
            found[line.sku] = max(at, found.get(line.sku, at))
    return found


def _sold_at(booked: Collection[Booked]) -> dict[str, datetime]:
    """When the newest of the orders was made that are new in the book."""
    new = [each.after for each in booked if each.before is None and each.after.fulfilled_by != "AMAZON"]
    found: dict[str, datetime] = {}
    for order in new:
        for line in order.lines:
            found[line.sku] = max(order.purchased_at, found.get(line.sku, order.purchased_at))
    return found


def _cancelled(order: OrderRecord) -> dict[str, int]:
    """Units of each line, by its id."""
    is_over = order.state == OrderState.CANCELLED
    return {
        line.order_item_id: max(0, line.ordered - line.fulfilled - (0 if is_over else line.unfulfilled))
        for line in order.lines
    }
