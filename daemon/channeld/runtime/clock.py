"""The clock that is handed in: nothing else in the daemon reads the time or sleeps.

Tests pass a clock that moves only when told; see `tests/support/fake_clock.py`.
"""

import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Protocol

import anyio

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Time as the daemon sees it. All instants are aware and UTC, all spans are seconds."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, whatever is done to the clock; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long; zero or less yields once."""
        ...

    def deadline(self, seconds: float) -> AbstractContextManager[anyio.CancelScope]:
        """Cancel the block after that long by this clock; `scope.cancelled_caught` tells."""
        ...

    def working(self) -> AbstractContextManager[None]:
        """Mark work that the loop cannot see (a store call, an HTTP exchange).

        A no-op on the real clock; a fake clock does not move while any is under way.
        """
        ...


_BOOT_TIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """On Linux it goes on while the machine sleeps, as budgets and tokens at Amazon do."""
        return time.monotonic() if _BOOT_TIME is None else time.clock_gettime(_BOOT_TIME)

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(max(0.0, seconds))

    def deadline(self, seconds: float) -> AbstractContextManager[anyio.CancelScope]:
        return anyio.move_on_after(seconds)

    @contextmanager
    def working(self) -> Generator[None]:
        yield
