"""Units of an order's lines: which ones a person names, and how many are still to be sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from channeld.domain.order import Units
from channeld.domain.order_state import OrderState
from channeld.errors import Problem

__all__ = ["Here", "LineFacts", "OrderFacts", "Wanted", "left_of", "left_over", "name_lines"]

Wanted = tuple[str, int]
"""A line by its order item id or SKU as a person typed it, and units."""


class Named(Protocol):
    """A line by which a person can name it."""

    @property
    def order_item_id(self) -> str: ...
    @property
    def sku(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


class LineFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the book has of one line."""

    order_item_id: str
    sku: str
    quantity: int
    fulfilled: int = 0
    unfulfilled: int = 0

    @property
    def cancelled(self) -> int:
        """Units that were ordered and, at Amazon, neither shipped nor to be shipped."""
        return max(0, self.quantity - self.fulfilled - self.unfulfilled)


class OrderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the book has of an order; an order record can be converted to it by its attributes."""

    status: str
    state: OrderState
    fulfilled_by: str
    purchased_at: datetime
    lines: tuple[LineFacts, ...]


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """Units by order item id that were dealt with here, told to Amazon or not."""

    processed: Mapping[str, int] = {}
    withdrawn: Mapping[str, int] = {}
    """Cancelled here; without cancellations that failed."""


def left_of(line: LineFacts, here: Here, *, force: bool = False) -> int:
    """Units of a line that are still to be sent.

    What was processed here shows up at Amazon as fulfilled sooner or later, so of both counts the greater one
    holds; the same goes for cancelled units. `force`: whatever Amazon shows as fulfilled.
    """
    processed = here.processed.get(line.order_item_id, 0)
    withdrawn = here.withdrawn.get(line.order_item_id, 0)
    sent = processed if force else max(processed, line.fulfilled)
    return max(0, line.quantity - max(withdrawn, line.cancelled) - sent)


def left_over(order: OrderFacts, here: Here, parcel: Iterable[Units] = ()) -> int:
    """Units of the whole order that are still to be sent after a parcel."""
    gone = {part.order_item_id: part.quantity for part in parcel}
    return sum(max(0, left_of(line, here) - gone.get(line.order_item_id, 0)) for line in order.lines)


def name_lines(
    lines: Sequence[NamedT], names: Sequence[str]
) -> tuple[list[tuple[str, NamedT]], list[Problem]]:
    """The line behind each name, and a problem for every name that is none, several, or comes twice."""
    found: list[tuple[str, NamedT]] = []
    problems: list[Problem] = []
    for name in names:
        meant = _meant(lines, name.strip())
        if len(meant) != 1:
            problems.append(Problem(key=f"lines.{name}", message=_not_one(lines, meant)))
        elif any(line is meant[0] for _, line in found):
            problems.append(Problem(key=f"lines.{name}", message="is named twice; add it up"))
        else:
            found.append((name, meant[0]))
    return found, problems


def _meant(lines: Sequence[NamedT], name: str) -> list[NamedT]:
    """An order item's id goes before a SKU that looks like one."""
    by_id = [line for line in lines if line.order_item_id == name]
    return by_id or [line for line in lines if line.sku == name]


def _not_one(lines: Sequence[Named], meant: Sequence[Named]) -> str:
    if meant:
        ids = " or ".join(line.order_item_id for line in meant)
        return f"is the SKU of several lines; name the order item: {ids}"
    known = ", ".join(f"{line.order_item_id} ({line.sku})" for line in lines)
    return f"is no line of this order; it has {known or 'none yet'}"
