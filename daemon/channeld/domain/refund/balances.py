"""A line as a refund sees it: what was charged for it and what is left to give back (semantics C3)."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from channeld.domain.refund.charged import COMPONENTS, PER_UNIT
from channeld.domain.refund.shares import share_of

__all__ = ["Balance", "ChargedLine", "Elsewhere", "balances_of"]


class ChargedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one line."""

    order_item_id: str
    sku: str
    quantity: int
    """Units that Amazon shows as ordered now: what was charged is for these."""
    shipped: int
    """Units that Amazon shows as shipped: only these were charged."""
    processed: int = 0
    """Units that were processed here."""
    cancelled: int = 0
    """Units that are cancelled or whose cancellation was asked for and not dismissed."""
    cancelled_there: int = 0
    """Units that Amazon itself shows as cancelled; a whole line is all the others."""
    charged: Mapping[str, int] | None
    """By component, of all units; None while Amazon shows no money for the line."""
    refunded: Mapping[str, int] = {}
    """By component, by adjustments of ours that are open or confirmed."""

    @property
    def under_way(self) -> int:
        """Units that have left, which Amazon does not show yet."""
        return max(0, min(self.processed, self.quantity - self.cancelled) - self.shipped)

    @property
    def open(self) -> int:
        """Units that could still be cancelled."""
        return max(0, self.quantity - self.cancelled - max(self.shipped, self.processed))

    @property
    def by_cancellation(self) -> bool:
        """Nothing was charged yet: money comes back only by cancelling."""
        return not self.shipped


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """A refund that Amazon made and that is not one of ours."""

    sku: str = ""
    """Empty when Amazon does not tell."""
    minor: int
    components: Mapping[str, int] = {}
    """As far as Amazon names them; the rest of the amount comes off whatever is left."""


class Balance(msgspec.Struct, kw_only=True):
    """The money of one line, while a refund is planned."""

    line: ChargedLine
    due: dict[str, int]
    """What can be given back at all, by component: of shipped units by adjustment, else by cancellation."""
    left: dict[str, int]
    """What of it is left."""

    @property
    def refunded(self) -> int:
        return sum(self.due.values()) - sum(self.left.values())

    def take(self, component: str, minor: int) -> int:
        """Takes off what is left, down to nothing; returns how much that was."""
        taken = min(minor, self.left.get(component, 0))
        if taken > 0:
            self.left[component] -= taken
        return max(0, taken)


def balances_of(lines: Sequence[ChargedLine], elsewhere: Iterable[Elsewhere]) -> list[Balance]:
    """The balance of each line, less everything that was given back."""
    balances = [_balance(line) for line in lines]
    for refund in elsewhere:
        _take_elsewhere(balances, refund)
    return balances


def _balance(line: ChargedLine) -> Balance:
    due = {component: _due(line, component, minor) for component, minor in (line.charged or {}).items()}
    balance = Balance(line=line, due=due, left=dict(due))
    for component, minor in line.refunded.items():
        balance.take(component, minor)
    return balance


def _due(line: ChargedLine, component: str, minor: int) -> int:
    """Shipping and gift wrap are charged with the first unit, and not at all for a line that is cancelled."""
    first, units = (0, line.shipped) if line.shipped else (line.cancelled, line.quantity - line.cancelled)
    if component in PER_UNIT:
        return share_of(minor, line.quantity, first, max(0, units))
    return minor if units > 0 else 0


def _take_elsewhere(balances: list[Balance], refund: Elsewhere) -> None:
    """From the lines of that SKU by component, then from whatever is left of them, then of the order."""
    of_sku = [balance for balance in balances if balance.line.sku == refund.sku]
    rest = refund.minor
    for component, minor in refund.components.items():
        for balance in of_sku:
            taken = balance.take(component, min(minor, rest))
            minor, rest = minor - taken, rest - taken
    for balance in (*of_sku, *balances):
        for component in COMPONENTS:
            rest -= balance.take(component, rest)
