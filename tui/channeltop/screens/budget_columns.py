"""The columns of the budgets: each operation's token bucket as a gauge."""

from datetime import datetime

from channel_protocol.actors import BudgetRow
from channeltop.budgets import gauge, refill, tokens_now
from channeltop.format import count, countdown
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["BUDGET_COLUMNS"]

GAUGE_CELLS = 14
LOW = 0.25


def _gauge(row: BudgetRow, now: datetime) -> str:
    return gauge(tokens_now(row, now) / row.burst if row.burst else 0.0, GAUGE_CELLS)


def _gauge_tone(row: BudgetRow, now: datetime) -> Tone:
    if tokens_now(row, now) < 1:
        return "bad" if row.waiting else "warn"
    return "warn" if tokens_now(row, now) < LOW * row.burst else "good"


def _waiting_tone(row: BudgetRow, now: datetime) -> Tone:
    return "warn" if row.waiting else "muted"


def _throttled_tone(row: BudgetRow, now: datetime) -> Tone:
    return "bad" if row.throttled else "muted"


def _muted(row: BudgetRow, now: datetime) -> Tone:
    return "muted"


BUDGET_COLUMNS: tuple[Column[BudgetRow], ...] = (
    Column(name="account", heading="Budget", width=8, text=lambda row, now: row.account, grouped=True),
    Column(name="operation", heading="Operation", width=18, text=lambda row, now: row.operation),
    Column(name="gauge", heading="Tokens", width=GAUGE_CELLS, text=_gauge, tone=_gauge_tone, ticking=True),
    Column(
        name="tokens",
        heading="Now/max",
        width=8,
        right=True,
        text=lambda row, now: f"{tokens_now(row, now):.3g}/{row.burst:g}",
        ticking=True,
    ),
    Column(
        name="refill",
        heading="Refill",
        width=10,
        right=True,
        text=lambda row, now: refill(row.rate),
        tone=_muted,
    ),
    Column(
        name="waiting",
        heading="Wait",
        width=5,
        right=True,
        text=lambda row, now: count(row.waiting),
        tone=_waiting_tone,
        order=lambda row: row.waiting,
    ),
    Column(
        name="throttled",
        heading="429s",
        width=5,
        priority=2,
        right=True,
        text=lambda row, now: count(row.throttled),
        tone=_throttled_tone,
        order=lambda row: row.throttled,
    ),
    Column(
        name="full",
        heading="Full in",
        width=7,
        priority=3,
        right=True,
        text=lambda row, now: countdown(row.full_at, now) if row.full_at and row.full_at > now else "full",
        tone=_muted,
        ticking=True,
    ),
)
