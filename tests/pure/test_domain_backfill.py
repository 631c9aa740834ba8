"""When a backfill takes a second route, and how the search leaves room for it."""

from datetime import datetime, timedelta

import pytest

from channeld.domain.backfill import PAGE, READS_TAKEN, is_followed, pages_ahead, slice_end, worth_asking
from channeld.domain.search_plan import Place
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW

WEEK = 7 * DAY


def places(*cursors: datetime) -> list[Place]:
    return [Place(channel_id=number, cursor=cursor) for number, cursor in enumerate(cursors, 1)]


def test_a_report_is_asked_for_where_a_channel_is_far_behind() -> None:
    assert worth_asking(places(NOW - HOUR), NOW) is None
    assert worth_asking(places(NOW - HOUR, NOW - 20 * HOUR), NOW) is None
    plan = worth_asking(places(NOW - HOUR, NOW - WEEK, NOW - WEEK + MINUTE), NOW)
    assert plan is not None
    assert plan.channel_ids == (2, 3), "those that lag share it"
    assert plan.after <= NOW - WEEK
    assert plan.before <= NOW - HOUR, "from there on the others' search brings them"
    alone = worth_asking(places(NOW - WEEK), NOW)
    assert alone is not None and alone.before == NOW - 30 * MINUTE, "a report learns late of changes"


def test_a_report_is_about_thirty_days_at_most() -> None:
    plan = worth_asking(places(NOW - 45 * DAY), NOW)
    assert plan is not None and plan.before - plan.after <= 30 * DAY


@pytest.mark.parametrize("left", [0, 50, 119, 120, 399, 400, 5_000, 1_000_000])
def test_slices_never_reach_what_is_read_by_id(left: int) -> None:
    pages = pages_ahead(left)
    assert pages * PAGE <= max(0, left - READS_TAKEN)
    assert bool(pages) == (left >= 120)


def test_a_slice_ends_between_two_orders() -> None:
    assert NOW < slice_end(NOW, NOW + timedelta(seconds=1)) < NOW + timedelta(seconds=1)
    assert NOW < slice_end(NOW, None) < NOW + timedelta(seconds=1)
    assert slice_end(NOW, NOW) < NOW, "what does not fit is left to the next one"


@pytest.mark.parametrize(
    ("found", "moved_at", "follows"),
    [
        (places(NOW - WEEK, NOW - WEEK), NOW, True),
        (places(NOW - WEEK, NOW - WEEK, NOW - HOUR), NOW, True),
        (places(NOW - WEEK), NOW, False),
        (places(NOW - WEEK, NOW - HOUR), NOW, False),
        (places(NOW - 2 * WEEK, NOW - 2 * WEEK), NOW, False),
        (places(NOW - WEEK, NOW - WEEK, NOW - WEEK), NOW, False),
        (places(NOW - WEEK, NOW - WEEK), NOW - HOUR, False),
    ],
    ids=["fits", "another is live", "one is off", "one is elsewhere", "set back", "a third lags", "asleep"],
)
def test_the_search_keeps_to_a_plan_that_fits(found: list[Place], moved_at: datetime, follows: bool) -> None:
    assert is_followed((1, 2), NOW - WEEK - HOUR, NOW - HOUR, moved_at, found, NOW) is follows
