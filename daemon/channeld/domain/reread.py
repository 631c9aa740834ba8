"""When an order is read again by its id, whatever the search shows (semantics C0, C4, C5)."""

from datetime import datetime, timedelta
from enum import StrEnum

from channeld.domain.email import LOOK_UPS

__all__ = ["Reread", "delay", "next_at"]

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
PENDING_STEPS = (30 * _MINUTE, 1 * _HOUR, 2 * _HOUR, 4 * _HOUR)
PENDING_EVERY = 6 * _HOUR
PENDING_UNTIL = timedelta(days=7)
QUARANTINE_STEPS = (5 * _MINUTE, 15 * _MINUTE, 1 * _HOUR)
QUARANTINE_EVERY = 6 * _HOUR
GAP_STEPS = (timedelta(0), 15 * _MINUTE, 2 * _HOUR)


class Reread(StrEnum):
    """Why an order is read by its id."""

    EMAIL = "email"
    GAP = "gap"
    """A report shows that the search has left it out."""
    PENDING = "pending"
    QUARANTINE = "quarantine"
    RECOVER = "recover"


def delay(kind: Reread, attempt: int) -> timedelta | None:
    """From the first sight to read number `attempt` (0 is the first); None when there are no more."""
    if kind is Reread.RECOVER:
        return timedelta(0) if attempt == 0 else None
    if kind is Reread.GAP:
        return GAP_STEPS[attempt] if attempt < len(GAP_STEPS) else None
    if kind is Reread.EMAIL:
        return LOOK_UPS[attempt] if attempt < len(LOOK_UPS) else None
    if kind is Reread.PENDING:
        waited = _ladder(PENDING_STEPS, PENDING_EVERY, attempt)
        return waited if waited <= PENDING_UNTIL else None
    return _ladder(QUARANTINE_STEPS, QUARANTINE_EVERY, attempt)


def next_at(kind: Reread, first_at: datetime, now: datetime, attempt: int = 0) -> datetime | None:
    """The rung that comes next, from that attempt on; a machine that was off skips what it missed."""
    while (wait := delay(kind, attempt)) is not None:
        if first_at + wait > now:
            return first_at + wait
        attempt += 1
    return None


def _ladder(steps: tuple[timedelta, ...], every: timedelta, attempt: int) -> timedelta:
    if attempt < len(steps):
        return steps[attempt]
    return steps[-1] + every * (attempt - len(steps) + 1)
