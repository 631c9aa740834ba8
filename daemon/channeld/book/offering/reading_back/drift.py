"""A listing report is compared with what Amazon was told; what differs is read directly (semantics D1)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import replace

from channeld.domain.stock.desired import SETTLES
from channeld.domain.stock.reading_back import reported
from channeld.domain.stock.value import Shown
from channeld.store import desired_stock, stock_sync
from channeld.store.desired_stock import DesiredRow
from channeld.store.stock_drift import Compared
from channeld.store.unit import Unit

__all__ = ["compared_all", "note_differing", "note_down"]


def note_differing(
    unit: Unit, account_id: int, shown: Mapping[str, int], asked_at: datetime, now: datetime
) -> int:
    """The report that was asked for then shows these quantities; how many are read directly."""
    rows = desired_stock.of_skus(unit.connection, account_id, shown)
    found = [(row, _differing(row, shown[row.sku], asked_at, now)) for row in rows.values()]
    changed = [after for before, after in found if after != before]
    desired_stock.save(unit, changed, now)
    return len(changed)


def note_down(unit: Unit, account_id: int, skus: Collection[str], now: datetime) -> int:
    """These were down when they were last read: perhaps they are not any more. How many are read."""
    rows = desired_stock.of_skus(unit.connection, account_id, skus)
    asleep = [row for row in rows.values() if row.desired.computed is None and row.desired.look_at is None]
    desired_stock.save(unit, [_awake(row, now) for row in asleep], now)
    return len(asleep)


def compared_all(unit: Unit, done: Compared) -> None:
    """All of that report."""
    stock_sync.note_drift_check(unit, [done.channel_id], done.ended_at)


def _differing(row: DesiredRow, quantity: int, asked_at: datetime, now: datetime) -> DesiredRow:
    if row.closed_at is not None and row.desired.computed is None:
        return _awake(row, now) if asked_at >= row.closed_at + SETTLES else row
    shown = Shown(quantity=quantity, tells_days=False)
    return replace(row, desired=reported(row.desired, shown, asked_at, now))


def _awake(row: DesiredRow, now: datetime) -> DesiredRow:
    return replace(row, desired=replace(row.desired, look_at=now))
