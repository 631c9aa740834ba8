"""Budgets as people read them: how many tokens there are by now, and how soon they come back."""

from datetime import datetime

from channel_protocol.actors import BudgetRow

__all__ = ["gauge", "refill", "tokens_now"]

FULL, EMPTY = "━", "─"


def tokens_now(row: BudgetRow, now: datetime) -> float:
    """The tokens at this moment, computed forward from the row, which is published only when it changes."""
    if row.full_at is None:
        return row.tokens
    missing = max(0.0, (row.full_at - now).total_seconds()) * row.rate
    return min(row.burst, max(row.tokens, row.burst - missing))


def gauge(share: float, width: int) -> str:
    """A bar of `width` cells, filled in proportion to `share` (0 to 1)."""
    filled = round(min(1.0, max(0.0, share)) * width)
    return FULL * filled + EMPTY * (width - filled)


def refill(rate: float) -> str:
    """How often a token comes back: `5/s`, or `1 in 60 s` for a rate below one a second."""
    if rate <= 0:
        return "never"
    return f"{rate:.3g}/s" if rate >= 1 else f"1 in {1 / rate:.3g} s"
