"""By which way many SKUs are told soonest: a request for each, or feeds (design, sections 5 and 12).

Seconds everywhere, from now. "Finished" is when Amazon has taken the last one.
"""

from bisect import bisect_left
from enum import StrEnum

import msgspec

__all__ = [
    "FEED_MODEL",
    "FeedLane",
    "FeedModel",
    "Requests",
    "Route",
    "choose",
    "feeds_take",
    "requests_take",
    "share",
]

WORTH = 0.95
"""A feed is only made when all is told in less than so much of the time that requests alone would take."""


class Route(StrEnum):
    """A way to tell Amazon a value; as stored."""

    PATCH = "patch"
    """A request of its own."""
    FEED = "feed"
    """A message in a JSON listings feed."""


class FeedModel(msgspec.Struct, frozen=True, kw_only=True):
    """How long Amazon works on a feed."""

    fixed: float
    each: float
    """For each message."""
    most: int
    """Messages in one feed. Those of a type are worked on one after another."""


FEED_MODEL = FeedModel(fixed=60.0, each=0.02, most=10_000)
"""A guess until an account's own feeds have told better. Sources say 10,000 and 25,000 messages; the lower
one holds with both."""


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """The budget of single requests as it is now."""

    rate: float
    """Tokens a second."""
    tokens: float
    """There now, with what waits ahead taken off: below zero if that is more."""
    latency: float = 0.3


class FeedLane(msgspec.Struct, frozen=True, kw_only=True):
    """The account's way for feeds as it is now."""

    model: FeedModel = FEED_MODEL
    ready_in: float = 0.0
    """Until a feed can be handed in: budgets, and five submissions in five minutes."""
    busy_for: float = 0.0
    """Until the feed that Amazon works on has ended."""
    stuck: bool = False
    """It has not moved within its limit: nobody knows when it ends."""


def choose(count: int, requests: Requests, lane: FeedLane) -> Route:
    """The way that finishes first; requests when it is the same, as nothing waits for their end."""
    return Route.FEED if feeds_take(count, lane) < requests_take(count, requests) else Route.PATCH


def share(count: int, requests: Requests, lane: FeedLane, at_most: int | None = None) -> int:
    """How many go by feed, `at_most` so many, so that feeds and requests, side by side, finish together.

    0 when requests alone finish first, or hardly later.
    """
    most = count if at_most is None else min(count, at_most)

    def later_of_both(fed: int) -> float:
        return max(feeds_take(fed, lane), requests_take(count - fed, requests))

    def feeds_end_last(fed: int) -> bool:
        return feeds_take(fed, lane) >= requests_take(count - fed, requests)

    crossing = bisect_left(range(most + 1), True, key=feeds_end_last)
    best = min({max(0, crossing - 1), min(crossing, most)}, key=lambda fed: (later_of_both(fed), fed))
    return best if later_of_both(best) < WORTH * requests_take(count, requests) else 0


def requests_take(count: int, requests: Requests) -> float:
    """Until the last of so many was answered."""
    if not count:
        return 0.0
    return max(0.0, count - requests.tokens) / requests.rate + requests.latency


def feeds_take(count: int, lane: FeedLane) -> float:
    """Until the last message of so many was worked on; infinite on a stuck lane."""
    if not count:
        return 0.0
    if lane.stuck:
        return float("inf")
    feeds = -(-count // lane.model.most)
    return max(lane.ready_in, lane.busy_for) + feeds * lane.model.fixed + count * lane.model.each
