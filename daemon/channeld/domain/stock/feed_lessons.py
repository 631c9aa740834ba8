"""How long Amazon works on an account's listings feeds, learnt from those that have ended; when to look."""

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from channeld.domain.stock.route import FEED_MODEL, FeedModel

__all__ = ["learnt", "seconds_for", "seconds_to_look"]

APART = 1_000
"""Messages by which feeds must differ to tell what one takes: their ends are known to a second or two."""
SOONEST, LATEST = 1.0, 60.0
"""Seconds between two looks at a feed. Two looks are granted in a second, to all feeds of the account."""
PART = 8
"""So small a part of what lies between now and the expected end passes until the next look."""
LEAST = 1.0
"""Seconds that a feed takes at least, whatever was measured."""


def learnt(ended: Sequence[tuple[int, float]], most: int) -> FeedModel:
    """From the messages and seconds of feeds that have ended; without any the guess stands.

    Medians, so that a feed which was stuck, or waited behind another program's, teaches nothing.
    `most`: messages of a feed.
    """
    if not ended:
        return FeedModel(fixed=FEED_MODEL.fixed, each=FEED_MODEL.each, most=most)
    slopes = [
        (one[1] - other[1]) / (one[0] - other[0])
        for one, other in combinations(ended, 2)
        if abs(one[0] - other[0]) >= APART
    ]
    each = max(0.0, median(slopes)) if slopes else FEED_MODEL.each
    fixed = median(seconds - each * messages for messages, seconds in ended)
    return FeedModel(fixed=max(LEAST, fixed), each=each, most=most)


def seconds_for(model: FeedModel, messages: int) -> float:
    """How long a feed of so many is expected to take."""
    return model.fixed + model.each * messages


def seconds_to_look(elapsed: float, expected: float) -> float:
    """Until the next look at a feed: soon about its expected end, the more rarely the further from it.

    It also looks well before, or a feed that got quicker would never be known to have.
    """
    return min(max(abs(expected - elapsed) / PART, SOONEST), LATEST)
