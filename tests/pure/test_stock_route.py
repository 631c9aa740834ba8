"""The way that finishes first, against the model of feeds (design, sections 5 and 12)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.stock.route import (
    FeedLane,
    FeedModel,
    Requests,
    Route,
    choose,
    feeds_take,
    requests_take,
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
