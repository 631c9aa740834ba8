"""The bus: who watches a topic hears of every change of its rows, and the daemon never waits for a watcher.

What changed is noted as keys, coalesced, and then read once and encoded once for all watchers of the
topic: at most every `interval`, or at once if it is notable. A watcher is registered before its snapshot
is read, so nothing falls between snapshot and changes; that some come twice is harmless, as rows carry
versions.
"""

import math
from collections.abc import AsyncGenerator, Callable, Collection, Generator, Iterable, Sequence
from contextlib import aclosing, contextmanager
from typing import Generic, TypeVar

import anyio

from channeld.runtime.clock import Clock
from channeld.runtime.errors import UnknownTopic
from channeld.runtime.feed import MERGE_LIMIT, Feed, Inbox
from channeld.runtime.source import Content, ReadFailed, Source
from channeld.runtime.topic import Event, Topic

__all__ = ["Bus", "Subscription"]

INTERVAL = 0.25

Row = TypeVar("Row")


class Bus(Generic[Row]):
    """All topics. `run` must be running for changes to be sent; intervals are seconds."""

    def __init__(
        self,
        topics: Iterable[Topic[Row]],
        clock: Clock,
        encode: Callable[[Sequence[Row]], bytes],
        interval: float = INTERVAL,
    ) -> None:
        self._clock = clock
        self._pumps = {topic.name: _Pump(Source(topic, encode), clock, interval) for topic in topics}

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self._pumps)

    @property
    def is_watched(self) -> bool:
        """Whether anybody watches anything; if not, telling it of changes is lost work."""
        return any(pump.is_watched for pump in self._pumps.values())

    async def run(self) -> None:
        """Send changes until cancelled."""
        async with anyio.create_task_group() as group:
            for name, pump in self._pumps.items():
                group.start_soon(pump.run, name=f"bus/{name}")

    def changed(self, topic: str, keys: Iterable[str], notable: bool = False) -> None:
        """These rows have changed, which is committed. Never waits; costs nothing when nobody watches."""
        self._pumps[topic].changed(keys, notable)

    @contextmanager
    def subscribe(self, topics: Iterable[str] = ()) -> "Generator[Subscription[Row]]":
        """Watch these topics. Raises `UnknownTopic`."""
        subscription = Subscription(self._pumps, self._clock)
        try:
            subscription.attach(topics)
            yield subscription
        finally:
            subscription.detach(self.topics)


class Subscription(Generic[Row]):
    """One watcher. Topics come and go while it reads `events`, which one task does."""

    def __init__(self, pumps: "dict[str, _Pump[Row]]", clock: Clock) -> None:
        self._pumps = pumps
        self._clock = clock
        self._inbox: Inbox[Row] = Inbox()
        self._feeds: dict[str, Feed[Row]] = {}

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self._feeds)

    def attach(self, topics: Iterable[str]) -> None:
        """Watch these too; one that is watched already begins afresh. All or none: raises `UnknownTopic`."""
        wanted = list(topics)
        for topic in wanted:
            if topic not in self._pumps:
                raise UnknownTopic(topic, self._pumps)
        self.detach(wanted)
        for topic in wanted:
            self._feeds[topic] = self._pumps[topic].feed(self._inbox)
        self._inbox.announce()

    def detach(self, topics: Iterable[str]) -> None:
        """Watch these no longer. Nothing more of them comes."""
        for topic in topics:
            if feed := self._feeds.pop(topic, None):
                self._pumps[topic].drop(feed)

    async def events(self) -> AsyncGenerator[Event]:
        """What is to be told, for ever. Close it if it is not cancelled."""
        while True:
            while (changes := self._inbox.take()) is not None:
                yield changes
            feed = self._next_behind()
            if feed is None:
                await self._wait()
                continue
            async with aclosing(feed.catch_up()) as behind:
                async for event in behind:
                    yield event
                    while (changes := self._inbox.take()) is not None:
                        yield changes

    def _next_behind(self) -> Feed[Row] | None:
        now = self._clock.monotonic()
        return next((feed for feed in self._feeds.values() if not feed.live and feed.retry_at <= now), None)

    async def _wait(self) -> None:
        retries = (feed.retry_at for feed in self._feeds.values() if not feed.live)
        with self._clock.deadline(min(retries, default=math.inf) - self._clock.monotonic()):
            await self._inbox.news()


class _Pump(Generic[Row]):
    """Sends the changes of one topic to all who watch it."""

    def __init__(self, source: Source[Row], clock: Clock, interval: float) -> None:
        self._source = source
        self._clock = clock
        self._interval = interval
        self._feeds: list[Feed[Row]] = []
        self._keys: dict[str, None] = {}
        self._changed = anyio.Event()
        self._notable = anyio.Event()

    @property
    def is_watched(self) -> bool:
        return bool(self._feeds)

    def feed(self, inbox: Inbox[Row]) -> Feed[Row]:
        feed = Feed(self._source, self._clock, inbox)
        self._feeds.append(feed)
        return feed

    def drop(self, feed: Feed[Row]) -> None:
        feed.dropped = True
        self._feeds.remove(feed)

    def changed(self, keys: Iterable[str], notable: bool) -> None:
        if self._feeds:
            self._keys.update(dict.fromkeys(keys))
            self._changed.set()
            if notable:
                self._notable.set()

    async def run(self) -> None:
        sent_at = -math.inf
        while True:
            await self._changed.wait()
            if (left := sent_at + self._interval - self._clock.monotonic()) > 0:
                with self._clock.deadline(left):
                    await self._notable.wait()
            sent_at = self._clock.monotonic()
            for keys in self._take_slices():
                await self._send(keys)

    def _take_slices(self) -> list[list[str]]:
        keys = list(self._keys)
        self._keys = {}
        self._changed, self._notable = anyio.Event(), anyio.Event()
        return [keys[i : i + MERGE_LIMIT] for i in range(0, len(keys), MERGE_LIMIT)]

    async def _send(self, keys: Collection[str]) -> None:
        content = await self._read(keys)
        for feed in self._feeds:
            if content is None:
                feed.note(keys)
            else:
                feed.offer(keys, content)

    async def _read(self, keys: Collection[str]) -> Content | None:
        """None when no watcher could use it as it is."""
        if not any(feed.live for feed in self._feeds):
            return None
        try:
            return await self._source.read(keys)
        except ReadFailed:
            return None
