"""The ship-by board as values: how near each ship-by time is, in the time of its marketplace. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from channel_protocol.order_answers import DueRow
from channeltop.format import NOTHING
from channeltop.tone import Tone

__all__ = ["RISKS", "counted", "in_order", "local", "risk"]

RISKS: Mapping[str, tuple[str, Tone]] = {
    "overdue": ("■", "bad"),
    "at risk": ("▲", "warn"),
    "on track": ("●", "good"),
    "": ("○", "muted"),
}
"""Each risk's sign and tone, the worst first; none is an order without a ship-by time."""
NEAR = timedelta(hours=24)
NEVER = datetime.max.replace(tzinfo=UTC)


def risk(row: DueRow, now: datetime) -> str:
    """How it stands now; the daemon publishes a row when it changes, and time goes on meanwhile."""
    if row.ship_by is None:
        return row.risk
    if row.ship_by < now:
        return "overdue"
    return "at risk" if row.ship_by - now <= NEAR else "on track"


def counted(rows: Iterable[DueRow], now: datetime) -> Counter[str]:
    """How many orders of each risk."""
    return Counter(risk(row, now) for row in rows)


def in_order(rows: Iterable[DueRow]) -> list[DueRow]:
    """The nearest ship-by time first, those without one at the end."""
    return sorted(rows, key=lambda row: (row.ship_by or NEVER, row.order_id))


def local(at: datetime | None, zone: str) -> str:
    """An instant in that zone, with its abbreviation: `Mon 23 Nov 14:00 GMT`."""
    if at is None:
        return NOTHING
    there = at.astimezone(_zone(zone))
    return f"{there:%a %d %b %H:%M} {there.tzname()}"


@cache
def _zone(name: str) -> tzinfo:
    """UTC for a zone that this machine does not know, which its abbreviation then says."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
