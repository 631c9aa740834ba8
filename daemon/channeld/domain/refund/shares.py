"""Shares of units: an amount split over the units of a line, the remainder on the last one (semantics C3)."""

__all__ = ["share_of", "units_given"]


def share_of(minor: int, quantity: int, first: int, count: int) -> int:
    """What `count` units cost, after `first` others. Units beyond the line's cost what the others do.

    10.00 over 3 units are 3.33, 3.33 and 3.34, however the units are taken.
    """
    beyond = max(0, first + count - quantity)
    before, after = (_up_to(minor, quantity, units) for units in (first, first + count))
    return after - before + beyond * (minor // max(1, quantity))


def units_given(minor: int, quantity: int, refunded: int) -> int:
    """How many whole units the money that was given back stands for."""
    if minor and refunded >= minor:
        return quantity
    unit = minor // max(1, quantity)
    return min(refunded // unit, quantity - 1) if unit else 0


def _up_to(minor: int, quantity: int, units: int) -> int:
    return minor if units >= quantity else units * (minor // quantity)
