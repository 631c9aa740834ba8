"""When a daemon is killed: so long after something happened for the n-th time in its life."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

import anyio

__all__ = ["Kind", "Moment", "Trap", "moments"]

PATIENCE = 8.0
"""Seconds after its start when a daemon is killed although its moment has not come."""


class Kind(NamedTuple):
    """A kind of moment, with how often it is chosen in proportion to the others."""

    after: str
    """What has to happen; see `Happenings`."""
    most: int
    """The moment is after the first to the so-manieth time."""
    within: float
    """Seconds: it is at most so long afterwards. 0: exactly then, before anything else can happen."""
    share: int


class Moment(NamedTuple):
    after: str
    times: int
    delay: float

    def __str__(self) -> str:
        return f"{self.delay * 1000:.0f} ms after {self.after}, time {self.times}"


def moments(kinds: Sequence[Kind], count: int, random: Random) -> list[Moment]:
    """So many moments by chance; the same for the same seed."""
    chosen = random.choices(kinds, [kind.share for kind in kinds], k=count)
    return [Moment(k.after, random.randint(1, k.most), random.uniform(0, k.within)) for k in chosen]


class Trap:
    """Waits for its moment in one life, and springs once."""

    def __init__(self, moment: Moment, spring: Callable[[], None]) -> None:
        self.sprung_in_time = False
        self._moment = moment
        self._spring = spring
        self._left = moment.times
        self._come = anyio.Event()

    def tell(self, what: str) -> None:
        """Something happened. A moment without a delay is now, before anybody else hears of it."""
        if what != self._moment.after or self._come.is_set():
            return
        self._left -= 1
        if not self._left:
            self.sprung_in_time = True
            if not self._moment.delay:
                self._spring()
            self._come.set()

    async def wait(self) -> None:
        """Spring at the moment, or when patience is over."""
        with anyio.move_on_after(PATIENCE):
            await self._come.wait()
            await anyio.sleep(self._moment.delay)
        self._spring()
