"""Units of an order's lines: how many are cancelled, and how many are still to be sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from channeld.domain.order import Units
from channeld.domain.order_state import OrderState

__all__ = ["LineFacts", "LocalUnits", "OrderFacts", "cancelled_of", "left_of", "left_over"]


class LineFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the book has of one line."""

    order_item_id: str
    sku: str
    ordered: int
    """The most units that Amazon has ever shown as ordered: it may lower that when some are cancelled."""
    fulfilled: int = 0
    unfulfilled: int = 0

    @property
    def cancelled(self) -> int:
        """Units that were ordered and, at Amazon, neither shipped nor to be shipped."""
        return max(0, self.ordered - self.fulfilled - self.unfulfilled)


class OrderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the book has of an order; an order record can be converted to it by its attributes."""

    status: str
    state: OrderState
    fulfilled_by: str
    purchased_at: datetime
    lines: tuple[LineFacts, ...]


class LocalUnits(msgspec.Struct, frozen=True, kw_only=True):
    """Units by order item id that were dealt with here, told to Amazon or not."""

    processed: Mapping[str, int] = {}
    withdrawn: Mapping[str, int] = {}
    """Cancelled here; without what was dismissed."""
    elsewhere: Mapping[str, int] = {}
    """Cancelled and certainly not from here: Amazon showed them as gone before as many were withdrawn."""


def cancelled_of(line: LineFacts, local: LocalUnits) -> int:
    """Units of a line that are cancelled, or are to be.

    What was withdrawn here shows up at Amazon sooner or later, so each unit counts once: of what Amazon shows
    and what is known here, the greater one holds.
    """
    item = line.order_item_id
    return max(line.cancelled, local.elsewhere.get(item, 0) + local.withdrawn.get(item, 0))


def left_of(line: LineFacts, local: LocalUnits, *, force: bool = False) -> int:
    """Units of a line that are still to be sent.

    What was processed here shows up at Amazon as fulfilled sooner or later, so of both counts the greater one
    holds. `force`: whatever Amazon shows as fulfilled.
    """
    processed = local.processed.get(line.order_item_id, 0)
    sent = processed if force else max(processed, line.fulfilled)
    return max(0, line.ordered - cancelled_of(line, local) - sent)


def left_over(order: OrderFacts, local: LocalUnits, parcel: Iterable[Units] = ()) -> int:
    """Units of the whole order that are still to be sent after a parcel."""
    gone = {part.order_item_id: part.quantity for part in parcel}
    return sum(max(0, left_of(line, local) - gone.get(line.order_item_id, 0)) for line in order.lines)
