"""The way that finishes first, against the model of feeds (design, sections 5 and 12)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.stock.feed_lessons import learnt
from channeld.domain.stock.route import (
    FeedLane,
    FeedModel,
    Requests,
    Route,
    choose,
    feeds_take,
    requests_take,
    share,
)

FULL = Requests(rate=5, tokens=0)
FREE = FeedLane()


@pytest.mark.parametrize(
    ("count", "requests", "lane", "route"),
    [
        (1, FULL, FREE, Route.PATCH),
        (300, FULL, FREE, Route.PATCH),
        (350, FULL, FREE, Route.FEED),
        (350, FULL, FeedLane(busy_for=60), Route.PATCH),
        (1_000, FULL, FREE, Route.FEED),
        (1_000, FULL, FeedLane(ready_in=300), Route.PATCH),
        (100_000, FULL, FREE, Route.FEED),
        (100_000, FULL, FeedLane(stuck=True), Route.PATCH),
        (1, Requests(rate=5, tokens=-10_000), FREE, Route.FEED),
        (0, FULL, FREE, Route.PATCH),
    ],
)
def test_the_way(count: int, requests: Requests, lane: FeedLane, route: Route) -> None:
    assert choose(count, requests, lane) is route


def test_feeds_of_a_type_are_worked_on_one_after_another() -> None:
    lane = FeedLane(model=FeedModel(fixed=60, each=0.02, most=25_000), busy_for=30)

    assert feeds_take(25_000, lane) == 30 + 60 + 500
    assert feeds_take(25_001, lane) == pytest.approx(30 + 120 + 500.02)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 200_000), st.floats(1, 50), st.floats(-1000, 10), st.floats(0, 600), st.floats(0, 600))
def test_never_the_later_one(count: int, rate: float, tokens: float, ready: float, busy: float) -> None:
    requests, lane = Requests(rate=rate, tokens=tokens), FeedLane(ready_in=ready, busy_for=busy)
    taken = {Route.PATCH: requests_take(count, requests), Route.FEED: feeds_take(count, lane)}

    assert taken[choose(count, requests, lane)] == min(taken.values())


@pytest.mark.parametrize(
    ("count", "requests", "lane"),
    [
        (0, FULL, FREE),
        (1, FULL, FREE),
        (300, FULL, FREE),
        (1_000, FULL, FeedLane(ready_in=300)),
        (100_000, FULL, FeedLane(stuck=True)),
    ],
)
def test_nothing_goes_by_feed_when_requests_alone_finish_first(
    count: int, requests: Requests, lane: FeedLane
) -> None:
    assert share(count, requests, lane) == 0


@pytest.mark.parametrize("count", [350, 1_000, 9_999, 100_000])
def test_both_ways_finish_together(count: int) -> None:
    fed = share(count, FULL, FREE)
    one_feed_more = FREE.model.fixed * (fed % FREE.model.most < 5)

    assert feeds_take(fed, FREE) == pytest.approx(requests_take(count - fed, FULL), abs=1 + one_feed_more)


def test_a_thousand_end_sooner_by_both_ways_than_by_one() -> None:
    fed = share(1_000, FULL, FREE)

    assert requests_take(1_000 - fed, FULL) < 0.92 * feeds_take(1_000, FREE)


def test_no_more_go_by_feed_than_may() -> None:
    assert share(10_000, FULL, FREE, at_most=2_000) == 2_000
    assert share(10_000, FULL, FREE, at_most=10) == 0, "so few are not worth a feed"


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 30_000), st.floats(1, 50), st.floats(-1000, 10), st.floats(0, 600), st.integers(1, 9_000)
)
def test_what_goes_by_feed_saves_time(
    count: int, rate: float, tokens: float, ready: float, most: int
) -> None:
    requests = Requests(rate=rate, tokens=tokens)
    lane = FeedLane(model=FeedModel(fixed=60, each=0.02, most=most), ready_in=ready)
    alone = requests_take(count, requests)

    fed = share(count, requests, lane)
    together = max(feeds_take(fed, lane), requests_take(count - fed, requests))

    assert 0 <= fed <= count
    assert together <= alone
    if choose(count, requests, lane) is Route.PATCH and fed:
        assert together < alone


def test_how_long_feeds_take_is_learnt_from_those_that_have_ended() -> None:
    learnt_of = learnt([(1_000, 130.0), (10_000, 1030.0), (5_000, 530.0), (5_000, 9_000.0)], 25_000)

    assert learnt_of.each == pytest.approx(0.1, rel=0.01)
    assert learnt_of.fixed == pytest.approx(30, rel=0.1)
    assert learnt_of.most == 25_000


def test_one_feed_teaches_what_is_the_same_for_all() -> None:
    assert learnt([(500, 40.0)], 10_000) == FeedModel(fixed=30, each=0.02, most=10_000)
    assert learnt([], 7).fixed == 60
    assert learnt([(10_000, 1.0)], 7).fixed > 0
