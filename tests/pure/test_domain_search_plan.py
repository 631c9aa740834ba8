"""Which order search runs next (semantics C5)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.search_plan import (
    CatchUp,
    Live,
    Place,
    SearchKind,
    next_kind,
    next_slice,
    plan_catch_up,
    plan_live,
)
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW

AGES = st.lists(st.integers(-60, 60 * 24 * 40), min_size=1, max_size=8)
"""How many minutes ago each channel was read; below 0 where a clock is wrong."""


def places(*minutes_ago: int) -> list[Place]:
    return [Place(channel_id=n, cursor=NOW - ago * MINUTE) for n, ago in enumerate(minutes_ago, 1)]


def test_no_channel_no_search() -> None:
    assert plan_live([], NOW) is None
    assert plan_catch_up([], NOW) is None


def test_channels_about_equally_far_share_a_search_from_the_smallest() -> None:
    together = places(5, 19, 12)
    assert plan_live(together, NOW) == Live(channel_ids=(1, 2, 3), after=NOW - 29 * MINUTE)
    assert plan_catch_up(together, NOW) is None


def test_channel_15_minutes_behind_searches_by_itself() -> None:
    apart = places(5, 20)
    assert plan_live(apart, NOW) == Live(channel_ids=(1,), after=NOW - 15 * MINUTE)
    catch_up = plan_catch_up(apart, NOW)
    assert catch_up is not None
    assert (catch_up.channel_ids, catch_up.after) == ((2,), NOW - 30 * MINUTE)
    assert catch_up.before <= NOW - 2 * MINUTE


def test_new_channel_catches_up_a_week_at_a_time() -> None:
    month_behind = 30 * 24 * 60
    plan = plan_catch_up(places(3, month_behind), NOW)
    start = NOW - 30 * DAY
    assert plan == CatchUp(channel_ids=(2,), after=start - 10 * MINUTE, before=start + 7 * DAY)


def test_default_look_back_is_one_search() -> None:
    """Each further one would cost a page that is not full."""
    plan = plan_catch_up(places(7 * 24 * 60), NOW)
    assert plan is not None
    assert NOW - plan.before < 3 * MINUTE


def test_channel_furthest_behind_catches_up_first_and_stops_where_another_is() -> None:
    plan = plan_catch_up(places(3, 9000, 8000), NOW)
    assert plan is not None
    assert plan.channel_ids == (2,)
    assert plan.before == NOW - 8000 * MINUTE


def test_channels_enabled_one_after_the_other_soon_share_their_searches() -> None:
    cursors = {1: NOW - 7 * DAY, 2: NOW - 7 * DAY + MINUTE, 3: NOW - 6 * DAY}
    searches = 0
    while slice_ := plan_catch_up([Place(channel_id=n, cursor=c) for n, c in cursors.items()], NOW, DAY):
        cursors |= dict.fromkeys(slice_.channel_ids, slice_.before)
        searches += 1
    assert searches == 6  # one a day until the live search takes over


def test_account_that_lags_as_a_whole_only_catches_up() -> None:
    old = places(2 * 24 * 60, 2 * 24 * 60 + 5)
    assert plan_live(old, NOW) is None
    plan = plan_catch_up(old, NOW)
    assert plan is not None
    assert plan.channel_ids == (1, 2)


def test_clock_that_is_slow_sets_no_cursor_back() -> None:
    assert plan_catch_up(places(-60, -5), NOW) is None
    assert plan_catch_up(places(-60, 1), NOW) is None


def test_slices_halve_while_they_take_over_100_pages() -> None:
    assert next_slice(DAY, 100) == DAY
    assert next_slice(DAY, 101) == 12 * HOUR
    assert next_slice(40 * MINUTE, 101) == 30 * MINUTE


@settings(max_examples=50, deadline=None)
@given(AGES)
def test_every_channel_is_searched_and_none_twice(ages: list[int]) -> None:
    live, catch_up = plan_live(places(*ages), NOW), plan_catch_up(places(*ages), NOW)
    searched = [*(live.channel_ids if live else ()), *(catch_up.channel_ids if catch_up else ())]
    assert searched
    assert len(set(searched)) == len(searched)


@settings(max_examples=50, deadline=None)
@given(AGES, st.integers(30, 24 * 60))
def test_a_search_skips_nothing_and_sets_no_cursor_back(ages: list[int], length: int) -> None:
    cursors = {place.channel_id: place.cursor for place in places(*ages)}
    live, catch_up = plan_live(places(*ages), NOW), plan_catch_up(places(*ages), NOW, length * MINUTE)
    if live:
        assert all(live.after <= cursors[n] - 10 * MINUTE for n in live.channel_ids)
    if catch_up:
        mine = [cursors[n] for n in catch_up.channel_ids]
        assert catch_up.after == min(mine) - 10 * MINUTE
        assert max(mine) < catch_up.before <= NOW - 2 * MINUTE
        assert catch_up.before - min(mine) <= length * MINUTE


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 60 * 24 * 30), min_size=1, max_size=5), st.lists(st.integers(0, 300), min_size=1)
)
def test_every_channel_arrives_at_the_present(ages: list[int], pages: list[int]) -> None:
    now, cursors, length = NOW, {place.channel_id: place.cursor for place in places(*ages)}, DAY
    for step in range(4000):
        present = [Place(channel_id=n, cursor=cursor) for n, cursor in cursors.items()]
        plan = plan_catch_up(present, now, length)
        if plan is None:
            break
        length = next_slice(length, pages[step % len(pages)])
        cursors |= dict.fromkeys(plan.channel_ids, plan.before)
    assert max(cursors.values()) - min(cursors.values()) < 15 * MINUTE
    assert plan_live([Place(channel_id=n, cursor=at) for n, at in cursors.items()], now) is not None


@pytest.mark.parametrize("last", ["live", "catch_up", None])
def test_live_search_waits_for_nothing_but_its_turn(last: SearchKind | None) -> None:
    assert next_kind(live_wanted=True, catch_up_wanted=False, last=last, to_spare=False) == "live"
    assert next_kind(live_wanted=False, catch_up_wanted=False, last=last, to_spare=True) is None


def test_idle_budget_goes_to_catching_up() -> None:
    assert next_kind(live_wanted=False, catch_up_wanted=True, last="catch_up", to_spare=True) == "catch_up"
    assert next_kind(live_wanted=False, catch_up_wanted=True, last="catch_up", to_spare=False) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_catching_up_takes_at_most_every_second_token(wishes: list[tuple[bool, bool]]) -> None:
    last: SearchKind | None = None
    for live_wanted, to_spare in wishes:
        kind = next_kind(live_wanted=live_wanted, catch_up_wanted=True, last=last, to_spare=to_spare)
        if last is None and live_wanted:
            assert kind == "live"
        if last == "catch_up" and kind == "catch_up":
            assert to_spare
            assert not live_wanted
        last = kind or last
