"""A daemon for the monitor's tests, in the same process: it publishes what it is told, and can go away."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import msgspec
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from channel_protocol import PROTOCOL_VERSION
from channel_protocol.base import Reply, Request
from channel_protocol.codec import AnyRow
from channel_protocol.errors import DaemonLost, DaemonUnreachable
from channel_protocol.session import TOPICS, Attached, Delta, Hello, Snapshot, Subscribe
from channel_protocol.work import ListWork, WorkList

HELD = 10_000


class ScriptedDaemon:
    """Holds the rows of all topics, as a daemon would, and sends snapshots and deltas of them."""

    def __init__(self, **topics: Iterable[AnyRow]) -> None:
        self.rows: dict[str, dict[str, AnyRow]] = {topic: {} for topic in TOPICS}
        for topic, rows in topics.items():
            self.rows[topic] = {row.key: row for row in rows}
        self.requests: list[Request] = []
        self.answers: dict[type[Request], Reply | Exception | Callable[[Any], Reply]] = {
            ListWork: WorkList(rows=(), attention=0)
        }
        self.boot_id = "boot 1"
        self.may_write = True
        self.down: DaemonUnreachable | None = None
        """Why nobody can connect; None while it runs."""
        self.attempts = 0
        self._numbers: dict[str, int] = {}
        self._events: MemoryObjectSendStream[Snapshot | Delta] | None = None

    @asynccontextmanager
    async def connect(self, path: Path) -> AsyncGenerator["ScriptedClient"]:
        self.attempts += 1
        if self.down:
            raise self.down
        send, receive = anyio.create_memory_object_stream[Snapshot | Delta](HELD)
        self._events = send
        hello = Hello(
            protocol=PROTOCOL_VERSION, daemon="0.1.0", boot_id=self.boot_id, may_write=self.may_write
        )
        with send, receive:
            yield ScriptedClient(self, hello, receive)

    def publish(self, topic: str, *rows: AnyRow, gone: tuple[str, ...] = (), lost: bool = False) -> None:
        """Rows change; the delta is sent, or `lost` on the way."""
        for row in rows:
            self.rows[topic][row.key] = row
        for key in gone:
            self.rows[topic].pop(key, None)
        self._numbers[topic] = number = self._numbers.get(topic, 0) + 1
        if self._events and not lost:
            self._events.send_nowait(Delta(topic=topic, number=number, rows=_raw(rows), gone=gone))

    def snapshots(self, topics: Iterable[str]) -> None:
        for topic in topics:
            self._numbers[topic] = 0
            if self._events:
                rows = _raw(self.rows[topic].values())
                self._events.send_nowait(Snapshot(topic=topic, chunk=0, last=True, rows=rows))

    def stop(self, message: str = "channeld is not running.", hint: str = "Start it.") -> None:
        """The daemon goes away, and nobody can connect."""
        self.down = DaemonUnreachable("not_running", message, hint)
        if self._events:
            self._events.close()
            self._events = None

    def start(self, boot_id: str) -> None:
        """It is there again."""
        self.boot_id = boot_id
        self.down = None


class ScriptedClient:
    """One connection to it."""

    def __init__(
        self, daemon: ScriptedDaemon, hello: Hello, events: MemoryObjectReceiveStream[Snapshot | Delta]
    ) -> None:
        self.hello = hello
        self._daemon = daemon
        self._events = events

    async def request(self, request: Request) -> Reply:
        self._daemon.requests.append(request)
        if isinstance(request, Subscribe):
            self._daemon.snapshots(request.topics)
            return Attached(topics=request.topics)
        answer = self._daemon.answers[type(request)]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    async def events(self) -> AsyncIterator[Snapshot | Delta]:
        async for event in self._events:
            yield event
        raise DaemonLost("daemon_lost", "channeld closed the connection.", "Is it still running?")


def _raw(rows: Iterable[AnyRow]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(list(rows)))
