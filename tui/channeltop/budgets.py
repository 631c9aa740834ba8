"""Budgets as people read them: what is there by now, how soon it comes back, and whether it will do.

All functions are pure. A token is one call. A budget's row is published only when it changes, so what is
there now is computed forward from it.
"""

import math
from datetime import datetime

import msgspec

from channel_protocol.actors import BudgetRow
from channeltop.model import Model

__all__ = [
    "Forecast",
    "calls_now",
    "forecasts",
    "gauge",
    "is_short",
    "per_hour",
    "refill",
    "tokens_now",
    "wait",
]

FULL, EMPTY = "━", "─"
HOUR = 3600.0
POLLED = "searchOrders"
"""The operation that each poll of an account's orders takes a token of, however many channels it has."""
ENOUGH = 0.99
"""A budget that gives this part of what is needed will do: rates are announced rounded."""


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """A budget beside what is regularly taken from it."""

    budget: BudgetRow
    needed: float = 0.0
    """Calls an hour for the order polls of the account; 0 when nothing is taken regularly."""

    @property
    def key(self) -> str:
        return self.budget.key


def forecasts(model: Model) -> tuple[Forecast, ...]:
    """Every budget, in the order in which they came."""
    polling = {row.account for row in model.channels.values() if row.enabled}
    polls = {
        row.account: HOUR / row.order_poll_seconds
        for row in model.accounts.values()
        if row.account in polling and row.order_poll_seconds > 0
    }
    return tuple(
        Forecast(budget=row, needed=polls.get(row.account, 0.0) if row.operation == POLLED else 0.0)
        for row in model.budgets.values()
    )


def tokens_now(row: BudgetRow, now: datetime) -> float:
    """The tokens at this moment."""
    if row.full_at is None:
        return row.tokens
    missing = max(0.0, (row.full_at - now).total_seconds()) * row.rate
    return min(row.burst, max(row.tokens, row.burst - missing))


def calls_now(row: BudgetRow, now: datetime) -> int:
    """Calls that can be made at once."""
    return math.floor(tokens_now(row, now) + 1e-6)


def wait(row: BudgetRow, now: datetime) -> float | None:
    """Seconds until the last one that waits has its token; 0 when nobody waits, None for never."""
    missing = row.waiting - tokens_now(row, now)
    if not row.waiting or missing <= 0:
        return 0.0
    return missing / row.rate if row.rate > 0 else None


def per_hour(row: BudgetRow) -> float:
    """Calls an hour in the long run."""
    return row.rate * HOUR


def is_short(forecast: Forecast) -> bool:
    """Whether more is taken regularly than comes back."""
    return forecast.needed * ENOUGH > per_hour(forecast.budget)


def gauge(share: float, width: int) -> str:
    """A bar of `width` cells, filled in proportion to `share` (0 to 1)."""
    filled = round(min(1.0, max(0.0, share)) * width)
    return FULL * filled + EMPTY * (width - filled)


def refill(rate: float) -> str:
    """How often a token comes back: `5/s`, or `1 in 60 s` for a rate below one a second."""
    if rate <= 0:
        return "never"
    return f"{rate:.3g}/s" if rate >= 1 else f"1 in {1 / rate:.3g} s"
