"""What our own code takes of this process, where the simulated Amazon runs in it as well."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, cast

__all__ = ["Meter"]

T = TypeVar("T")
_HANDLE = cast("Any", asyncio.Handle)


class Meter:
    """CPU of this process without the simulated Amazon's, and the longest that one callback held the loop."""

    def __init__(self) -> None:
        self.cpu = 0.0
        """Seconds, of all threads."""
        self.longest = 0.0
        """Seconds on the wall: what else the machine does makes it longer."""
        self._theirs = 0.0
        self._their_cpu = 0.0

    async def theirs(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the simulated Amazon do this, at its own expense."""
        return await _Stepped(work, self._their_step)

    @contextmanager
    def running(self) -> Generator[None]:
        """Measure this block. What exists by now is mostly the simulated Amazon's: no garbage to look for."""
        gc.collect()
        gc.freeze()
        plain: Callable[[object], None] = _HANDLE._run
        began, their_cpu = time.process_time(), self._their_cpu

        def timed(handle: object) -> None:
            at = time.perf_counter() - self._theirs
            plain(handle)
            self.longest = max(self.longest, time.perf_counter() - self._theirs - at)

        _HANDLE._run = timed
        try:
            yield
        finally:
            _HANDLE._run = plain
            gc.unfreeze()
            self.cpu += time.process_time() - began - (self._their_cpu - their_cpu)

    @contextmanager
    def _their_step(self) -> Generator[None]:
        at, cpu = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self._theirs += time.perf_counter() - at
            self._their_cpu += time.thread_time() - cpu


class _Stepped(Awaitable[T]):
    """A coroutine whose steps are measured one by one."""

    def __init__(self, work: Coroutine[Any, Any, T], step: Callable[[], Any]) -> None:
        self._work = work
        self._step = step

    def __await__(self) -> Generator[Any, Any, T]:
        send = partial[Any](self._work.send, None)
        while True:
            try:
                with self._step():
                    waited = send()
            except StopIteration as done:
                return done.value
            try:
                sent = yield waited
            except BaseException as error:
                send = partial[Any](self._work.throw, error)
            else:
                send = partial[Any](self._work.send, sent)
