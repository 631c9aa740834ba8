"""Order Received Date: the purchase time plus the channel's fixed offset (semantics C6)."""

from datetime import datetime, timedelta

__all__ = ["received_date"]


def received_date(purchased_at: datetime, offset_minutes: int) -> str:
    """Local date and time without a zone, `2026-03-30T00:30:00`; no daylight saving."""
    local = purchased_at + timedelta(minutes=offset_minutes)
    return local.replace(tzinfo=None, microsecond=0).isoformat()
