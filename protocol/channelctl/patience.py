"""Waiting for something that the daemon does, with a look at it every second."""

from collections.abc import Iterator
from time import monotonic, sleep

__all__ = ["LOOK_EVERY", "looks"]

LOOK_EVERY = 1.0
"""Seconds."""


def looks(seconds: float) -> Iterator[float]:
    """One turn a second for so long: the seconds that are left. The last turn comes when they are over."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        yield left
        sleep(min(LOOK_EVERY, left))
    yield 0.0
