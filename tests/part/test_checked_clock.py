"""The machine's clock against others: whose time is gone by, and what is said of it."""

from datetime import UTC, datetime, timedelta

import pytest

from channeld.runtime.checked_clock import SOURCES, CheckedClock
from channeld.runtime.clock import SystemClock
from tests.support.fake_clock import START, FakeClock

LONG, HOUR, MINUTE = timedelta(days=300), timedelta(hours=1), timedelta(minutes=1)


def test_before_anyone_was_heard_the_machine_is_believed(clock: FakeClock) -> None:
    checked = CheckedClock(clock)
    assert (checked.now(), checked.ahead, checked.is_right) == (START, None, None)


@pytest.mark.parametrize("off", [timedelta(), 4 * MINUTE, -4 * MINUTE])
def test_a_few_minutes_are_nothing(clock: FakeClock, off: timedelta) -> None:
    checked = CheckedClock(clock)
    checked.heard("api", START - off)
    assert checked.is_right
    assert checked.now() == START


async def test_a_clock_that_is_ahead_is_not_gone_by_and_time_goes_on(clock: FakeClock) -> None:
    checked = CheckedClock(clock)
    checked.heard("api", START - LONG)
    assert (checked.is_right, checked.ahead, checked.now()) == (False, LONG, START - LONG)
    await clock.advance(3600)
    assert checked.now() == START - LONG + HOUR


def test_a_clock_that_is_behind_is_not_gone_by_but_in_what_cannot_be_undone(clock: FakeClock) -> None:
    checked = CheckedClock(clock)
    checked.heard("api", START + HOUR)
    assert (checked.is_right, checked.ahead, checked.now()) == (False, -HOUR, START + HOUR)
    assert checked.cautious_now() == START
    clock.jump(2 * HOUR.total_seconds())
    assert checked.cautious_now() == START + HOUR


def test_a_jump_while_running_is_noticed_without_hearing_anyone_again(clock: FakeClock) -> None:
    checked = CheckedClock(clock)
    checked.heard("api", START)
    clock.jump(LONG.total_seconds())
    assert checked.now() == START
    clock.jump(-LONG.total_seconds())
    assert checked.is_right


def test_one_who_agrees_outweighs_any_number_who_do_not(clock: FakeClock) -> None:
    checked = CheckedClock(clock)
    for number in range(5):
        checked.heard(f"odd-{number}", START - number * LONG - HOUR)
    checked.heard("auth", START + MINUTE)
    assert checked.is_right
    for number in range(SOURCES):
        checked.heard(f"new-{number}", START - HOUR)
    assert checked.now() == START - HOUR, "those heard last are remembered"


def test_nonsense_is_not_heard(clock: FakeClock) -> None:
    checked = CheckedClock(clock)
    checked.heard("api", datetime(1970, 1, 1, tzinfo=UTC))
    assert checked.ahead is None
    checked.heard("api", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert checked.ahead is None


def test_a_verdict_is_told_when_it_changes(clock: FakeClock) -> None:
    told: list[bool | None] = []
    checked = CheckedClock(clock, lambda: told.append(checked.is_right))
    for instant in (START, START - HOUR, START, START - HOUR, START - HOUR):
        checked.heard("api", instant)
    assert told == [True], "an odd answer now and then is Amazon's own affair"
    for instant in (START - HOUR, START - HOUR, START):
        checked.heard("api", instant)
    assert told == [True, False, True]


def test_the_machine_s_monotonic_clock_goes_on() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
    assert clock.now().tzinfo is UTC
