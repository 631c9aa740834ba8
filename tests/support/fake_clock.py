"""A clock that moves only when told, and only when nothing is under way."""

import asyncio
import heapq
from collections.abc import Callable, Generator, Sized
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import anyio
import anyio.lowlevel

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class FakeClock:
    """Sleepers and deadlines wake in order of time while `advance` runs; see `Clock`."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._elapsed = 0.0
        self._busy = 0
        self._idle = anyio.Event()
        self._tie = count()
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await anyio.lowlevel.checkpoint()
            return
        wake = anyio.Event()
        self._wake_at(seconds, wake.set)
        await wake.wait()

    @contextmanager
    def deadline(self, seconds: float) -> Generator[anyio.CancelScope]:
        inside = True
        with anyio.CancelScope() as scope:
            self._wake_at(seconds, lambda: scope.cancel() if inside else None)
            try:
                yield scope
            finally:
                inside = False

    @contextmanager
    def working(self) -> Generator[None]:
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def away(self, seconds: float) -> None:
        """Inside `working`: what is under way takes time of this clock, such as latency."""
        self._busy -= 1
        if not self._busy:
            self._idle.set()
        try:
            await self.sleep(seconds)
        finally:
            self._busy += 1

    async def advance(self, seconds: float) -> None:
        """Let everything settle, then move on, waking each sleeper at its own instant."""
        await self.settle()
        end = self._elapsed + seconds
        while self._waiting and self._waiting[0][0] <= end:
            at, _, wake = heapq.heappop(self._waiting)
            self._elapsed = max(self._elapsed, at)
            wake()
            await self.settle()
        self._elapsed = end

    async def doze(self, seconds: float, *, asleep: float = 1500.0, awake: float = 300.0) -> None:
        """The same for long, and everybody sleeps through most of it: little is looked up in vain."""
        end = self._elapsed + seconds
        while self._elapsed + awake < end:
            self._elapsed = min(self._elapsed + asleep, end - awake)
            await self.advance(awake)
        await self.advance(max(0.0, end - self._elapsed))

    def jump(self, seconds: float) -> None:
        """The machine was asleep, or someone set its clock: time moves, nobody is woken in between."""
        self._start += timedelta(seconds=seconds)

    async def settle(self) -> None:
        """Return when no work is under way and no other task can run."""
        me = asyncio.current_task()
        while True:
            await anyio.lowlevel.checkpoint()
            if self._busy:
                self._idle = anyio.Event()
                await self._idle.wait()
            elif _has_nothing_to_run() and all(t is me or _is_blocked(t) for t in asyncio.all_tasks()):
                return

    def _wake_at(self, seconds: float, wake: Callable[[], object]) -> None:
        heapq.heappush(self._waiting, (self._elapsed + seconds, next(self._tie), wake))


def _has_nothing_to_run() -> bool:
    """No callback is scheduled either, such as one that will wake a task, or reads a socket with data."""
    ready: Sized = getattr(asyncio.get_running_loop(), "_ready", ())
    return len(ready) == 0


def _is_blocked(task: "asyncio.Task[object]") -> bool:
    future: asyncio.Future[object] | None = getattr(task, "_fut_waiter", None)
    return future is not None and not future.done()
