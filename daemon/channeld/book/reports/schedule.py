"""What is asked for by itself, as data: the reports actor of each account sees to it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from channeld.book.backfill_plan import (
    backfill_due,
    begin_backfill,
)
from channeld.book.reconciling import begin_comparison, comparison_due
from channeld.book.reports.automatic import begin_downloads, next_download
from channeld.store.unit import Unit

__all__ = ["SCHEDULERS", "Scheduler", "begin_due", "next_due"]


class Scheduler(NamedTuple):
    """One thing that is done again and again for an account."""

    due_at: Callable[[Connection, int, datetime], datetime | None]
    """Account and present time → when it is to be done next, past or future; None: not as things stand."""
    begin: Callable[[Unit, int, datetime], object]
    """Do what is due by then. It is due no more afterwards."""


SCHEDULERS: Sequence[Scheduler] = (
    Scheduler(next_download, begin_downloads),
    Scheduler(comparison_due, begin_comparison),
    Scheduler(backfill_due, begin_backfill),
)


def next_due(
    schedulers: Sequence[Scheduler], connection: Connection, account_id: int, now: datetime
) -> datetime | None:
    """When the next thing is due; None for never."""
    times = [scheduler.due_at(connection, account_id, now) for scheduler in schedulers]
    return min((time for time in times if time is not None), default=None)


def begin_due(schedulers: Sequence[Scheduler], unit: Unit, account_id: int, now: datetime) -> None:
    """Do all that is due."""
    for scheduler in schedulers:
        due_at = scheduler.due_at(unit.connection, account_id, now)
        if due_at is not None and due_at <= now:
            scheduler.begin(unit, account_id, now)
