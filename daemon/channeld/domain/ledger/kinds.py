"""The kinds of outbound work as data: each row is one line of the table in the design (section 4)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from channeld.domain.ledger.tries import Attempts, Ladder, Policy, SlowLooks

__all__ = ["CANCELLATION", "DESPATCH", "KINDS", "KINDS_OF_FEED", "REFUND", "Kind", "kind_of"]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of effect."""

    name: str
    """As stored; also the concern whose actor drains it."""
    setting: str
    """The channel setting that enables it."""
    feed_type: str
    """The feed that can carry it."""
    repeat_safe: bool
    """Whether doing it twice does no harm, so that what is unknown is settled by repeating."""
    tries: Policy
    confirmed_by: Literal["report or order", "order", "finances"]
    """What proves that it happened: a report without an error or a read of the order; only a read of the
    order; a transaction in the finances."""
    reconciled: bool = False
    """Whether Amazon's finances are read before every try."""
    looks: tuple[timedelta, ...]
    """How long after submission the effect is looked for by a read of its own; the last is the final one."""
    slow_looks: SlowLooks | None = None
    """How it is looked for when all that brought nothing, and a person was asked."""

    @property
    def lane(self) -> str:
        """The concern of the actor that puts it into feeds."""
        return f"feed_lane_{self.name}"


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_LADDER = Ladder(pauses=(_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR), window=24 * _HOUR)

DESPATCH = Kind(
    name="despatch",
    setting="despatch_notes",
    feed_type="POST_ORDER_FULFILLMENT_DATA",
    repeat_safe=True,  # the same package reference edits the package
    tries=_LADDER,
    confirmed_by="report or order",
    looks=(2 * _HOUR,),
)
CANCELLATION = Kind(
    name="cancellation",
    setting="order_cancellations",
    feed_type="POST_ORDER_ACKNOWLEDGEMENT_DATA",
    repeat_safe=True,  # what is cancelled stays cancelled
    tries=_LADDER,
    confirmed_by="order",
    looks=(10 * _MINUTE, 30 * _MINUTE, 2 * _HOUR),
)
REFUND = Kind(
    name="refund",
    setting="order_refunds",
    feed_type="POST_PAYMENT_ADJUSTMENT_DATA",
    repeat_safe=False,
    tries=Attempts(pauses=(_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR)),
    confirmed_by="finances",
    reconciled=True,
    looks=tuple(hours * _HOUR for hours in (0.25, 1, 2, 4, 8, 14, 20, 26, 32, 38, 44, 50, 56, 62, 68, 72)),
    slow_looks=SlowLooks(every=24 * _HOUR, until=30 * 24 * _HOUR),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (DESPATCH, CANCELLATION, REFUND)}
KINDS_OF_FEED: Mapping[str, Kind] = {kind.feed_type: kind for kind in KINDS.values()}


def kind_of(name: str) -> Kind:
    """Raises `KeyError` for a kind that this version does not have."""
    return KINDS[name]
