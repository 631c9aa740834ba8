"""A listing comes back with its stock: a quantity above zero goes out after zero (semantics I17, X3).

What people or Amazon have taken down is not put up again by a number.
"""

from enum import StrEnum

import msgspec

__all__ = ["Closure", "Relisting", "relisting"]


class Closure(StrEnum):
    """Why a listing is down for another reason than a zero of ours."""

    BY_HAND = "it was closed by hand"
    SUPPRESSED = "Amazon suppresses it"
    BLOCKED = "Amazon has blocked it"
    DELETED = "it was deleted on Amazon"
    AMAZONS = "Amazon shows that it sends it from its own stock"
    """Whatever is sent, be it zero, would make it a listing of own stock."""


_UP_WITH_ANY_UNIT = frozenset((Closure.BY_HAND, Closure.DELETED))
"""These any quantity above zero may put up again, so none goes out, whatever was told before. One that Amazon
holds down stays down by Amazon's will: its units are kept true for the day when Amazon lets it go."""


class Relisting(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out instead of the wanted quantity."""

    quantity: int | None
    """None: nothing is sent."""
    relists: bool = False
    """From zero to units: worth an audit entry."""
    waits: bool = False
    """There are units, but too few to relist."""
    issue: Closure | None = None
    """Why units are withheld: shown to people."""


def relisting(
    wanted: int, told: int | None, closure: Closure | None = None, *, at_least: int = 1
) -> Relisting:
    """What becomes of the quantity that limits and group have left.

    `told`: the last one that Amazon was told; None: never any, so that there is no crossing but nothing
    known to be up either. `at_least`: fewer do not relist, so that a listing does not flap around End When.
    """
    if closure is Closure.AMAZONS:
        return Relisting(quantity=None, issue=closure)
    if wanted == 0:
        return Relisting(quantity=0)
    comes_up = not told
    if closure is not None and (comes_up or closure in _UP_WITH_ANY_UNIT):
        return Relisting(quantity=None, issue=closure)
    if told == 0 and wanted < at_least:
        return Relisting(quantity=0, waits=True)
    return Relisting(quantity=wanted, relists=told == 0)
