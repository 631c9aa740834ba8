"""Max Listed, Stock Percentage and End When: from what is available to what is offered (semantics D3–D5).

Tested in this order, each against what the one before has left: End When against what is available, so that
it is a threshold and not a buffer; the percentage, rounded down; the cap.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import msgspec

from channeld.domain.stock.available import Available
from channeld.errors import Problem

__all__ = ["NONE_SET", "Limit", "Limits", "Offer", "Step", "imported", "offer", "refused"]


HIGHEST = 10**9
CLEARS = "empty clears it, and the channel's own counts"
FINEST = 6
"""Decimals of a percentage."""
_Value = TypeVar("_Value", int, Decimal)


class Limit(StrEnum):
    """What may cut an offer."""

    END_WHEN = "End When"
    PERCENTAGE = "Stock Percentage"
    CAP = "Max Listed"
    NEGATIVE = "below zero"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Of a channel, or of a listing, where they override the channel's. None: not set here."""

    end_when: int | None = None
    percentage: Decimal | None = None
    max_listed: int | None = None


NONE_SET = Limits()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One limit that applies, whether it cuts or not."""

    limit: Limit
    setting: Decimal | int = 0
    of_listing: bool = False
    """The listing's own; else the channel's."""
    before: int
    after: int

    @property
    def cuts(self) -> bool:
        return self.after != self.before


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The quantity of a listing on a channel, and how it came about."""

    quantity: int
    available: Available
    steps: tuple[Step, ...] = ()
    """In order; none after the one that ends the offer."""

    @property
    def cut_by(self) -> tuple[Limit, ...]:
        """Those that made it less, in order."""
        return tuple(step.limit for step in self.steps if step.cuts)


def offer(available: Available, listing: Limits = NONE_SET, channel: Limits = NONE_SET) -> Offer:
    """What is to be offered. Takes limits that are not `refused`."""
    steps = tuple(_steps(available.units, listing, channel))
    return Offer(quantity=steps[-1].after if steps else available.units, available=available, steps=steps)


def imported(end_when: int, percentage: Decimal, max_listed: int) -> Limits:
    """Linnworks' limits, where 0 is how a field says that nothing is set."""
    return Limits(end_when=end_when or None, percentage=percentage or None, max_listed=max_listed or None)


def refused(
    end_when: Decimal | None = None, percentage: Decimal | None = None, max_listed: Decimal | None = None
) -> list[Problem]:
    """What is wrong with a listing's limits that are to be saved, by the setting's key; None: not set."""
    problems: list[Problem] = []
    if end_when is not None and not _is_whole(end_when, least=0):
        problems.append(Problem(key="end_when", message="must be a whole number of at least 0"))
    if percentage is not None and not _is_percentage(percentage):
        message = f"must be above 0 and up to 100, with at most 6 decimals; {CLEARS}"
        problems.append(Problem(key="stock_percentage", message=message))
    if max_listed is not None and not _is_whole(max_listed, least=1):
        message = f"must be a whole number of at least 1; {CLEARS}"
        problems.append(Problem(key="max_listed", message=message))
    return problems


def _steps(units: int, listing: Limits, channel: Limits) -> Iterator[Step]:
    end_when, own = _first(listing.end_when, channel.end_when)
    if end_when is not None:
        after = 0 if units <= end_when else units
        yield Step(limit=Limit.END_WHEN, setting=end_when, of_listing=own, before=units, after=after)
    elif units < 0:
        yield Step(limit=Limit.NEGATIVE, before=units, after=0)
    if units <= (end_when or 0):
        return
    percentage, own = _first(listing.percentage, channel.percentage)
    if percentage is not None:
        left = _share(units, percentage)
        yield Step(limit=Limit.PERCENTAGE, setting=percentage, of_listing=own, before=units, after=left)
        units = left
    cap, own = _first(listing.max_listed, channel.max_listed)
    if cap is not None:
        yield Step(limit=Limit.CAP, setting=cap, of_listing=own, before=units, after=min(units, cap))


def _first(listing: _Value | None, channel: _Value | None) -> tuple[_Value | None, bool]:
    """The first that is set, and whether it is the listing's."""
    return (channel, False) if listing is None else (listing, True)


def _share(units: int, percentage: Decimal) -> int:
    """Rounded down, and exact however many decimals there are: `Decimal` would round a long product."""
    over, under = percentage.as_integer_ratio()
    return units * over // (100 * under)


def _is_whole(number: Decimal, *, least: int) -> bool:
    return number.is_finite() and least <= number < HIGHEST and number == number.to_integral_value()


def _is_percentage(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -FINEST and 0 < number <= 100
