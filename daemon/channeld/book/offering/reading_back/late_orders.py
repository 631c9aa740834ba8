"""Orders that come to be known after a listing was taken for closed by hand: it may have been that sale."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from channeld.domain.stock.reading_back import may_have_taken
from channeld.store import audit, desired_stock
from channeld.store.audit import AuditEntry
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit

__all__ = ["open_again"]

_SOLD = "An order has come in that may have taken the units, so nobody has closed it, and it is sent again."


def open_again(unit: Unit, account_id: int, sold: Mapping[str, datetime], now: datetime) -> None:
    """Orders of these SKUs were made then, and are booked now. Whoever books them marks them as stale."""
    rows = desired_stock.of_skus(unit.connection, account_id, sold).values()
    opened = [row for row in rows if row.closed_at and may_have_taken(row.desired, sold[row.sku], now)]
    if opened:
        desired_stock.save(unit, [replace(row, closed_at=None) for row in opened], now)
        audit.add_many(unit, [_entry(row, now) for row in opened])


def _entry(row: DesiredRow, now: datetime) -> AuditEntry:
    return AuditEntry(
        at=now,
        code="listing.opened",
        text=_SOLD,
        account_id=row.account_id,
        channel_id=row.owner_id,
        sku=row.sku,
    )
