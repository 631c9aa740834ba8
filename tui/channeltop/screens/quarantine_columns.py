"""The columns of the quarantine."""

from datetime import datetime

from channel_protocol.orders import QuarantineRow
from channeltop.format import NOTHING, age, countdown
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["QUARANTINE_COLUMNS"]


def _strong(row: QuarantineRow, now: datetime) -> Tone:
    return "muted" if row.dismissed_at else "strong"


def _warn(row: QuarantineRow, now: datetime) -> Tone:
    return "muted" if row.dismissed_at else "warn"


def _plain(row: QuarantineRow, now: datetime) -> Tone:
    return "muted" if row.dismissed_at else ""


def _next(row: QuarantineRow, now: datetime) -> str:
    return countdown(row.next_attempt, now) if row.next_attempt else "never"


QUARANTINE_COLUMNS: tuple[Column[QuarantineRow], ...] = (
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=_strong,
        order=lambda row: row.order_id,
    ),
    Column(
        name="channel",
        heading="Channel",
        width=9,
        text=lambda row, now: row.channel or row.account,
        tone=_plain,
        order=lambda row: row.channel,
    ),
    Column(
        name="since",
        heading="Since",
        width=6,
        right=True,
        text=lambda row, now: age(row.since, now),
        tone=_plain,
        order=lambda row: row.since.timestamp(),
        ticking=True,
    ),
    Column(
        name="attempts",
        heading="Tries",
        width=6,
        priority=2,
        right=True,
        text=lambda row, now: str(row.attempts),
        tone=_plain,
        order=lambda row: row.attempts,
    ),
    Column(
        name="next",
        heading="Next in",
        width=8,
        right=True,
        text=_next,
        tone=_plain,
        order=lambda row: row.next_attempt.timestamp() if row.next_attempt else float("inf"),
        ticking=True,
    ),
    Column(name="reason", heading="Reason", width=18, text=lambda row, now: row.reason, tone=_warn, grow=1),
    Column(
        name="dismissed",
        heading="Dismissed",
        width=10,
        priority=3,
        text=lambda row, now: age(row.dismissed_at, now) if row.dismissed_at else NOTHING,
        tone=_plain,
        order=lambda row: row.dismissed_at.timestamp() if row.dismissed_at else 0.0,
        ticking=True,
    ),
)
