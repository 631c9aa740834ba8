"""Reading many orders of the past by two routes at once (Amazon's reference, 4.1, step 4). Pure.

Searches go forward from the oldest order, a hundred for a token of three minutes. A report tells the ids of
all, so single reads go backwards from the newest, one in two seconds. Both meet. The slices of the search are
cut at the report's times: their pages are full, and none reaches what is read by id.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from channeld.domain.gaps import REPORT_LAG
from channeld.domain.search_plan import LIVE_LAG, TOGETHER, CatchUp, Place, plan_catch_up

__all__ = [
    "AFTER_FAILURE",
    "PAGE",
    "READS_TAKEN",
    "SETTLED",
    "WORTH",
    "asleep_at",
    "is_followed",
    "pages_ahead",
    "slice_end",
    "worth_asking",
]

PAGE = 100
"""Orders on a page of a search."""
WORTH = timedelta(hours=1)
"""The second route is taken where searches alone would need more than this."""
READS_TAKEN = 20
"""Orders that are taken to be read by id, the newest ones."""
LEAST_AHEAD = PAGE + READS_TAKEN
"""With fewer left no more slices begin: reading them by id ends sooner than the next token comes."""
SHARE = 4
"""A slice takes at most this part of what is left, so that the reads never catch up with it."""
MOST_PAGES = 20
ASLEEP = timedelta(minutes=30)
"""Without a single read for so long, the search goes on as if there were no other route."""
SETTLED = timedelta(minutes=1)
"""Channels are often switched on one after another; they share their searches."""
AFTER_FAILURE = timedelta(hours=6)
LONGEST = timedelta(days=30)
_MOMENT = timedelta(microseconds=1)
_SECOND = timedelta(milliseconds=999)
"""The report tells whole seconds."""


def worth_asking(places: Iterable[Place], now: datetime) -> CatchUp | None:
    """The channels that are furthest behind, and the time that a report of their orders should be about.

    None where nothing lags by more than a day.
    """
    plan = plan_catch_up(places, now, LONGEST)
    if plan is None:
        return None
    begin, end = _span(plan, now)
    if end - begin <= LIVE_LAG:
        return None
    return CatchUp(channel_ids=plan.channel_ids, after=begin, before=end)


def _span(plan: CatchUp, now: datetime) -> tuple[datetime, datetime]:
    """In whole seconds; not up to where the report may lack what has changed."""
    begin = plan.after.replace(microsecond=0)
    return begin, min(plan.before, now - REPORT_LAG, begin + LONGEST).replace(microsecond=0)


def is_followed(
    channel_ids: Iterable[int],
    data_from: datetime,
    data_to: datetime,
    moved_at: datetime,
    places: Iterable[Place],
    now: datetime,
) -> bool:
    """Whether the search keeps to the plan: its channels are where it expects them, and reads go on."""
    by_id = {place.channel_id: place.cursor for place in places}
    taking_part = [by_id.pop(channel_id, None) for channel_id in channel_ids]
    cursors = [cursor for cursor in taking_part if cursor is not None]
    return (
        len(cursors) == len(taking_part) > 0
        and data_from <= min(cursors) < data_to
        and max(cursors) - min(cursors) < TOGETHER
        and not any(cursor < data_to - LIVE_LAG for cursor in by_id.values())
        and now - moved_at < ASLEEP
    )


def asleep_at(moved_at: datetime) -> datetime:
    """From then on the search goes on alone."""
    return moved_at + ASLEEP


def pages_ahead(left: int) -> int:
    """How many pages the next slice takes while so many orders are left to be read; 0: none."""
    return 0 if left < LEAST_AHEAD else max(1, min(left // (SHARE * PAGE), MOST_PAGES))


def slice_end(last: datetime, following: datetime | None) -> datetime:
    """Where a slice ends whose last order changed in that second, and the next one in that one.

    Orders of one second that do not fit on its pages are left to the next slice.
    """
    return last + _SECOND if following is None or following > last else last - _MOMENT
