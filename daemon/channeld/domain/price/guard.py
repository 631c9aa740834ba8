"""What stands between a saved price and Amazon: what cannot be a price, and what a person must look at (G1).

A price that is refused is not saved; one that is held is saved and waits for approval of that very price.
"""

from decimal import Decimal
from enum import StrEnum

import msgspec

from channeld.domain.marketplaces import Marketplace
from channeld.domain.money import LARGEST, minor_digits
from channeld.errors import Problem

__all__ = ["Bounds", "Hold", "Judged", "judge", "read_price", "refused_bounds"]

MOST_CHANGE = 50
"""Percent, up or down, that pass without a person."""

FINEST = 20
"""Decimals of which anything is made; trailing zeros are among them."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Between which a listing's price may be without a person; minor units."""

    least: int | None = None
    most: int | None = None


class Hold(StrEnum):
    """Why a price waits for approval."""

    CHANGE = "it changes by more than 50 %"
    BELOW = "it is below the minimum"
    ABOVE = "it is above the maximum"
    UNCOMPARED = "there is no price of before to compare it with"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A price that can be one."""

    minor: int
    holds: tuple[Hold, ...] = ()
    """All of them; none: it may go out."""


def judge(minor: int, before: int | None, bounds: Bounds, *, approved: int | None = None) -> Judged:
    """Whether a price may go out.

    `before`: the one that was confirmed last, else the one that Amazon shows. `approved`: the price that a
    person has let pass; another one is judged anew. Minor units.
    """
    if minor == approved:
        return Judged(minor=minor)
    is_below = bounds.least is not None and minor < bounds.least
    is_above = bounds.most is not None and minor > bounds.most
    holds = {
        Hold.CHANGE: bool(before) and 100 * abs(minor - (before or 0)) > MOST_CHANGE * (before or 0),
        Hold.BELOW: is_below,
        Hold.ABOVE: is_above,
        Hold.UNCOMPARED: not before,
    }
    return Judged(minor=minor, holds=tuple(hold for hold, holding in holds.items() if holding))


def read_price(amount: Decimal, currency: str, marketplace: Marketplace) -> int | list[Problem]:
    """A price in minor units, or everything for which it is refused."""
    problems: list[Problem] = []
    if currency != marketplace.currency:
        message = f"must be {marketplace.currency}, the currency of {marketplace.name}; nothing is converted"
        problems.append(Problem(key="currency", message=message))
    if not amount.is_finite() or amount <= 0:
        problems.append(Problem(key="price", message="must be a number above 0"))
        return problems
    minor = _minor(min(amount, Decimal(LARGEST)), marketplace.currency)
    if minor is None:
        digits = minor_digits(marketplace.currency)
        message = f"has more decimals than {marketplace.currency} allows, which is {digits}"
        problems.append(Problem(key="price", message=message))
    elif amount >= LARGEST or minor > LARGEST:
        problems.append(Problem(key="price", message="is too large to be true"))
    return problems if minor is None or problems else minor


def refused_bounds(bounds: Bounds) -> list[Problem]:
    """What is wrong with a minimum and a maximum that are to be saved."""
    problems = [
        Problem(key=key, message="must be above 0")
        for key, bound in (("min_price", bounds.least), ("max_price", bounds.most))
        if bound is not None and bound <= 0
    ]
    if bounds.least is not None and bounds.most is not None and bounds.least > bounds.most:
        problems.append(Problem(key="max_price", message="must not be below the minimum"))
    return problems


def _minor(amount: Decimal, currency: str) -> int | None:
    """None where it is no whole number of them. Exact: `scaleb` would round a long number."""
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -FINEST:
        return None
    over, under = amount.as_integer_ratio()
    minor, rest = divmod(over * 10 ** minor_digits(currency), under)
    return None if rest else minor
