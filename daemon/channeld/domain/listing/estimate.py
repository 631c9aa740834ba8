"""When a running listing download will be done, learnt from earlier ones (semantics H4). Pure.

Each phase has an estimate: waiting by what Amazon took before, fetching and processing by rows a second,
details by Amazon's quota. A phase that has ended took what it took; one that takes longer than its estimate
is overdue, and is then expected to take a quarter of its time again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Literal

import msgspec

__all__ = ["DETAILS_A_CALL", "LAST_WAITS", "PHASES", "Course", "Estimate", "Lessons", "Phase", "estimate"]

Phase = Literal["waiting", "fetching", "processing", "details"]
PHASES: tuple[Phase, ...] = ("waiting", "fetching", "processing", "details")

LAST_WAITS = 10
"""So many of Amazon's last waits are learnt from."""
DETAILS_A_CALL = 20

_UNKNOWN_WAIT = 15 * 60.0
_UNKNOWN_RATE = 20_000.0
"""Rows a second, of fetching as of processing, before anything was measured."""
_UNKNOWN_ROWS = 1_000
_QUOTA = 5.0
"""Calls a second, as Amazon publishes it."""
_AGAIN = 0.25
"""An overdue phase is expected to take this part of its time again."""
_MEASURED = 0.05
"""From this part of a phase on its own speed counts."""
_SOONEST = 1.0
"""Seconds; what is under way is not done now."""


class Lessons(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier downloads teach; empty before the first."""

    waits: Sequence[float] = ()
    """Seconds that Amazon took for this report type and marketplace, the last ones."""
    fetch_rates: Sequence[float] = ()
    """Rows a second."""
    process_rates: Sequence[float] = ()
    rows: int | None = None
    """Of the last complete report."""
    details: int | None = None
    """Of the last download of the same kind that read details."""
    calls_per_second: float = _QUOTA
    """Of the operation that reads details, as Amazon grants it."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How far the running download is."""

    begun: Sequence[datetime]
    """When each of its phases began, up to the present one."""
    full: bool
    """Details are read too."""
    rows_total: int | None = None
    rows_done: int = 0
    details_total: int | None = None
    details_done: int = 0
    not_before: datetime | None = None
    """When the present phase goes on, if it waits for a time."""


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of it."""

    completion: datetime
    """Never in the past."""
    overdue: timedelta | None
    """How much longer the present phase takes than was expected; None while it does not."""
    progress: float
    """Of the whole by time, from 0 to below 1."""


def estimate(course: Course, lessons: Lessons, now: datetime) -> Estimate:
    """By start + Σ max(elapsed, estimate) over the phases."""
    present = len(course.begun) - 1
    elapsed = max(0.0, (now - course.begun[present]).total_seconds())
    expected = _expected(PHASES[present], course, lessons, elapsed)
    late = elapsed - expected
    left = _AGAIN * elapsed if late > 0 else -late
    later = PHASES[present + 1 :] if course.full else PHASES[present + 1 : -1]
    left += sum(_expected(phase, course, lessons, 0.0) for phase in later)
    completion = now + timedelta(seconds=max(left, _SOONEST))
    total = (completion - course.begun[0]).total_seconds()
    return Estimate(
        completion=completion,
        overdue=timedelta(seconds=late) if late > 0 else None,
        progress=max(0.0, (now - course.begun[0]).total_seconds()) / total if total > 0 else 0.0,
    )


def _expected(phase: Phase, course: Course, lessons: Lessons, elapsed: float) -> float:
    """Seconds that the phase takes all in all; `elapsed`: how long it has taken so far."""
    rows = course.rows_total or lessons.rows or _UNKNOWN_ROWS
    match phase:
        case "waiting":
            return median(lessons.waits[:LAST_WAITS]) if lessons.waits else _UNKNOWN_WAIT
        case "fetching":
            pause = (course.not_before - course.begun[-1]).total_seconds() if course.not_before else 0.0
            return max(0.0, pause if elapsed else 0.0) + rows / _typical(lessons.fetch_rates)
        case "processing":
            own = _by_own_speed(elapsed, course.rows_done, course.rows_total)
            return own or rows / _typical(lessons.process_rates)
        case "details":
            own = _by_own_speed(elapsed, course.details_done, course.details_total)
            known = (course.details_total, lessons.details, course.rows_total, lessons.rows)
            count = next((each for each in known if each is not None), _UNKNOWN_ROWS)
            return own or ceil(count / DETAILS_A_CALL) / lessons.calls_per_second


def _typical(rates: Sequence[float]) -> float:
    return median(rates) if rates else _UNKNOWN_RATE


def _by_own_speed(elapsed: float, done: int, total: int | None) -> float:
    """0 while too little is done to tell."""
    if not total or not elapsed or done < _MEASURED * total:
        return 0.0
    return max(elapsed, elapsed * total / done)
