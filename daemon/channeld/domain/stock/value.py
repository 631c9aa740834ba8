"""What Amazon is told of a SKU in one message, and what it shows of it."""

import msgspec

from channeld.domain.stock.latency import LeadTime, Verb

__all__ = ["Shown", "Value"]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a direct read of the listing shows."""

    quantity: int
    days: int | None = None
    """The handling time; None: Amazon's default."""
    tells_days: bool = True
    """Whether the read tells of a handling time at all; if not, the quantity alone is compared."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity, and with it what is said of the handling time."""

    quantity: int
    lead_time: LeadTime

    def is_told_by(self, other: "Value | None") -> bool:
        """Whether nothing would change if it were sent after the other one."""
        if other is None or self.quantity != other.quantity:
            return False
        return self.lead_time.verb is Verb.KEEP or self.lead_time == other.lead_time

    def is_shown_by(self, shown: Shown) -> bool:
        """Whether that is what Amazon shows when it has been applied."""
        if self.quantity != shown.quantity:
            return False
        if self.lead_time.verb is Verb.KEEP or not shown.tells_days:
            return True
        return shown.days == (self.lead_time.days if self.lead_time.verb is Verb.SET else None)
