"""Letting time pass until something is so, quickly where hours go by in which little happens."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.effects.mortal import MortalClock

__all__ = ["pass_until_a_feed_is_stuck", "pass_until_a_person_is_needed", "pass_until_all_ended"]

OPEN = "state IN ('queued', 'sending', 'submitted', 'unknown')"
HOUR = 3600.0
LONGEST = 130 * HOUR
"""A refund that nobody can tell of is given up after 72 hours, a note after 24 hours of tries."""
CLOSELY = 0.7 * HOUR
"""For so long nobody sleeps."""
NIGHT = 6 * HOUR


async def pass_until_all_ended(database: Path, clock: MortalClock) -> None:
    """Until nothing is to come by itself any more, or for so long that it should have."""
    await _pass_until(clock, lambda: _all_ended(database))


async def pass_until_a_feed_is_stuck(database: Path, clock: MortalClock) -> None:
    """Or until nothing is to come by itself any more."""
    await _pass_until(
        clock, lambda: bool(_count(database, "feeds WHERE stuck_since IS NOT NULL")) or _all_ended(database)
    )


async def pass_until_a_person_is_needed(database: Path, clock: MortalClock, order_id: str) -> None:
    """The same for one order: a piece of its work needs a person, or none of it is open any more."""

    def is_needed() -> bool:
        return bool(
            _count(database, "work WHERE state = 'needs_attention' AND order_id = ?", order_id)
            or not _count(database, f"work WHERE {OPEN} AND order_id = ?", order_id)
        )

    await _pass_until(clock, is_needed)


async def _pass_until(clock: MortalClock, is_so: Callable[[], bool]) -> None:
    began, step = clock.monotonic(), 150.0
    while not clock.is_dead and not is_so():
        passed = clock.monotonic() - began
        if passed > LONGEST:
            return
        if passed < CLOSELY:
            await clock.advance(step)
        else:
            await clock.pass_by(step, asleep=NIGHT if passed > 6 * HOUR else HOUR / 2)
        step = min(HOUR if passed < 6 * HOUR else NIGHT, 2 * step)


def _all_ended(database: Path) -> bool:
    return not _count(database, f"work WHERE {OPEN}") and not _count(database, "feeds WHERE ended_at IS NULL")


def _count(database: Path, what: str, *values: str) -> int:
    with sqlite3.connect(database) as book:
        (number,) = book.execute(f"SELECT count(*) FROM {what}", values).fetchone()  # noqa: S608 (table and column names written here)
    book.close()
    return number
