"""Booking a page so that one order that cannot be booked never takes the others with it."""

from collections.abc import Iterable

from channeld.book.apply import Outcome, apply_orders
from channeld.book.desk import Desk
from channeld.book.quarantining import Damaged, put_in_quarantine
from channeld.book.readings import Readings
from channeld.domain.order import IncomingOrder
from channeld.errors import ChanneldError
from channeld.store.failures import foreseen
from channeld.store.unit import Unit

__all__ = ["apply_readings"]


def apply_readings(unit: Unit, desk: Desk, readings: Readings) -> list[Outcome]:
    """Book what could be read, quarantine what could not.

    When booking the page fails over something in it, its orders are booked one by one and the culprit is
    quarantined. A failure of the store itself is raised: nothing of the page is then kept.
    """
    try:
        with unit.connection.begin_nested():
            outcomes = apply_orders(unit, desk, readings.orders)
    except Exception as error:
        if not _is_about_an_order(error):
            raise
        outcomes = [outcome for order in readings.orders for outcome in _apply_one(unit, desk, order)]
    return [*outcomes, *_quarantine(unit, desk, readings.damaged)]


def _apply_one(unit: Unit, desk: Desk, order: IncomingOrder) -> Iterable[Outcome]:
    try:
        with unit.connection.begin_nested():
            return apply_orders(unit, desk, [order])
    except Exception as error:
        if not _is_about_an_order(error):
            raise
        return _quarantine(unit, desk, [_culprit(order, error)])


def _is_about_an_order(error: Exception) -> bool:
    """Neither the disk, nor the key, nor anything else that the next order would meet too."""
    if isinstance(error, ChanneldError):
        return error.code == "sealed_damaged"
    return foreseen(error) is None


def _culprit(order: IncomingOrder, error: Exception) -> Damaged:
    reason = (
        error.message if isinstance(error, ChanneldError) else f"cannot be booked ({type(error).__name__})"
    )
    return Damaged(
        order_id=order.order_id,
        marketplace_id=order.marketplace_id,
        reason=reason,
        field="",
        updated_at=order.updated_at,
        personal=order.personal,
        payload=order.payload,
    )


def _quarantine(unit: Unit, desk: Desk, damaged: Iterable[Damaged]) -> list[Outcome]:
    """Orders of channels that are off, or not ours, are not kept."""
    return [
        put_in_quarantine(unit, desk, each)
        for each in damaged
        if not each.marketplace_id or each.marketplace_id in desk.channels
    ]
