"""How often a report is looked at, and from when on it counts as stuck (semantics H4, H6)."""

import math
from collections.abc import Sequence
from datetime import timedelta

__all__ = [
    "MAY_BE_UNSEEN",
    "STUCK_LOOKS",
    "STUCK_WATCHED",
    "until_next_look",
    "until_next_try",
    "until_stuck",
]

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=1)
AT_LEAST_STUCK, AT_MOST_STUCK = timedelta(hours=2), timedelta(hours=6)
STUCK_TIMES = 3
PERCENTILE = 0.95
STUCK_LOOKS = timedelta(minutes=10)
"""Between two looks at one that is stuck."""
STUCK_WATCHED = timedelta(days=1)
"""From then on nobody expects it any more."""
MAY_BE_UNSEEN = timedelta(minutes=10)
"""So long after it was taken Amazon may not find a report that it is making."""
_TRIES = (15, 60, 300)
"""Seconds until a step that failed is tried again; the last one for ever."""


def until_next_look(waited: timedelta) -> timedelta:
    """A tenth of what it has taken so far, so that a look comes soon after its end however long it takes."""
    return min(max(waited / 10, SHORTEST), LONGEST)


def until_next_try(tries: int) -> timedelta:
    """After that many failures in a row, the first being 1."""
    return timedelta(seconds=_TRIES[min(tries, len(_TRIES)) - 1])


def until_stuck(waits: Sequence[timedelta]) -> timedelta:
    """How long such a report may take; `waits`: how long the last ones took, in any order."""
    if not waits:
        return AT_LEAST_STUCK
    usual = sorted(waits)[math.ceil(PERCENTILE * len(waits)) - 1]
    return min(max(AT_LEAST_STUCK, STUCK_TIMES * usual), AT_MOST_STUCK)
