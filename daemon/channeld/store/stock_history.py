"""What happened to the value of each SKU: told, accepted, refused, lost, shown. Kept for 90 days (D1)."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from channeld.store import tables
from channeld.store.sku_history import SkuHistory

__all__ = ["Event", "Happened", "add", "forget", "of_sku"]

Event: TypeAlias = Literal[
    "sent",
    "accepted",
    "refused",
    "not sent",
    "lost",
    "overtaken",
    "feed ended",
    "shown",
    "forced",
    "closed",
    "relisted",
]


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to it."""

    at: datetime
    account_id: int
    sku: str
    event: Event
    quantity: int | None = None
    handling: str = ""
    """What was said, or is shown, of the handling time: `3 days`, `default`; empty for nothing."""
    route: str = ""
    """`patch` or `feed`."""
    reference: str = ""
    """Amazon's submission id, or the id of the feed."""
    note: str = ""
    """For people: a reason, or who asked for it."""
    id: int = 0


_history = SkuHistory(tables.stock_history, Happened, "account_id")
add, of_sku, forget = _history.add, _history.of_sku, _history.forget
