"""What is played: orders, what people and others do with them, what goes wrong, and when the daemon dies."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from channeld.sandbox.marketplaces import BY_COUNTRY

__all__ = ["COUNTRIES", "ELSEWHERE", "Cut", "Deed", "Goods", "Placed", "Plan", "Trouble", "What", "digits_of"]

What = Literal[
    "process",
    "cancel",
    "refund",
    "retry",
    "dismiss",
    "abandon",
    "buyer cancels",
    "buyer asks",
    "sent elsewhere",
    "refunded elsewhere",
]
COUNTRIES = ("GB", "US", "JP")
"""Prices with tax, without tax, and in a currency without decimals."""
ELSEWHERE: tuple[What, ...] = ("buyer cancels", "buyer asks", "sent elsewhere", "refunded elsewhere")
"""Deeds of which the daemon is not told: a buyer's, or somebody's in Seller Central."""


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
    """What somebody does with an order, after a pause."""

    kind: What
    """A decision (`retry`, `dismiss`) is made of each piece of work of the order that has not ended, and
    `abandon` of each feed that has not."""
    order: int
    """Its number in the plan."""
    lines: tuple[tuple[int, int], ...] = ()
    """Number of the line and units; none: all of the order."""
    tracking: str = ""
    amounts: Mapping[int, int] = {}
    """Of a refund by amount: minor units of the price by the number of the line."""
    pause: float = 0
    """Seconds."""
    awaits: bool = False
    """Not before work of the order needs a person, or for `abandon` a feed does, or nothing is open any
    more."""
    force: bool = False
    """Of a retry: also what would be done twice if it was done."""


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
    part_cancellation: Literal["refused", "unfulfilled", "ordered"] = "refused"
    """What Amazon makes of a quantity in a cancellation."""
    orders: tuple[Placed, ...]
    deeds: tuple[Deed, ...]
    troubles: tuple[Trouble, ...] = ()
    cuts: tuple[Cut, ...] = ()
    deaths: tuple[int, ...] = ()
    """Boundaries that each life passes before it ends; the last life goes on to the end."""
    gone: float = 0
    """Seconds between a death and the next start."""

    def had(self, *faults: str) -> bool:
        """Whether one of these faults is in it."""
        return any(trouble.fault in faults for trouble in self.troubles)

    def is_elsewhere(self, order: int) -> bool:
        """Whether others act on that order."""
        return any(deed.order == order and deed.kind in ELSEWHERE for deed in self.deeds)


def digits_of(country: str) -> int:
    """Decimal places of the country's currency."""
    return BY_COUNTRY[country].digits
