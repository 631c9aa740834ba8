"""What happened to the price of each listing: saved, sent, refused, shown. Kept for 90 days."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from channeld.store import tables
from channeld.store.sku_history import SkuHistory

__all__ = ["Event", "Happened", "add", "forget", "of_sku"]

Event: TypeAlias = Literal[
    "saved", "held", "approved", "dropped", "pushed",
    "sent", "accepted", "refused", "not sent", "lost", "confirmed", "shown",
]  # fmt: skip


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to it."""

    at: datetime
    channel_id: int
    sku: str
    event: Event
    price: int | None = None
    """Minor units."""
    reference: str = ""
    """Amazon's submission id."""
    note: str = ""
    """For people: why."""
    by: str = ""
    """Who did it; empty for the daemon and Amazon."""
    id: int = 0


_history = SkuHistory(tables.price_history, Happened, "channel_id")
add, of_sku, forget = _history.add, _history.of_sku, _history.forget
