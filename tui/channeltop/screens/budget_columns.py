"""The columns of the budgets: each operation's token bucket as a gauge, with its forecast."""

from datetime import datetime

from textual.content import Content

from channeltop.budgets import Forecast, calls_now, gauge, is_short, per_hour, refill, tokens_now, wait
from channeltop.format import count, countdown, span, things
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.widgets.tones import joined, toned

__all__ = ["BUDGET_COLUMNS", "budget_described"]

GAUGE_CELLS = 10
LOW = 0.25


def _gauge(row: Forecast, now: datetime) -> str:
    burst = row.budget.burst
    return gauge(tokens_now(row.budget, now) / burst if burst else 0.0, GAUGE_CELLS)


def _gauge_tone(row: Forecast, now: datetime) -> Tone:
    tokens = tokens_now(row.budget, now)
    if tokens < 1:
        return "bad" if row.budget.waiting else "warn"
    return "warn" if tokens < LOW * row.budget.burst else "good"


def _need(row: Forecast) -> str:
    """`20 of 20` calls an hour; without a regular need only what comes back."""
    need = f"{row.needed:.3g} of " if row.needed else ""
    return f"{need}{_hourly(row)}"


def _hourly(row: Forecast) -> str:
    return f"{round(per_hour(row.budget)):,}" if per_hour(row.budget) >= 1 else f"{per_hour(row.budget):.2g}"


def _need_tone(row: Forecast, now: datetime) -> Tone:
    return "bad" if is_short(row) else "muted"


def _waiting(row: Forecast, now: datetime) -> str:
    """How many, and about how long until the last of them has gone: `7: ~21 min`."""
    waiting = row.budget.waiting
    return f"{waiting:,}: {_wait(row, now)}" if waiting else count(0)


def _wait(row: Forecast, now: datetime) -> str:
    seconds = wait(row.budget, now)
    if seconds is None:
        return "for ever"
    return f"~{span(seconds)}" if seconds else "now"


def _waiting_tone(row: Forecast, now: datetime) -> Tone:
    return "warn" if row.budget.waiting else "muted"


def _throttled_tone(row: Forecast, now: datetime) -> Tone:
    return "bad" if row.budget.throttled else "muted"


def _muted(row: Forecast, now: datetime) -> Tone:
    return "muted"


def _full(row: Forecast, now: datetime) -> str:
    full_at = row.budget.full_at
    return countdown(full_at, now) if full_at and full_at > now else "full"


BUDGET_COLUMNS: tuple[Column[Forecast], ...] = (
    Column(name="account", heading="Budget", width=8, text=lambda row, now: row.budget.account, grouped=True),
    Column(
        name="operation", heading="Operation", width=16, text=lambda row, now: row.budget.operation, grow=1
    ),
    Column(name="gauge", heading="Tokens", width=GAUGE_CELLS, text=_gauge, tone=_gauge_tone, ticking=True),
    Column(
        name="tokens",
        heading="Now/max",
        width=8,
        right=True,
        text=lambda row, now: f"{tokens_now(row.budget, now):.3g}/{row.budget.burst:g}",
        ticking=True,
    ),
    Column(
        name="waiting",
        heading="Waiting",
        width=12,
        right=True,
        text=_waiting,
        tone=_waiting_tone,
        order=lambda row: row.budget.waiting,
        ticking=True,
    ),
    Column(
        name="need",
        heading="Needs/hour",
        width=12,
        right=True,
        text=lambda row, now: _need(row),
        tone=_need_tone,
        order=lambda row: row.needed / per_hour(row.budget) if row.budget.rate > 0 else 0.0,
    ),
    Column(
        name="full",
        heading="Full in",
        width=7,
        priority=2,
        right=True,
        text=_full,
        tone=_muted,
        ticking=True,
    ),
    Column(
        name="refill",
        heading="Refill",
        width=10,
        priority=4,
        right=True,
        text=lambda row, now: refill(row.budget.rate),
        tone=_muted,
    ),
    Column(
        name="throttled",
        heading="429s",
        width=5,
        priority=3,
        right=True,
        text=lambda row, now: count(row.budget.throttled),
        tone=_throttled_tone,
        order=lambda row: row.budget.throttled,
    ),
)


def budget_described(row: Forecast, now: datetime) -> Content:
    """What can be called now and soon, and whether it will do: two or three lines."""
    budget, full = row.budget, _full(row, now)
    first = joined(
        (
            toned(f"{budget.account} {budget.operation}", "strong"),
            Content(f"{things(calls_now(budget, now), 'call')} possible now"),
            Content("full" if full == "full" else f"full again in {full}"),
            toned(f"429 answered {budget.throttled:,}× since the start" if budget.throttled else "", "bad"),
        )
    )
    return Content("\n").join(line for line in (first, _queue_line(row, now), _need_line(row)) if line.plain)


def _queue_line(row: Forecast, now: datetime) -> Content:
    if not row.budget.waiting:
        return Content()
    return toned(
        f"{things(row.budget.waiting, 'request')} waiting, the last one goes {_last(row, now)}", "warn"
    )


def _last(row: Forecast, now: datetime) -> str:
    seconds = wait(row.budget, now)
    if seconds is None:
        return "never, as nothing comes back"
    return f"in about {span(seconds)}" if seconds else "now"


def _need_line(row: Forecast) -> Content:
    gives = f"{_hourly(row)} calls an hour come back"
    if not row.needed:
        return toned(gives, "muted")
    needs = f"; the order polls of its channels need {row.needed:.3g}"
    if is_short(row):
        return (
            toned(f"{gives}{needs}: polls wait", "bad")
            + toned("  →  ", "muted")
            + toned(_less(row), "accent")
        )
    return toned(f"{gives}{needs}", "muted")


def _less(row: Forecast) -> str:
    return f"channelctl account set {row.budget.account} order_poll_seconds=…"
