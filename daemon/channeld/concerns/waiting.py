"""How long an actor waits when there is nothing for it to do."""

from datetime import datetime, timedelta

__all__ = ["bounded"]

LATEST = timedelta(hours=6)
"""It looks by itself, in case that a wake-up was missed."""
SOONEST = timedelta(seconds=1)
"""What is due and cannot be done must not keep it turning."""


def bounded(due: datetime | None, now: datetime) -> datetime:
    """When to look again; `due`: when there is something to do, as far as is known, past or future."""
    return max(min(due or now + LATEST, now + LATEST), now + SOONEST)
