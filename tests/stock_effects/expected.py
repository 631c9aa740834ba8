"""What Amazon has to have, calculated from the deeds alone: levels, orders, settings and links."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from tests.stock_effects.plan import CHANNELS, COMPONENTS, SKUS, Deed

__all__ = ["COUNTED", "DAYS", "Shop"]

COUNTED = 12
"""Units of each item at the beginning."""
DAYS = {"MUG": 4}
"""Handling times of products."""
LONGEST = 30
"""Days. What is more as a setting means: by product."""


@dataclass
class Settings:
    """Of one channel."""

    max_listed: int = 0
    stock_percentage: int = 0
    end_when: int = 0
    latency: int = 0
    dry_run: bool = False
    update: bool = True
    own_max_listed: dict[str, int] = field(default_factory=dict[str, int])


class Shop:
    """As it is after some deeds."""

    def __init__(self) -> None:
        self.levels = dict.fromkeys((sku for sku in SKUS if sku in COMPONENTS[sku]), COUNTED)
        self.ordered: Counter[str] = Counter()
        """Open units of each seller SKU."""
        self.settings = {name: Settings() for name in CHANNELS}
        self.linked = set(SKUS)
        self.closed: set[str] = set()
        """Ever closed by hand at Amazon."""
        self.may_drop: set[str] = set()
        """Where the handling time may be taken away, as the product has none."""

    def do(self, deed: Deed) -> None:
        """A deed of which the daemon is told has been taken, or one at Amazon is done."""
        sku, channel = SKUS[deed.sku], list(CHANNELS)[deed.channel]
        settings, number = self.settings[channel], deed.number
        match deed.kind:
            case "count":
                self.levels |= dict.fromkeys(COMPONENTS[sku], number)
            case "link":
                (self.linked.add if number % 2 else self.linked.discard)(sku)
            case "close":
                self.closed.add(sku)
            case "own_max_listed":
                settings.own_max_listed[sku] = number
            case "dry_run" | "update":
                setattr(settings, deed.kind, number % 2 == 1)
            case "max_listed" | "stock_percentage" | "end_when" | "latency":
                setattr(settings, deed.kind, number)
            case _:
                pass
        if deed.kind == "latency" and number > LONGEST:
            self.may_drop |= set(SKUS) - set(DAYS)

    def quantity(self, sku: str, ordered: Counter[str] | None = None) -> int | None:
        """What Amazon has to show; None: nothing is said of it. `ordered`: as far as that is known."""
        there = self._available(sku, self.ordered if ordered is None else ordered)
        offers = [self._offer(sku, channel, there) for channel in self._sending] if sku in self.linked else []
        return min(offers, default=None)

    def days(self, sku: str) -> int | None:
        """What is said of the handling time; None: nothing, or that there is none."""
        said = [self._days(sku, channel) for channel in self._sending] if sku in self.linked else []
        return max((days for days in said if days is not None), default=None)

    @property
    def _sending(self) -> list[str]:
        return [name for name, each in self.settings.items() if each.update and not each.dry_run]

    def _offer(self, sku: str, channel: str, there: int) -> int:
        settings = self.settings[channel]
        if there <= settings.end_when:
            return 0
        shared = int(there * Fraction(settings.stock_percentage or 100, 100))
        cap = settings.own_max_listed.get(sku) or settings.max_listed
        return min(shared, cap) if cap else shared

    def _available(self, sku: str, ordered: Counter[str]) -> int:
        taken: Counter[str] = Counter()
        for seller_sku, units in ordered.items():
            for item, each in COMPONENTS[seller_sku].items():
                taken[item] += units * each
        return min((self.levels[item] - taken[item]) // each for item, each in COMPONENTS[sku].items())

    def _days(self, sku: str, channel: str) -> int | None:
        latency = self.settings[channel].latency
        return DAYS.get(sku) if latency > LONGEST else latency or None
