"""Token buckets: never over an exactly kept budget, hardly a token idle (Amazon's reference 2.6)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.assumptions import TRANSIT_JITTER
from channeld.amazon.bucket import TokenBucket
from channeld.amazon.operations import OPERATIONS
from channeld.amazon.waiters import Priority, WaitQueue

PUBLISHED = [
    (0.0056, 20),
    (0.5, 30),
    (0.016, 15),
    (5.0, 5),
    (2.0, 10),
    (0.0083, 15),
    (5.0, 10),
    (0.5, 1),
    (1.0, 2),
    (2.0, 2),
]


def test_the_rates_are_the_published_ones() -> None:
    assert {name: (o.rate, o.burst) for name, o in OPERATIONS.items()} == {
        "searchOrders": (0.0056, 20),
        "getOrder": (0.5, 30),
        "getMarketplaceParticipations": (0.016, 15),
        "confirmShipment": (2, 10),
        "createFeedDocument": (0.5, 15),
        "createFeed": (0.0083, 15),
        "getFeed": (2, 15),
        "getFeeds": (0.0222, 10),
        "getFeedDocument": (0.0222, 10),
        "listTransactions": (0.5, 10),
        "createReport": (0.0167, 15),
        "getReport": (2, 15),
        "getReports": (0.0222, 10),
        "cancelReport": (0.0222, 10),
        "getReportDocument": (0.0167, 15),
        "searchListingsItems": (5, 5),
        "getListingsItem": (5, 5),
        "patchListingsItem": (5, 5),
        "putListingsItem": (5, 5),
    }


def test_only_what_does_something_is_never_repeated_blindly() -> None:
    effective = {name for name, o in OPERATIONS.items() if not o.repeat_safe}
    writes = {"patchListingsItem", "putListingsItem"}
    assert effective == {"confirmShipment", "createFeed", "createReport"} | writes


class _Server:
    """Amazon's bucket, kept exactly, full at the start."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst, self.tokens, self.at = rate, burst, burst, 0.0
        self.over = 0

    def arrive(self, at: float) -> None:
        self.tokens = min(self.burst, self.tokens + self.rate * (at - self.at))
        self.at = at
        if self.tokens < 1 - 1e-6:
            self.over += 1
        else:
            self.tokens -= 1


@settings(max_examples=150, deadline=None)
@given(
    published=st.sampled_from(PUBLISHED),
    demands=st.lists(st.tuples(st.floats(0, 400), st.integers(1, 40)), min_size=1, max_size=8),
    delays=st.lists(st.sampled_from([0.0, 0.1, TRANSIT_JITTER]), min_size=1, max_size=20),
    restart_at=st.integers(1, 60),
)
def test_never_over_budget_however_requests_come_and_travel(
    published: tuple[float, int],
    demands: list[tuple[float, int]],
    delays: list[float],
    restart_at: int,
) -> None:
    """Demands come in bunches after pauses, travel for different times, and the daemon starts again once."""
    rate, burst = published
    bucket = TokenBucket(rate=rate, burst=burst, tokens=burst, now=0.0)
    now, arrivals = 0.0, list[float]()
    for pause, count in demands:
        now += pause
        for _ in range(count):
            now += bucket.wait(now)
            while not bucket.take(now):
                now += 1e-6
            arrivals.append(now + delays[len(arrivals) % len(delays)])
            if len(arrivals) == restart_at:
                bucket = TokenBucket(rate=rate, burst=burst, tokens=bucket.tokens(now), now=now)
    server = _Server(rate, burst)
    for at in sorted(arrivals):
        server.arrive(at)
    assert server.over == 0


@pytest.mark.parametrize(("rate", "burst"), [(r, b) for r, b in PUBLISHED if b > 1])
def test_less_than_two_percent_of_tokens_idle_while_work_waits(rate: float, burst: int) -> None:
    bucket = TokenBucket(rate=rate, burst=burst, tokens=0, now=0.0)
    now, sent, span = 0.0, 0, 500 / rate
    while now < span:
        now += bucket.wait(now) + 0.001
        sent += bucket.take(now)
    assert sent >= 0.98 * rate * span


def test_a_full_bucket_holds_back_what_flows_in_while_requests_travel() -> None:
    bucket = TokenBucket(rate=5, burst=10, tokens=10, now=0.0)
    assert bucket.capacity == pytest.approx(10 - 5 * 0.25)
    assert sum(bucket.take(0.0) for _ in range(20)) == 8


def test_waits_tell_when_tokens_have_come_together() -> None:
    bucket = TokenBucket(rate=0.5, burst=30, tokens=0, now=0.0)
    assert bucket.wait(0.0) == pytest.approx(2)
    assert bucket.wait(0.0, 3) == pytest.approx(6)
    assert not bucket.take(1.9)
    assert bucket.take(2.0)


def test_draining_waits_at_least_one_beat_and_the_penalty() -> None:
    bucket = TokenBucket(rate=0.5, burst=30, tokens=30, now=0.0)
    bucket.drain(0.0, penalty=3)
    assert bucket.wait(0.0) == pytest.approx(2 + 3)


def test_a_new_rate_counts_from_now_on_and_the_burst_stays() -> None:
    bucket = TokenBucket(rate=0.5, burst=30, tokens=0, now=0.0)
    bucket.reseed(2.0, now=4.0)
    assert bucket.tokens(4.0) == pytest.approx(2)
    assert bucket.tokens(5.0) == pytest.approx(4)
    assert bucket.burst == 30


def test_a_clock_that_stands_or_goes_back_gives_no_tokens() -> None:
    bucket = TokenBucket(rate=1, burst=5, tokens=1, now=100.0)
    assert bucket.tokens(50.0) == 1


def test_the_queue_goes_by_class_deadline_and_arrival() -> None:
    queue = WaitQueue()
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    bulk = queue.join(Priority.BULK, None)
    fresh = [queue.join(Priority.FRESHNESS, deadline) for deadline in (None, late, early, early)]
    page = queue.join(Priority.CONTINUATION, None)
    order = list[object]()
    while first := queue.first():
        order.append(first)
        queue.leave(first)
    assert order == [page, fresh[2], fresh[3], fresh[1], fresh[0], bulk]


def test_one_token_in_eight_goes_to_the_oldest() -> None:
    queue = WaitQueue()
    oldest = queue.join(Priority.BULK, None)
    served = list[bool]()
    for _ in range(16):
        queue.join(Priority.PERSON, None)
        first = queue.first()
        assert first
        served.append(first is oldest)
        queue.granted()
        queue.leave(first)
        if first is oldest:
            oldest = queue.join(Priority.BULK, None)
    assert served.index(True) == 7
