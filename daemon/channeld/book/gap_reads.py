"""Orders that the book lacks are read by their id (Amazon's reference, 4.1)."""

from collections.abc import Collection
from datetime import datetime

from channeld.domain.reread import Reread as Why
from channeld.store import rereads
from channeld.store.order_gaps import Gap
from channeld.store.rereads import Reread
from channeld.store.unit import Unit

__all__ = ["read_by_id"]


def read_by_id(unit: Unit, gaps: Collection[Gap], now: datetime) -> None:
    """Have these orders read."""
    planned = [
        Reread(
            account_id=gap.account_id,
            order_id=gap.order_id,
            kind=Why.GAP.value,
            channel_id=gap.channel_id,
            first_at=now,
            due_at=now,
        )
        for gap in gaps
    ]
    rereads.schedule(unit, planned)
