"""When a failed piece of work is tried again, and when no more (semantics C1, C2, C3)."""

from datetime import datetime, timedelta
from random import Random

import msgspec

__all__ = ["Attempts", "Ladder", "Policy", "SlowLooks", "next_slow_look", "next_try", "window_of"]

JITTER = 0.1
"""A pause is up to that much longer, so that what failed together does not come back together."""


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """Pauses that grow, for as long as a window that the first failure opens."""

    pauses: tuple[timedelta, ...]
    """After the first failure, the second, …; the last repeats."""
    window: timedelta


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """So many attempts and no more; one fewer pauses."""

    pauses: tuple[timedelta, ...]

    @property
    def most(self) -> int:
        return len(self.pauses) + 1


class SlowLooks(msgspec.Struct, frozen=True, kw_only=True):
    """Looks at long intervals for what was given up."""

    every: timedelta
    until: timedelta
    """So long after Amazon got it, the last time."""


Policy = Ladder | Attempts


def window_of(policy: Policy, first_failed_at: datetime) -> datetime | None:
    """When the window that opened then closes; None for what has no window."""
    return first_failed_at + policy.window if isinstance(policy, Ladder) else None


def next_try(
    policy: Policy, failures: int, window_until: datetime | None, now: datetime, rng: Random
) -> datetime | None:
    """When to try again after the `failures`-th failure (1 is the first); None: no further attempts.

    A window never closes without a try at its end: the last pause is cut to it, and what could not be tried
    in time (halted, switched off, machine off) is tried once before this is asked.
    """
    if isinstance(policy, Attempts):
        return now + _pause(policy.pauses[failures - 1], rng) if failures < policy.most else None
    if window_until is None or now >= window_until:
        return None
    pause = policy.pauses[min(failures, len(policy.pauses)) - 1]
    return min(now + _pause(pause, rng), window_until)


def next_slow_look(looks: SlowLooks | None, left_at: datetime, now: datetime) -> datetime | None:
    """When to look again for what was given up; None: no more."""
    if looks is None or now + looks.every > left_at + looks.until:
        return None
    return now + looks.every


def _pause(pause: timedelta, rng: Random) -> timedelta:
    return pause * rng.uniform(1.0, 1.0 + JITTER)
