"""How far a channel's stock is told to Amazon, on the overview: two columns and a line."""

from datetime import datetime

from textual.content import Content

from channel_protocol.offers import StockSyncRow
from channeltop.format import age, count, instant, things
from channeltop.offers import is_late
from channeltop.standing import Standing
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.widgets.tones import joined, toned

__all__ = ["STOCK_COLUMNS", "stock_line"]


def stock_line(row: StockSyncRow, now: datetime) -> Content:
    """How far the channel's stock is told to Amazon; nothing while it never was.

    What others of the account send of its SKUs counts with them.
    """
    if not (row.inventory_sync_date or row.dirty or row.warning):
        return Content()
    late = is_late(row.oldest_dirty, now)
    dirty = f"{things(row.dirty, 'SKU')} not told yet" if row.dirty else "all that it sends is told"
    oldest = f", the oldest for {age(row.oldest_dirty, now)}" if row.oldest_dirty else ""
    parts = (
        Content(f"stock sent up to {instant(row.inventory_sync_date, 'never')}")
        if row.inventory_sync_date
        else Content("stock never sent"),
        toned(dirty + oldest, "warn" if late else ""),
        toned(row.warning, "warn"),
    )
    return joined(parts)


def _not_told(row: Standing, now: datetime) -> str:
    """SKUs that Amazon was not told of yet, and how long the oldest waits."""
    if row.stock is None:
        return ""
    oldest = f" {age(row.stock.oldest_dirty, now)}" if row.stock.oldest_dirty else ""
    return f"{count(row.stock.dirty)}{oldest}"


def _not_told_tone(row: Standing, now: datetime) -> Tone:
    if row.stock is None or not row.stock.dirty:
        return "muted"
    return "warn" if is_late(row.stock.oldest_dirty, now) else "accent"


def _to_minute(at: datetime | None) -> str:
    """Without the year, as room is short."""
    return instant(at)[5:16] if at else "never"


def _stock_tone(row: Standing, now: datetime) -> Tone:
    if row.stock and (row.stock.warning or is_late(row.stock.oldest_dirty, now)):
        return "warn"
    return "" if row.stock and row.stock.inventory_sync_date else "muted"


def _stock_order(row: Standing) -> float:
    synced = row.stock.inventory_sync_date if row.stock else None
    return synced.timestamp() if synced else -1


STOCK_COLUMNS: tuple[Column[Standing], ...] = (
    Column(
        name="stock",
        heading="Stock sync",
        width=11,
        priority=5,
        text=lambda row, now: _to_minute(row.stock.inventory_sync_date) if row.stock else "",
        tone=_stock_tone,
        grouped=True,
        order=_stock_order,
    ),
    Column(
        name="dirty",
        heading="Not told",
        width=12,
        priority=6,
        right=True,
        text=_not_told,
        tone=_not_told_tone,
        grouped=True,
        order=lambda row: row.stock.dirty if row.stock else -1,
        ticking=True,
    ),
)
