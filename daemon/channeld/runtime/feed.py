"""One topic of one watcher: a snapshot, then numbered changes.

A watcher that keeps up is *live*: it is offered what was read and encoded once for all. For one that does
not (its queue is full), or is being brought up to date, only the keys are noted, and what those rows then
look like is read when it has taken what it was given. Too many keys, or a topic that could not be read,
end in a fresh snapshot. So a watcher costs bounded memory, and nobody ever waits for it.
"""

from collections import deque
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from itertools import islice
from typing import Generic, TypeVar

import anyio

from channeld.runtime.clock import Clock
from channeld.runtime.source import Content, ReadFailed, Source
from channeld.runtime.topic import Changes, Event, SnapshotChunk

__all__ = ["MERGE_LIMIT", "Feed", "Inbox"]

QUEUE_LIMIT = 64
"""Messages offered to a watcher and not taken, of all its topics."""
MERGE_LIMIT = 500
"""Keys in one message, and the most that are merged for a watcher that does not keep up."""
CATCH_UP_LIMIT = 20 * MERGE_LIMIT
"""Keys that may change while a watcher is given its snapshot, before it needs another."""
RETRY = 5.0
"""Seconds until a topic that could not be read is read again."""

Row = TypeVar("Row")


class Inbox(Generic[Row]):
    """What a watcher has been offered and not taken."""

    def __init__(self) -> None:
        self._queue: deque[tuple[Feed[Row], Content]] = deque()
        self._news = anyio.Event()

    def offer(self, feed: "Feed[Row]", content: Content) -> bool:
        """Returns whether there was room."""
        if len(self._queue) >= QUEUE_LIMIT:
            return False
        self._queue.append((feed, content))
        self.announce()
        return True

    def take(self) -> "Changes | None":
        """The next message; none if there is none now."""
        while self._queue:
            feed, content = self._queue.popleft()
            if not feed.dropped:
                return feed.number(content)
        return None

    def announce(self) -> None:
        """There is something to do for the watcher."""
        self._news.set()

    async def news(self) -> None:
        """Wait for the next announcement."""
        await self._news.wait()
        self._news = anyio.Event()


class Feed(Generic[Row]):
    """What of one topic a watcher has and lacks."""

    def __init__(self, source: Source[Row], clock: Clock, inbox: Inbox[Row]) -> None:
        self.source = source
        self.live = False
        """Whether it may be offered changes as they come."""
        self.dropped = False
        """Whether the watcher no longer wants it."""
        self.retry_at = clock.monotonic()
        """When it may be brought up to date, on the monotonic clock."""
        self._clock = clock
        self._inbox = inbox
        self._needs_snapshot = True
        self._keys: set[str] = set()
        self._key_limit = MERGE_LIMIT
        self._sent = 0

    def offer(self, keys: Collection[str], content: Content) -> None:
        """These rows have changed and look so."""
        if not (self.live and self._inbox.offer(self, content)):
            self.note(keys)

    def note(self, keys: Collection[str]) -> None:
        """These rows have changed; they are read when the watcher has taken what it was given."""
        self.live = False
        if not self._needs_snapshot:
            self._keys.update(keys)
            if len(self._keys) > self._key_limit:
                self._snapshot_later()
        self._inbox.announce()

    def number(self, content: Content) -> Changes:
        """The watcher's next message of this topic."""
        self._sent += 1
        return Changes(self.source.name, self._sent, content.rows, content.gone)

    async def catch_up(self) -> AsyncGenerator[Event]:
        """What brings the watcher up to date. Close it if it is not read to the end."""
        self._key_limit = CATCH_UP_LIMIT
        try:
            if self._needs_snapshot:
                async with aclosing(self._snapshot()) as chunks:
                    async for chunk in chunks:
                        yield chunk
            while self._keys and not self.dropped:
                content = await self.source.read(self._take_keys())
                if not self.dropped:
                    yield self.number(content)
            self.live = not self._needs_snapshot
        except ReadFailed:
            self._snapshot_later()
            self.retry_at = self._clock.monotonic() + RETRY
        finally:
            self._key_limit = MERGE_LIMIT

    async def _snapshot(self) -> AsyncGenerator[SnapshotChunk]:
        self._needs_snapshot = False
        self._sent = 0
        count = 0
        async with aclosing(self.source.chunks()) as chunks:
            async for rows, last in chunks:
                if self.dropped:
                    return
                yield SnapshotChunk(self.source.name, count, last, rows)
                count += 1

    def _snapshot_later(self) -> None:
        self._needs_snapshot = True
        self._keys.clear()

    def _take_keys(self) -> list[str]:
        keys = list(islice(self._keys, MERGE_LIMIT))
        self._keys.difference_update(keys)
        return keys
