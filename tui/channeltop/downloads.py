"""How a listing download stands at this instant, worked out from the row that the daemon sent last. Pure.

A row is sent when something happens, and a download may wait for Amazon for a quarter of an hour; so its
estimate is carried on here, and is never in the past.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from channel_protocol.listings import DownloadRow
from channeltop.budgets import gauge
from channeltop.format import local_moment, span

__all__ = [
    "PHASES",
    "Course",
    "bar",
    "by_channel",
    "course",
    "expected",
    "how_far",
    "late",
    "share",
    "what_changed",
]

PHASES = {
    "waiting": "waiting",
    "fetching": "fetching",
    "processing": "processing",
    "details": "details",
}
"""Each phase as it is shown, in its order."""
BAR = 8
"""Cells of a progress bar."""
AGAIN = 0.25
"""What is overdue is expected to take this part of its time again."""
ALMOST = 0.99
"""More is not shown of what is not done."""
SOONEST = timedelta(seconds=1)


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Of a download that runs."""

    completion: datetime
    """After now."""
    overdue: float | None
    """Seconds; None while it is not."""
    progress: float
    """0 to below 1, by time."""


def course(row: DownloadRow, now: datetime) -> Course | None:
    """None when none runs, or nothing is known of when it began."""
    if not row.in_progress or row.started_at is None:
        return None
    elapsed = max(timedelta(), now - row.started_at)
    completion = row.estimated_completion or now
    overdue = _overdue(row, row.started_at, completion, now)
    if completion <= now:
        completion = now + max(SOONEST, elapsed * AGAIN)
    progress = elapsed / (completion - row.started_at) if completion > row.started_at else 0.0
    return Course(completion=completion, overdue=overdue, progress=min(ALMOST, progress))


def by_channel(rows: Iterable[DownloadRow]) -> dict[str, DownloadRow]:
    """By account and channel: one that begins or ends does not move the others below the cursor."""
    ordered = sorted(rows, key=lambda row: (row.account, row.channel))
    return {row.channel: row for row in ordered}


def bar(row: DownloadRow, now: datetime, width: int = BAR) -> str:
    """The progress bar of one that runs."""
    seen = course(row, now)
    return gauge(seen.progress, width) if seen else ""


def share(row: DownloadRow, now: datetime) -> str:
    """`43 %` of one that runs."""
    seen = course(row, now)
    return f"{int(seen.progress * 100)} %" if seen else ""


def how_far(row: DownloadRow) -> str:
    """The phase, and what of it is done: `processing 1,200 of 5,000`."""
    phase = PHASES.get(row.phase, row.phase)
    if row.total:
        return f"{phase} {row.done:,} of {row.total:,}"
    return f"{phase} {row.done:,}" if row.done else phase


def expected(row: DownloadRow, now: datetime) -> str:
    """When one that runs will be done, in local time."""
    seen = course(row, now)
    return local_moment(seen.completion, now) if seen else ""


def late(row: DownloadRow, now: datetime) -> str:
    """`overdue by 3 min` for one that takes longer than it usually does."""
    seen = course(row, now)
    return f"overdue by {span(seen.overdue)}" if seen and seen.overdue is not None else ""


def what_changed(row: DownloadRow) -> str:
    """What it brought: `12 new, 3 changed`; `nothing changed` when it did not."""
    counts = (
        (row.added, "new"),
        (row.changed, "changed"),
        (row.missing, "missing"),
        (row.gone, "gone"),
        (row.returned, "returned"),
        (row.bad_rows, "unreadable"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "nothing changed"


def _overdue(row: DownloadRow, started: datetime, completion: datetime, now: datetime) -> float | None:
    """Since the row was read it has grown: its progress by time says when that was."""
    if row.overdue_seconds is None:
        return (now - completion).total_seconds() if completion <= now else None
    read_at = started + (completion - started) * (row.progress or 0.0)
    return row.overdue_seconds + max(0.0, (now - read_at).total_seconds())
