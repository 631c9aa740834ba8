"""Who watches a topic gets a snapshot, then numbered changes, and never holds anyone up."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from channeld.runtime.bus import Bus, Subscription
from channeld.runtime.errors import UnknownTopic
from channeld.runtime.topic import Changes, Event, SnapshotChunk, Topic
from tests.support.fake_clock import FakeClock

Row = tuple[str, int]


class Book:
    """Rows with versions, and how often they were read."""

    def __init__(self, clock: FakeClock, page: int = 500) -> None:
        self.clock = clock
        self.page = page
        self.rows: dict[str, int] = {}
        self.version = 0
        self.reads: list[list[str]] = []
        self.snapshots = 0
        self.broken = False
        self.read_takes = 0
        """Times that a reader yields to others before and after it looks."""

    def put(self, *keys: str) -> None:
        for key in keys:
            self.version += 1
            self.rows[key] = self.version

    async def everything(self) -> AsyncIterator[Sequence[Row]]:
        self.snapshots += 1
        keys = sorted(self.rows)
        for start in range(0, len(keys), self.page):
            await self._read()
            yield [(key, self.rows[key]) for key in keys[start : start + self.page] if key in self.rows]

    async def some(self, keys: Collection[str]) -> Mapping[str, Row]:
        self.reads.append(sorted(keys))
        await self._read()
        found = {key: (key, self.rows[key]) for key in keys if key in self.rows}
        await self._read()
        return found

    async def _read(self) -> None:
        if self.broken:
            raise OSError("disk of anna@example.com")
        for _ in range(self.read_takes):
            await anyio.lowlevel.checkpoint()


class Client:
    """Folds what it is told, as a monitor does."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.events: list[Event] = []
        self.gate: anyio.Event | None = None

    async def read(self, subscription: Subscription[Row]) -> None:
        async with aclosing(subscription.events()) as events:
            async for event in events:
                self.fold(event)
                if self.gate:
                    await self.gate.wait()

    def fold(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, SnapshotChunk) and event.chunk == 0:
            self.rows.clear()
        rows: list[Row] = json.loads(event.rows)
        for key, version in rows:
            self.rows[key] = max(version, self.rows.get(key, 0))
        if isinstance(event, Changes):
            for key in event.gone:
                self.rows.pop(key, None)

    def changes(self) -> list[Changes]:
        return [event for event in self.events if isinstance(event, Changes)]

    def snapshots(self) -> int:
        return sum(isinstance(event, SnapshotChunk) and event.last for event in self.events)


def encode(rows: Sequence[Row]) -> bytes:
    return json.dumps(rows).encode()


class Rig:
    def __init__(self, clock: FakeClock, book: Book, bus: Bus[Row], group: anyio.abc.TaskGroup) -> None:
        self.clock, self.book, self.bus, self._group = clock, book, bus, group

    def change(self, *keys: str, notable: bool = False) -> None:
        self.book.put(*keys)
        self.bus.changed("orders", keys, notable)

    def watch(self) -> Client:
        client = Client()
        self._group.start_soon(self._watch, client)
        return client

    async def _watch(self, client: Client) -> None:
        with self.bus.subscribe(["orders"]) as subscription:
            await client.read(subscription)


@asynccontextmanager
async def rig(clock: FakeClock, page: int = 500) -> AsyncGenerator[Rig]:
    book = Book(clock, page)
    bus = Bus([Topic("orders", book.everything, book.some)], clock, encode)
    async with anyio.create_task_group() as group:
        group.start_soon(bus.run)
        yield Rig(clock, book, bus, group)
        group.cancel_scope.cancel()


async def test_a_snapshot_comes_in_chunks_and_then_numbered_changes(clock: FakeClock) -> None:
    async with rig(clock, page=2) as it:
        it.book.put("a", "b", "c")
        client = it.watch()
        await clock.settle()
        it.change("a")
        await clock.advance(1)
        del it.book.rows["b"]
        it.change("d")
        it.bus.changed("orders", ["b"])
        await clock.advance(1)
    assert client.events == [
        SnapshotChunk("orders", 0, False, encode([("a", 1), ("b", 2)])),
        SnapshotChunk("orders", 1, True, encode([("c", 3)])),
        Changes("orders", 1, encode([("a", 4)])),
        Changes("orders", 2, encode([("d", 5)]), gone=("b",)),
    ]


async def test_an_empty_topic_has_a_snapshot_too(clock: FakeClock) -> None:
    async with rig(clock) as it:
        client = it.watch()
        await clock.settle()
        assert client.events == [SnapshotChunk("orders", 0, True, b"[]")]


async def test_changes_are_coalesced_and_notable_ones_come_at_once(clock: FakeClock) -> None:
    async with rig(clock) as it:
        client = it.watch()
        await clock.settle()
        it.change("a")
        await clock.settle()
        for _ in range(10):
            it.change("a", "b")
            await clock.advance(0.01)
        assert len(client.changes()) == 1
        await clock.advance(0.2)
        assert len(client.changes()) == 2
        it.change("c")
        it.change("a", notable=True)
        await clock.settle()
        assert client.changes()[2].number == 3
        assert client.rows == it.book.rows


async def test_rows_are_read_once_for_all_and_not_at_all_for_none(clock: FakeClock) -> None:
    async with rig(clock) as it:
        it.change("a")
        await clock.advance(1)
        assert it.book.reads == []
        clients = [it.watch() for _ in range(20)]
        await clock.settle()
        it.change("a")
        await clock.advance(1)
        assert it.book.reads == [["a"]]
        assert all(client.rows == it.book.rows for client in clients)


async def test_what_changes_while_the_snapshot_is_read_is_not_lost(clock: FakeClock) -> None:
    async with rig(clock, page=1) as it:
        it.book.put("a", "b", "c")
        client = it.watch()
        client.gate = anyio.Event()
        await clock.settle()
        assert len(client.events) == 1
        it.change("a", "d")
        await clock.advance(1)
        client.gate.set()
        await clock.advance(1)
        assert client.rows == it.book.rows
        assert [change.number for change in client.changes()] == [1]


async def test_a_slow_watcher_gets_one_merged_message_and_holds_nobody_up(clock: FakeClock) -> None:
    async with rig(clock) as it:
        slow, fast = it.watch(), it.watch()
        await clock.settle()
        slow.gate = anyio.Event()
        for number in range(200):
            it.change(f"k{number}")
            await clock.advance(0.25)
        assert len(fast.changes()) == 200
        slow.gate.set()
        await clock.settle()
        assert slow.rows == fast.rows == it.book.rows
        assert len(slow.changes()) == 66
        assert slow.snapshots() == 1
        assert [change.number for change in slow.changes()] == list(range(1, 67))


async def test_one_that_is_hopelessly_behind_gets_a_fresh_snapshot(clock: FakeClock) -> None:
    async with rig(clock) as it:
        slow = it.watch()
        await clock.settle()
        slow.gate = anyio.Event()
        for number in range(700):
            it.change(f"k{number}")
            await clock.advance(0.25)
        slow.gate.set()
        await clock.settle()
        assert slow.rows == it.book.rows
        assert slow.snapshots() == 2
        it.change("k1")
        await clock.advance(1)
        assert slow.changes()[-1].number == 1


async def test_many_changes_at_once_come_in_messages_of_bounded_size(clock: FakeClock) -> None:
    async with rig(clock) as it:
        client = it.watch()
        await clock.settle()
        it.change(*(f"k{number}" for number in range(1200)))
        await clock.advance(1)
        assert [len(json.loads(change.rows)) for change in client.changes()] == [500, 500, 200]


async def test_a_store_that_fails_is_logged_once_and_leads_to_a_fresh_snapshot(clock: FakeClock) -> None:
    with capture_logs() as logs:
        async with rig(clock) as it:
            client = it.watch()
            await clock.settle()
            it.book.broken = True
            for _ in range(50):
                it.change("a")
                await clock.advance(1)
            assert client.rows == {}
            it.book.broken = False
            await clock.advance(6)
            assert client.rows == it.book.rows
            it.change("b")
            await clock.advance(1)
            assert client.rows == it.book.rows
    told = [entry["event"] for entry in logs if entry["log_level"] != "debug"]
    assert told == ["topic unreadable", "topic readable again"]
    assert "anna" not in repr(logs)


async def test_topics_come_and_go_on_one_subscription(clock: FakeClock) -> None:
    async with rig(clock) as it, anyio.create_task_group() as group:
        client = Client()
        with it.bus.subscribe() as subscription:
            group.start_soon(client.read, subscription)
            await clock.settle()
            assert client.events == []
            subscription.attach(["orders"])
            await clock.settle()
            subscription.attach(["orders"])
            await clock.settle()
            assert client.snapshots() == 2
            subscription.detach(["orders"])
            it.change("a")
            await clock.advance(1)
            assert client.rows == {}
            with pytest.raises(UnknownTopic) as refusal:
                subscription.attach(["order"])
            assert "orders" in refusal.value.hint
            group.cancel_scope.cancel()


Step = st.tuples(st.sampled_from(["put", "drop", "gate", "open", "join", "wait"]), st.integers(0, 30))


@given(steps=st.lists(Step, max_size=60), page=st.integers(1, 4), read_takes=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_whatever_the_order_every_watcher_ends_up_with_what_is_there(
    steps: list[tuple[str, int]], page: int, read_takes: int
) -> None:
    async def interleave() -> None:
        clock = FakeClock()
        async with rig(clock, page) as it:
            it.book.read_takes = read_takes
            clients = [it.watch()]
            for verb, number in steps:
                await take_step(it, clients, verb, number)
            for client in clients:
                open_gate(client)
            await clock.advance(1)
            await clock.settle()
            for client in clients:
                assert client.rows == it.book.rows

    anyio.run(interleave)


async def take_step(it: Rig, clients: list[Client], verb: str, number: int) -> None:
    client, key = clients[number % len(clients)], f"k{number}"
    match verb:
        case "put":
            it.change(key, notable=number % 3 == 0)
        case "drop":
            it.book.rows.pop(key, None)
            it.bus.changed("orders", [key])
        case "gate":
            client.gate = client.gate or anyio.Event()
        case "open":
            open_gate(client)
        case "join":
            clients.append(it.watch())
        case _ if number % 2:
            await it.clock.advance(number / 40)
        case _:
            for _ in range(number):
                await anyio.lowlevel.checkpoint()


def open_gate(client: Client) -> None:
    if client.gate:
        client.gate.set()
    client.gate = None
