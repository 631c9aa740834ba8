"""Listings that nobody typed in: the n-th one of a seller depends on the seed, the seller and n alone.

Nothing of it is stored. Instants and SKUs rise with n, so that a span of dates is a span of numbers; whatever
a search can filter by repeats every `PERIOD` numbers, so that matches are counted and not looked for.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Literal

import msgspec

from channeld.sandbox.listings.listing import Issue, Listing, Standing
from channeld.sandbox.listings.words import COLOURS, MISSING_BRAND, MISSING_IMAGE, SUFFIXES, TITLES

__all__ = ["MOST", "PERIOD", "Invented"]

MOST = 1_000_000
"""SKUs begin with six digits."""
FAMILY = 6
"""A parent, and its children with the next numbers."""
PERIOD = 200 * FAMILY
FAMILIES, AT_AMAZON, WITH_WARNING = 0.2, 0.2, 0.1
STANDINGS: tuple[Standing, ...] = ("Active", "Inactive", "Incomplete")
SHARES = (0.8, 0.14, 0.06)
CONDITIONS = (11, 11, 11, 11, 11, 11, 11, 1, 2, 3)
OLDEST, NEWEST_CREATED = timedelta(days=3 * 365), timedelta(days=31)
UPDATED, NEWEST_UPDATED = timedelta(days=30), timedelta(hours=1)
PRICE_LEVEL = {"GB": 100, "US": 125, "CA": 170, "SE": 1250, "PL": 500, "TR": 4000, "JP": 180}
"""Prices against the British ones, in hundredths; 118 where nothing is said."""
PAIRS = [pair // 10 + 3 * (pair % 10) for pair in range(100)]
"""What two digits add to the sum that an EAN's check digit is made from."""


class _Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What the listings of the same number modulo `PERIOD` have in common."""

    role: Literal["single", "parent", "child"]
    amazon: bool
    standing: Standing
    issues: tuple[Issue, ...]
    condition: int
    product_id_type: int
    price: int
    quantity: int
    title: str
    description: str
    suffix: str
    group: str


class Invented:
    """So many listings of one seller, in every marketplace the same goods at its own price."""

    def __init__(self, size: int, random: Random, began: datetime) -> None:
        self.size = size
        self._random = random
        began = began.replace(microsecond=0)
        self._created, self._updated = began - OLDEST, began - UPDATED
        spans = (OLDEST - NEWEST_CREATED, UPDATED - NEWEST_UPDATED)
        self._steps = [timedelta(seconds=span.total_seconds() // max(size, 1)) for span in spans]

    def created(self, number: int) -> datetime:
        return self._created + number * self._steps[0]

    def updated(self, number: int) -> datetime:
        return self._updated + number * self._steps[1]

    def sku(self, number: int) -> str:
        return f"{number:06d}{self._profiles[number % PERIOD].suffix}"

    def number(self, sku: str) -> int | None:
        """The number of that SKU, None when it is none of these."""
        return self._numbered(sku[:6], sku, self.sku)

    def identified(self, kind: str, identifier: str) -> int | None:
        """The number of the listing with that ASIN, EAN, GTIN or FNSKU."""
        match kind:
            case "ASIN":
                return self._numbered(identifier[3:], identifier, _asin)
            case "EAN" | "GTIN":
                return self._numbered(identifier[2:12], identifier, _ean)
            case "FNSKU":
                number = self._numbered(identifier[2:], identifier, _fn_sku)
                return number if number is not None and self._profiles[number % PERIOD].amazon else None
            case _:
                return None

    def children(self, number: int) -> range:
        """The numbers of a parent's children."""
        if self._profiles[number % PERIOD].role != "parent":
            return range(0)
        return range(number + 1, min(number + FAMILY, self.size))

    def listing(self, number: int, country: str) -> Listing:
        """That one as it is at the start."""
        profile = self._profiles[number % PERIOD]
        asin, parent = f"B0S{number:07d}", profile.role == "parent"
        return Listing(
            sku=f"{number:06d}{profile.suffix}",
            country=country,
            asin=asin,
            listing_id=f"{country}{number:08d}0",
            fn_sku=_fn_sku(number) if profile.amazon else "",
            title=f"{profile.title} {number}",
            description=profile.description,
            product_type="HOME",
            product_id=_ean(number) if profile.product_id_type == 4 else asin,
            product_id_type=profile.product_id_type,
            condition=profile.condition,
            price=None if parent else _price(profile, number, country),
            quantity=None if parent or profile.amazon else self._quantity(profile, number),
            standing=profile.standing,
            amazon=profile.amazon,
            shipping_group=profile.group,
            is_parent=parent,
            parent=self.sku(number - number % FAMILY) if profile.role == "child" else "",
            issues=profile.issues,
            created=self._created + number * self._steps[0],
            updated=self._updated + number * self._steps[1],
        )

    @staticmethod
    def _quantity(profile: _Profile, number: int) -> int:
        return (profile.quantity + number) % 250 + 1 if profile.standing == "Active" else 0

    def _numbered(self, digits: str, text: str, written: Callable[[int], str]) -> int | None:
        if not (digits.isascii() and digits.isdigit()):
            return None
        number = int(digits)
        return number if number < self.size and written(number) == text else None

    @cached_property
    def _profiles(self) -> list[_Profile]:
        profiles: list[_Profile] = []
        for _ in range(PERIOD // FAMILY):
            family = self._random.random() < FAMILIES
            for position in range(FAMILY):
                role = ("child" if position else "parent") if family else "single"
                profiles.append(_profile(self._random, role))
        return profiles


def _profile(random: Random, role: Literal["single", "parent", "child"]) -> _Profile:
    (standing,) = random.choices(STANDINGS, SHARES)
    title = f"{random.choice(TITLES)}, {random.choice(COLOURS)}"
    warned = (MISSING_IMAGE,) if random.random() < WITH_WARNING else ()
    return _Profile(
        role=role,
        amazon=role != "parent" and random.random() < AT_AMAZON,
        standing="Active" if role == "parent" else standing,
        issues=(MISSING_BRAND,) if standing == "Incomplete" and role != "parent" else warned,
        condition=random.choice(CONDITIONS),
        product_id_type=random.choice((1, 4)),
        price=random.choice((299, 749, 1299, 2450, 4999, 119_900)),
        quantity=random.randrange(250),
        title=title,
        description=f"{title}. Made to last.",
        suffix=random.choice(SUFFIXES),
        group=random.choice(("Standard", "Standard", "Großgerät", "")),
    )


def _price(profile: _Profile, number: int, country: str) -> int:
    return (profile.price + number % 97 * 10) * PRICE_LEVEL.get(country, 118) // 100


def _asin(number: int) -> str:
    return f"B0S{number:07d}"


def _fn_sku(number: int) -> str:
    return f"X0{number:08d}"


def _ean(number: int) -> str:
    """Thirteen digits, the last one its check digit."""
    weighed = 2 + PAIRS[number // 10_000] + PAIRS[number // 100 % 100] + PAIRS[number % 100]
    return f"20{number:010d}{-weighed % 10}"
