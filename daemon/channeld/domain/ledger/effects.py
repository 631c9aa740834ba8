"""What a row of the ledger is to bring about: fixed when it is queued, and sent like that by every try.

Only what has happened already is left out of a later try.

Nothing personal is in any of it.
"""

from datetime import datetime

import msgspec

from channeld.domain.order import Units

__all__ = ["Cancel", "Component", "Despatch", "Effect", "Refund"]


class Despatch(msgspec.Struct, frozen=True, kw_only=True, tag="despatch"):
    """A parcel that has left (semantics C1). The row's id is its package reference."""

    lines: tuple[Units, ...]
    shipped_at: datetime
    """Fixed at processing and sent by every try."""
    carrier_code: str
    """One of Amazon's codes, or `Other`."""
    carrier_name: str = ""
    """Needed with `Other`."""
    method: str = ""
    """The carrier's service as Amazon is told it."""
    tracking: str = ""
    """Empty: untracked, which only the feed can say."""
    forced: bool = False
    """A person wants it sent although Amazon shows the units as shipped otherwise."""


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancellation"):
    """Units that will not be sent (semantics C2)."""

    reason: str
    """One of Amazon's reasons, such as `NoInventory`."""
    lines: tuple[Units, ...]
    whole_lines: tuple[str, ...]
    """Those order items of which it cancels all that Amazon has; Amazon is told a quantity for the others
    only, and without one it would cancel the units of other cancellations as well."""
    shown: tuple[Units, ...] = ()
    """Units of these lines that Amazon showed as sent or to be sent when it was asked for, and with them
    those that it had taken off for one of `beside`."""
    beside: tuple[int, ...] = ()
    """Earlier cancellations of the order that had not ended then: Amazon may still take their units off."""
    seen: tuple[str, ...] = ()
    """Those order items whose units Amazon has shown as gone, while others are still there. Told once more,
    as many units again would be cancelled."""

    @property
    def counts_twice(self) -> bool:
        """Whether a repeat does it again, as it does for units of a line; a whole one is cancelled once."""
        return any(part.order_item_id not in self.whole_lines for part in self.lines)


class Component(msgspec.Struct, frozen=True):
    """An amount of one kind, in minor units, above zero."""

    type: str
    """Amazon's word, such as `Principal` or `ShippingTax`."""
    minor: int


class Refund(msgspec.Struct, frozen=True, kw_only=True, tag="refund"):
    """Money back for one line (semantics C3)."""

    order_item_id: str
    sku: str
    reason: str
    """One of Amazon's reasons, such as `CustomerReturn`."""
    currency: str
    components: tuple[Component, ...]
    by_cancellation: bool = False
    """Nothing was shipped: Amazon gives the money back when the cancellation that the row follows is done,
    and no adjustment is sent."""

    @property
    def minor(self) -> int:
        """The whole amount."""
        return sum(component.minor for component in self.components)


Effect = Despatch | Cancel | Refund
