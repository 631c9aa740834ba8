"""When a listing download will be done (semantics H4)."""

from datetime import timedelta

import pytest

from channeld.domain.listing.estimate import Course, Lessons, estimate
from tests.bench.estimate import judged
from tests.support.fake_clock import START

MINUTE = timedelta(minutes=1)
KNOWN = Lessons(waits=(600.0, 540.0, 720.0), fetch_rates=(1_000.0,), process_rates=(500.0,), rows=30_000)


def test_without_anything_learnt_amazon_is_given_a_quarter_of_an_hour() -> None:
    found = estimate(Course(begun=[START], full=False), Lessons(), START)
    assert timedelta(minutes=15) <= found.completion - START < timedelta(minutes=16)
    assert (found.progress, found.overdue) == (0.0, None)


def test_each_phase_adds_what_it_usually_takes() -> None:
    found = estimate(Course(begun=[START], full=False), KNOWN, START + 2 * MINUTE)
    assert found.completion - START == timedelta(seconds=600 + 30 + 60)
    assert found.progress == pytest.approx(120 / 690)


def test_only_the_last_ten_waits_count() -> None:
    lessons = Lessons(waits=[60.0] * 10 + [6_000.0] * 90, rows=1)
    found = estimate(Course(begun=[START], full=False), lessons, START)
    assert found.completion - START < 2 * MINUTE


def test_a_phase_that_is_over_took_what_it_took() -> None:
    fetching = START + 5 * MINUTE
    found = estimate(Course(begun=[START, fetching], full=False), KNOWN, fetching)
    assert found.completion - fetching == timedelta(seconds=30 + 60)


def test_a_phase_that_takes_longer_is_overdue_and_never_done_in_the_past() -> None:
    now = START + 20 * MINUTE
    found = estimate(Course(begun=[START], full=False), KNOWN, now)
    assert found.overdue == 10 * MINUTE
    assert found.completion - now == 5 * MINUTE + timedelta(seconds=90)
    assert found.progress < 1


def test_rows_that_are_known_and_done_count_more_than_what_was_usual() -> None:
    began = START + 10 * MINUTE
    course = Course(begun=[START, began, began], full=False, rows_total=100_000, rows_done=25_000)
    found = estimate(course, KNOWN, began + MINUTE)
    assert found.completion - began == 4 * MINUTE


def test_details_take_as_long_as_the_quota_lets_them() -> None:
    course = Course(begun=[START] * 4, full=True, rows_total=30_000, details_total=30_000)
    assert estimate(course, KNOWN, START).completion - START == timedelta(seconds=300)
    granted = Lessons(calls_per_second=10)
    assert estimate(course, granted, START).completion - START == timedelta(seconds=150)


def test_a_fetch_that_is_put_off_is_counted() -> None:
    course = Course(begun=[START, START], full=False, not_before=START + 10 * MINUTE)
    found = estimate(course, KNOWN, START + MINUTE)
    assert found.overdue is None
    assert found.completion - START == timedelta(seconds=600 + 30 + 60)


@pytest.mark.parametrize("seed", range(3))
def test_from_half_way_on_it_is_less_than_a_fifth_wrong(seed: int) -> None:
    found = judged(seed, full=False)
    assert found.median_error < 0.2
    assert found.in_the_past == 0
