"""Which orders of Amazon's report the book should have and has not (Amazon's reference, 4.1, step 5).

Searches have been seen to leave out orders that exist, so what they brought is compared with a report once a
day. A report learns of changes with a delay, and says nothing of orders that the search has yet to come to.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from channeld.domain.reported_order import ReportedOrder
from channeld.domain.search_plan import OVERLAP

__all__ = [
    "REPORT_LAG",
    "GapKind",
    "Reach",
    "compared_up_to",
    "doubt_of",
    "gap_of",
    "is_expected",
    "next_comparison",
    "reach",
    "span",
]

GapKind = Literal["missing", "behind"]

REPORT_LAG = timedelta(minutes=30)
"""So late a report may learn of a change."""
EVERY = timedelta(hours=24)
AFTER_FAILURE = timedelta(hours=4)
AGAIN = timedelta(hours=1)
"""A report begins this much before the end of the one before."""
LONGEST = timedelta(days=30)
"""Amazon gives no more at once."""
MOST_BAD = 0.01
"""The part of a report's lines that may be unreadable for it to count as whole."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """The time over which the searches of a channel should have brought everything."""

    channel_id: int
    since: datetime
    """Where its first search began."""
    until: datetime
    """Up to where it has been searched for good."""
    fba: bool
    """Whether orders that Amazon fulfils are booked."""


def reach(
    channel_id: int, first_enabled_at: datetime, look_back: timedelta, cursor: datetime, *, fba: bool
) -> Reach:
    """The reach of a channel whose cursor stands there."""
    return Reach(channel_id=channel_id, since=first_enabled_at - look_back, until=cursor - OVERLAP, fba=fba)


def gap_of(
    reported: ReportedOrder, within: Reach, booked_at: datetime | None, *, set_aside: bool
) -> GapKind | None:
    """What is wrong with the book's order; None if nothing is, or if the order need not be in the book.

    `booked_at`: Amazon's time of change of the order in the book, if it is there. `set_aside`: it is in
    quarantine, or was left alone.
    """
    if not is_expected(reported, within):
        return None
    if booked_at is None:
        return None if set_aside else "missing"
    is_behind = reported.updated_at is not None and reported.updated_at - booked_at > REPORT_LAG
    return "behind" if is_behind and not set_aside else None


def is_expected(reported: ReportedOrder, within: Reach) -> bool:
    """Whether the searches should have brought it, and the book should have kept it."""
    at = reported.updated_at
    is_ours = within.fba or reported.fulfillment_channel != "Amazon"
    return is_ours and at is not None and within.since < at < within.until


def span(compared_to: Iterable[datetime], now: datetime) -> tuple[datetime, datetime] | None:
    """What the next report should be about, in whole seconds; None if there is nothing yet.

    `compared_to`: up to where each channel was compared, or where its first search began.
    """
    end = (now - REPORT_LAG).replace(microsecond=0)
    first = min(compared_to, default=end)
    begin = max(first - AGAIN, end - LONGEST).replace(microsecond=0)
    return (begin, end) if first < end else None


def compared_up_to(before: datetime | None, within: Reach, start: datetime, end: datetime) -> datetime | None:
    """Up to where a channel is compared after a whole report of that time: without a hole, or as before."""
    known = within.since if before is None else before
    reached = min(end, within.until)
    return reached if start <= max(known, end - LONGEST) and reached > known else before


def doubt_of(rows: int, bad_rows: int) -> str:
    """Why a report that came whole does not tell that nothing is missing; empty if it does."""
    return f"{bad_rows} of its {rows} lines could not be read" if bad_rows > MOST_BAD * rows else ""


def next_comparison(
    first_enabled_at: datetime | None, last_begun: datetime | None, *, failed: bool
) -> datetime | None:
    """When orders are compared next; None while no channel was ever searched."""
    if last_begun is not None:
        return last_begun + (AFTER_FAILURE if failed else EVERY)
    return first_enabled_at + EVERY if first_enabled_at else None
