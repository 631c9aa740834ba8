"""What is played: changes of all that decides a quantity, what goes wrong, and when the daemon dies."""

from typing import Literal

import msgspec

from tests.effects.plan import Cut, Trouble

__all__ = ["AT_AMAZON", "CHANNELS", "COMPONENTS", "SKUS", "Deed", "Plan", "What"]

What = Literal[
    "count",
    "order",
    "cancel",
    "max_listed",
    "stock_percentage",
    "end_when",
    "own_max_listed",
    "latency",
    "dry_run",
    "update",
    "link",
    "push",
    "close",
    "meddle",
]
AT_AMAZON: tuple[What, ...] = ("order", "cancel", "close", "meddle")
"""Deeds of which the daemon is not told."""
CHANNELS = {"uk": "GB", "de": "DE"}
"""Of one seller, by age: each SKU is listed on both."""
COMPONENTS = {"MUG": {"MUG": 1}, "TEA": {"TEA": 1}, "SET": {"MUG": 2, "TEA": 1}}
"""Of each item, what is counted for it."""
SKUS = tuple(COMPONENTS)
"""Seller SKUs, named as the items that they are."""


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One change, after a pause."""

    kind: What
    sku: int = 0
    """Its number."""
    channel: int = 0
    """Its number, where it is of one."""
    number: int = 0
    """Units, days or percent; 0 is off, or not set."""
    pause: float = 0
    """Seconds."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All of one run."""

    deeds: tuple[Deed, ...]
    slow: bool = False
    """Amazon grants so few requests that feeds take the stock."""
    troubles: tuple[Trouble, ...] = ()
    """From the so-manieth request about stock on."""
    cuts: tuple[Cut, ...] = ()
    deaths: tuple[int, ...] = ()
    """Boundaries that each life passes before it ends; the last life goes on to the end."""
    gone: float = 0
    """Seconds between a death and the next start."""
