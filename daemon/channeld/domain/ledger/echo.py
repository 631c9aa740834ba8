"""What a view of an order at Amazon says of a piece of work: whether it happened (semantics C1, C2)."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from channeld.domain.despatch import plain_tracking
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.order import IncomingOrder, Package, Units
from channeld.domain.order_state import ENDED, SENT

__all__ = ["Echo", "LineEcho", "Sighting", "echo_of", "judge_cancel", "judge_despatch", "seen_of"]


class LineEcho(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Units of one line as Amazon shows them."""

    quantity: int
    fulfilled: int = 0
    unfulfilled: int = 0
    cancelled: bool = False


class Echo(msgspec.Struct, frozen=True, kw_only=True):
    """What a read of an order tells about outbound work."""

    status: str
    lines: Mapping[str, LineEcho]
    """By order item id; empty where the read did not show them."""
    packages: tuple[Package, ...] = ()


class Sighting(StrEnum):
    """What a view of the order says of a piece of work."""

    SEEN = "seen"
    """It happened."""
    OTHERWISE = "shipped otherwise"
    """Amazon shows the units as shipped, with other data."""
    CANCELLED = "cancelled"
    """The order, or a line of the parcel, was cancelled: there is nothing to ship any more."""
    SHIPPED = "shipped"
    """Too late to cancel."""
    ABSENT = "absent"
    """A line of the work is not in the order."""
    UNSEEN = "unseen"
    """Nothing speaks for it yet; that alone proves nothing."""


def echo_of(order: IncomingOrder) -> Echo:
    """What this view of an order tells."""
    lines = {
        line.order_item_id: LineEcho(
            quantity=line.quantity,
            fulfilled=line.fulfilled,
            unfulfilled=line.unfulfilled,
            cancelled=line.cancelled,
        )
        for line in order.lines
    }
    return Echo(status=order.status, lines=lines, packages=order.packages)


def judge_despatch(
    effect: Despatch, reference: int, sent: Mapping[str, int], echo: Echo, *, by_name: bool = False
) -> Sighting:
    """Whether Amazon shows the parcel.

    `sent`: units of each line over all notes of ours that were submitted or confirmed, this one included.
    `by_name`: Amazon has shown the units in a package of others, and a view may lack packages; so only our
    reference or the same tracking shows it.
    A note that is forced is never judged as shipped otherwise: that is what it is to put right.
    """
    others = [package for package in echo.packages if package.reference != str(reference)]
    if _is_named(effect, str(reference), sent, echo, others):
        return Sighting.SEEN
    if not by_name and _is_unexplained(effect, sent, echo, others):
        return Sighting.SEEN
    if echo.status in ENDED:
        return Sighting.CANCELLED
    shown = {part.order_item_id: echo.lines.get(part.order_item_id) for part in effect.lines}
    if echo.lines and None in shown.values():
        return Sighting.ABSENT
    if any(line is not None and _is_cancelled(line) for line in shown.values()):
        return Sighting.CANCELLED
    taken = any(_is_taken(part, echo, others) for part in effect.lines)
    return Sighting.OTHERWISE if taken and not effect.forced else Sighting.UNSEEN


def judge_cancel(effect: Cancel, echo: Echo, without: Mapping[str, int]) -> Sighting:
    """Whether Amazon shows the units as cancelled.

    `without`: units of each line, sent or to be sent, that Amazon shows unless it happened. Of a line that
    is not in it fewer units prove nothing.
    """
    if echo.status in ENDED:
        return Sighting.SEEN
    seen = seen_of(effect, echo, without)
    waiting = [part for part in effect.lines if part.order_item_id not in seen]
    if not waiting:
        return Sighting.SEEN
    too_late = echo.status in SENT or any(_has_left(part, echo) for part in waiting)
    return Sighting.SHIPPED if too_late else Sighting.UNSEEN


def seen_of(effect: Cancel, echo: Echo, without: Mapping[str, int]) -> tuple[str, ...]:
    """Those order items of a cancellation whose units Amazon shows as gone, or has shown before."""
    return tuple(
        part.order_item_id
        for part in effect.lines
        if part.order_item_id in effect.seen or _is_gone(part, effect, echo, without)
    )


def _is_named(
    effect: Despatch, reference: str, sent: Mapping[str, int], echo: Echo, others: list[Package]
) -> bool:
    """Our package, or the same parcel entered by somebody else."""
    if any(
        package.reference == reference and _may_be_same(package.tracking, effect.tracking)
        for package in echo.packages
    ):
        return True
    are_shipped = all(_are_shipped(part, sent, echo) for part in effect.lines)
    return are_shipped and any(_is_same_parcel(package, effect) for package in others)


def _is_unexplained(effect: Despatch, sent: Mapping[str, int], echo: Echo, others: list[Package]) -> bool:
    """All its units are shipped, and no package of others holds them."""
    return all(
        _are_shipped(part, sent, echo)
        and _units_in(others, part, echo) + part.quantity <= _fulfilled(part, echo)
        for part in effect.lines
    )


def _are_shipped(part: Units, sent: Mapping[str, int], echo: Echo) -> bool:
    return _fulfilled(part, echo) >= max(sent.get(part.order_item_id, 0), part.quantity)


def _fulfilled(part: Units, echo: Echo) -> int:
    line = echo.lines.get(part.order_item_id)
    return line.fulfilled if line else 0


def _is_same_parcel(package: Package, effect: Despatch) -> bool:
    """The same tracking, and our units in it where the package says what is in it.

    Two notes of ours may share a tracking number; the other one's package is no proof of this one.
    """
    if not effect.tracking or plain_tracking(package.tracking) != plain_tracking(effect.tracking):
        return False
    held = {each.order_item_id: each.quantity for each in package.lines}
    return not held or all(held.get(part.order_item_id, 0) >= part.quantity for part in effect.lines)


def _may_be_same(shown: str, told: str) -> bool:
    """A package with our reference and another tracking holds what an earlier try said."""
    return not (shown and told) or plain_tracking(shown) == plain_tracking(told)


def _is_taken(part: Units, echo: Echo, others: list[Package]) -> bool:
    """No room is left for these units, and packages of others account for it."""
    line = echo.lines.get(part.order_item_id)
    if line is None or line.unfulfilled >= part.quantity:
        return False
    by_others = _units_in(others, part, echo)
    return by_others > 0 and by_others + part.quantity > line.fulfilled


def _units_in(packages: list[Package], part: Units, echo: Echo) -> int:
    """Units of the line in these packages; one that does not say what is in it may hold all."""
    if any(not package.lines for package in packages):
        return _fulfilled(part, echo)
    return sum(
        each.quantity
        for package in packages
        for each in package.lines
        if each.order_item_id == part.order_item_id
    )


def _is_cancelled(line: LineEcho) -> bool:
    return line.cancelled or not line.quantity


def _is_gone(part: Units, effect: Cancel, echo: Echo, without: Mapping[str, int]) -> bool:
    line = echo.lines.get(part.order_item_id)
    if line is None:
        return False
    if _is_cancelled(line):
        return True
    if part.order_item_id in effect.whole_lines:
        return False
    return without.get(part.order_item_id, 0) - line.fulfilled - line.unfulfilled >= part.quantity


def _has_left(part: Units, echo: Echo) -> bool:
    line = echo.lines.get(part.order_item_id)
    return line is not None and line.fulfilled > 0 and line.unfulfilled < part.quantity
