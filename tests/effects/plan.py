"""What is played: orders, what people do with them, what goes wrong, and when the daemon dies."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from channeld.sandbox.marketplaces import BY_COUNTRY

__all__ = ["COUNTRIES", "Cut", "Deed", "Goods", "Placed", "Plan", "Trouble", "digits_of"]

COUNTRIES = ("GB", "US", "JP")
"""Prices with tax, without tax, and in a currency without decimals."""


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order; minor units."""

    sku: str
    quantity: int = 1
    unit_price: int = 1000
    shipping: int = 0
    discount: int = 0


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One order as it is at the beginning."""

    lines: tuple[Goods, ...]
    shipped: bool = False


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does with an order, after a pause."""

    kind: Literal["process", "cancel", "refund"]
    order: int
    """Its number in the plan."""
    lines: tuple[tuple[int, int], ...] = ()
    """Number of the line and units; none: all of the order."""
    tracking: str = ""
    amounts: Mapping[int, int] = {}
    """Of a refund by amount: minor units of the price by the number of the line."""
    pause: float = 0
    """Seconds."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of the sandbox, from the so-manieth request on that is about outbound work."""

    fault: str
    detail: str = ""
    at: int = 1
    times: int = 1
    operation: str = ""
    """Only of this one; empty: of whatever comes next."""


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """The connection ends with the so-manieth request about outbound work; its answer is lost."""

    at: int
    delivered: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All of one run."""

    kind: str
    country: str = "GB"
    orders: tuple[Placed, ...]
    deeds: tuple[Deed, ...]
    troubles: tuple[Trouble, ...] = ()
    cuts: tuple[Cut, ...] = ()
    deaths: tuple[int, ...] = ()
    """Boundaries that each life passes before it ends; the last life goes on to the end."""
    gone: float = 0
    """Seconds between a death and the next start."""


def digits_of(country: str) -> int:
    """Decimal places of the country's currency."""
    return BY_COUNTRY[country].digits
