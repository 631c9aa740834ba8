"""Lines on their way to one client: bounded, and joined into few writes."""

from collections import deque

import anyio

__all__ = ["Outbox"]

LIMIT = 256 << 10


class Outbox:
    """Who writes asks for room first, so a client that does not read stops only its own session."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._sending = False
        self._broken = False
        self._changed = anyio.Event()

    def add(self, line: bytes) -> None:
        """Queue a line, with its newline. Never waits."""
        if not self._broken:
            self._lines.append(line)
            self._size += len(line)
            self._announce()

    async def room(self) -> None:
        """Wait until less than the limit is queued."""
        while self._size >= self._limit:
            await self._changed.wait()

    async def take(self) -> bytes:
        """Wait for lines, and join as many as fit into the limit, at least one."""
        self._sending = False
        self._announce()
        while not self._lines:
            await self._changed.wait()
        self._sending = True
        taken = [self._pop()]
        size = len(taken[0])
        while self._lines and size + len(self._lines[0]) <= self._limit:
            taken.append(self._pop())
            size += len(taken[-1])
        self._announce()
        return b"".join(taken)

    async def flushed(self) -> None:
        """Wait until all that was queued has been sent, or cannot be."""
        while (self._lines or self._sending) and not self._broken:
            await self._changed.wait()

    def discard(self) -> None:
        """The client has gone: drop what is queued and what will be."""
        self._broken = True
        self._lines.clear()
        self._size = 0
        self._announce()

    def _pop(self) -> bytes:
        line = self._lines.popleft()
        self._size -= len(line)
        return line

    def _announce(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
