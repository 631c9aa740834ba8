"""A machine's clock that is wrong, beside an Amazon whose clock is right."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import anyio

from tests.support.fake_clock import FakeClock

__all__ = ["OddClock"]


class OddClock:
    """Time passes as on the right clock; only what this one shows is off."""

    def __init__(self, right: FakeClock, ahead: timedelta = timedelta()) -> None:
        self._right = right
        self.ahead = ahead
        """Set it, and the clock has jumped."""

    def now(self) -> datetime:
        return self._right.now() + self.ahead

    def monotonic(self) -> float:
        return self._right.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._right.sleep(seconds)

    def deadline(self, seconds: float) -> AbstractContextManager[anyio.CancelScope]:
        return self._right.deadline(seconds)

    def working(self) -> AbstractContextManager[None]:
        return self._right.working()
