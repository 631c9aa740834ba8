"""The machine's clock, checked against others that are heard of in passing.

A machine whose clock is a year ahead would search up to a time that has not come, drop addresses as too old,
and believe that every budget is full; one whose clock was set back would wait. So when everyone who was heard
says that it is wrong, their time is gone by, carried on by the monotonic clock from when it was heard. What
cannot be undone goes by the earlier of both (`cautious_now`).
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import chain

import anyio

from channeld.runtime.clock import Clock

__all__ = ["TOLERANCE", "CheckedClock"]

TOLERANCE = timedelta(minutes=5)
"""The machine's clock may be off by so much without being called wrong."""
PLAUSIBLE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2066, 1, 1, tzinfo=UTC)
"""A clock that shows another time than this program can live in is not worth hearing."""
IN_A_ROW = 3
"""So many of its answers are remembered of each: one odd answer does not make the machine's clock wrong."""
SOURCES = 16
"""So many are remembered, those heard last."""


def _do_nothing() -> None:
    """Nobody needs to know."""


class CheckedClock:
    """A `Clock`. `on_verdict` hears when the machine's is confirmed, or called wrong; it must not wait."""

    def __init__(self, machine: Clock, on_verdict: Callable[[], None] = _do_nothing) -> None:
        self._machine = machine
        self._on_verdict = on_verdict
        self._heard: OrderedDict[str, deque[tuple[datetime, float]]] = OrderedDict()
        self._verdict: bool | None = None

    def heard(self, source: str, instant: datetime) -> None:
        """Somebody's clock says so, at this moment."""
        if not PLAUSIBLE[0] <= instant < PLAUSIBLE[1]:
            return
        said = self._heard.setdefault(source, deque(maxlen=IN_A_ROW))
        said.append((instant, self._machine.monotonic()))
        self._heard.move_to_end(source)
        if len(self._heard) > SOURCES:
            self._heard.popitem(last=False)
        if (verdict := self.is_right) is not self._verdict:
            self._verdict = verdict
            self._on_verdict()

    @property
    def ahead(self) -> timedelta | None:
        """How far the machine's is ahead of whoever agrees with it most; None before anyone was heard."""
        now, passed = self._machine.now(), self._machine.monotonic()
        said = chain.from_iterable(self._heard.values())
        differences = (now - instant - timedelta(seconds=passed - at) for instant, at in said)
        return min(differences, key=abs, default=None)

    @property
    def is_right(self) -> bool | None:
        """Whether the machine's clock is about right; None before anyone was heard."""
        ahead = self.ahead
        return None if ahead is None else abs(ahead) <= TOLERANCE

    def now(self) -> datetime:
        ahead = self.ahead
        now = self._machine.now()
        return now if ahead is None or abs(ahead) <= TOLERANCE else now - ahead

    def cautious_now(self) -> datetime:
        """The earlier of the machine's time and that of the others."""
        return min(self._machine.now(), self.now())

    def monotonic(self) -> float:
        return self._machine.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)

    def deadline(self, seconds: float) -> AbstractContextManager[anyio.CancelScope]:
        return self._machine.deadline(seconds)

    def working(self) -> AbstractContextManager[None]:
        return self._machine.working()
