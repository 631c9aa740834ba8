"""One thing is done while the next one is prepared."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup

__all__ = ["Behind", "behind"]


class Behind:
    """One thing at a time, done behind the back of whoever begins it; the next one waits for it."""

    def __init__(self, tasks: TaskGroup, failures: list[Exception]) -> None:
        self._tasks = tasks
        self._failures = failures
        self._free = anyio.Semaphore(1)

    async def begin(self, act: Callable[[], Awaitable[None]]) -> None:
        """Raises what the one before raised."""
        await self._free.acquire()
        if self._failures:
            raise self._failures[0]
        self._tasks.start_soon(self._see_through, act)

    async def rest(self) -> None:
        """Wait for the last one. Raises what it raised."""
        async with self._free:
            if self._failures:
                raise self._failures[0]

    async def _see_through(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except Exception as error:
            self._failures.append(error)
        finally:
            self._free.release()


@asynccontextmanager
async def behind() -> AsyncGenerator[Behind]:
    """Whoever fails inside the block or behind it fails as he is, in no exception group."""
    failures: list[Exception] = []
    async with anyio.create_task_group() as tasks:
        try:
            yield Behind(tasks, failures)
        except Exception as error:
            failures.append(error)
    if failures:
        raise failures[0]
