"""What an order's status means for us, and which of two views of an order wins (semantics C0)."""

from datetime import datetime
from enum import StrEnum

from channeld.domain.order import IncomingOrder

__all__ = [
    "Merge",
    "OrderState",
    "awaits_amazon",
    "decide",
    "discloses_email",
    "is_parked",
    "order_state",
    "precedence",
    "rank",
    "reduces_stock",
    "was_seen_before_shipping",
]

RANKS = {
    "PENDING_AVAILABILITY": 0,
    "PENDING": 1,
    "UNSHIPPED": 2,
    "PARTIALLY_SHIPPED": 3,
    "INVOICE_UNCONFIRMED": 4,
    "SHIPPED": 4,
    "CANCELLED": 5,
    "UNFULFILLABLE": 5,
}
UNKNOWN_RANK = 2
"""Amazon's list of statuses is open; an unknown one never overrules a known end."""

TO_SHIP = frozenset(("UNSHIPPED", "PARTIALLY_SHIPPED"))
SENT = frozenset(("SHIPPED", "INVOICE_UNCONFIRMED"))
ENDED = frozenset(("CANCELLED", "UNFULFILLABLE"))
DISCLOSING = frozenset(("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"))


class OrderState(StrEnum):
    """What the book calls an order."""

    INCOMPLETE = "incomplete"
    PARKED = "parked"
    OPEN = "open"
    SHIPPED = "shipped"
    SHIPPED_ELSEWHERE = "shipped elsewhere"
    CANCELLED = "cancelled"
    LOCKED = "locked"
    FULFILLED = "fulfilled"


class Merge(StrEnum):
    """What to do with an order that arrives."""

    INSERT = "insert"
    APPLY = "apply"
    FILL = "fill"
    """It is not newer than what we have: it may fill blanks only."""


def rank(status: str) -> int:
    """How far along a status is; at equal time the higher one wins."""
    return RANKS.get(status, UNKNOWN_RANK)


def precedence(updated_at: datetime, status: str) -> tuple[datetime, int, bool, str]:
    """Of two views of an order the one with the greater precedence holds.

    Time, then rank; the rest only makes it total, so that it does not matter which view came first.
    """
    return updated_at, rank(status), status in RANKS, status


def decide(incoming: IncomingOrder, *, stored_at: datetime | None, stored_status: str = "") -> Merge:
    """Whether an order that arrives is new, newer, or only good for blanks.

    `stored_at` is Amazon's lastUpdatedTime of the stored order, None if there is none.
    """
    if stored_at is None:
        return Merge.INSERT
    is_newer = precedence(incoming.updated_at, incoming.status) > precedence(stored_at, stored_status)
    return Merge.APPLY if is_newer else Merge.FILL


def order_state(order: IncomingOrder, *, seen_before: bool, had_lines: bool = False) -> OrderState:
    """The book's state.

    `seen_before`: stored earlier in any status before it was shipped. `had_lines`: lines are stored already,
    whether or not this view of the order repeats them.
    """
    if order.status in ENDED:
        return OrderState.CANCELLED
    if not (order.lines or had_lines):
        return OrderState.INCOMPLETE
    if order.fulfilled_by == "AMAZON":
        return OrderState.FULFILLED if order.status in SENT else OrderState.LOCKED
    if order.status in TO_SHIP:
        return OrderState.OPEN
    if order.status in SENT:
        return OrderState.SHIPPED if seen_before else OrderState.SHIPPED_ELSEWHERE
    return OrderState.PARKED


def is_parked(status: str) -> bool:
    """Pending, or in a status that nobody here knows: no despatch, no label, no invoice, no e-mail."""
    return status not in TO_SHIP | SENT | ENDED


def awaits_amazon(status: str, state: OrderState) -> bool:
    """Whether the order is read again by its id until Amazon shows more of it.

    FBA orders are pending too, and may turn without their update time moving.
    """
    if state is OrderState.LOCKED:
        return is_parked(status)
    return state in (OrderState.PARKED, OrderState.INCOMPLETE)


def was_seen_before_shipping(status: str, state: OrderState) -> bool:
    """Whether a stored order had been stored before Amazon showed it as shipped."""
    if state is OrderState.INCOMPLETE:
        return status not in SENT
    return state is not OrderState.SHIPPED_ELSEWHERE


def discloses_email(status: str) -> bool:
    """Amazon may show a buyer's address in this status (Amazon's reference 4.3)."""
    return status in DISCLOSING


def reduces_stock(order: IncomingOrder, *, seen_before: bool, first_enabled_at: datetime | None) -> bool:
    """Whether the order's units leave the seller's own stock.

    An order that was shipped before we saw it counts only if it was bought after the channel was first
    enabled: what was sold earlier is already missing from the seller's count.
    """
    if order.fulfilled_by == "AMAZON" or order.status in ENDED:
        return False
    if order.status in SENT and not seen_before:
        return first_enabled_at is not None and order.purchased_at >= first_enabled_at
    return True
