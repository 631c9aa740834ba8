"""A listener with sessions over a scripted inside, at a real socket, and clients that speak plain lines."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import msgspec
from anyio.abc import SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

from channel_protocol import MAX_DAEMON_LINE
from channel_protocol.actors import ActorList, ActorRow, GetStatus, Status
from channel_protocol.base import Reply, Request
from channeld.control.access import Access, SocketRules
from channeld.control.binding import bind
from channeld.control.listener import Listener
from channeld.control.session import Desk
from channeld.runtime.bus import Bus
from channeld.runtime.topic import Topic
from tests.support.fake_clock import FakeClock

__all__ = ["Answer", "Client", "House", "Office", "open_house"]

Answer = dict[str, Any]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Office:
    """A daemon's inside: one topic, and answers to `actor.list` and `status.get`."""

    def __init__(self) -> None:
        self.rows: dict[str, ActorRow] = {}
        self.asked: list[tuple[Request, Access]] = []
        self.raises: Exception | None = None
        self.answer: Reply = ActorList(rows=())
        self.hold = anyio.Event()
        self.held = 0

    async def dispatch(self, request: Request, access: Access) -> Reply:
        self.asked.append((request, access))
        if isinstance(request, GetStatus):
            self.held += 1
            await self.hold.wait()
            return Status(daemon="0", started_at=NOW, rows=(), attention=())
        if self.raises:
            raise self.raises
        return self.answer

    async def everything(self) -> AsyncIterator[Sequence[ActorRow]]:
        yield list(self.rows.values())

    async def some(self, keys: Collection[str]) -> Mapping[str, ActorRow]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def row(self, name: str, reason: str = "") -> ActorRow:
        return ActorRow(
            actor=name, account="eu", channel="", concern="stock", state="running", since=NOW, reason=reason
        )


class Client:
    """Speaks plain lines."""

    def __init__(self, stream: SocketStream) -> None:
        self.stream = stream
        self._lines = BufferedByteReceiveStream(stream)

    async def send(self, *lines: bytes | Answer) -> None:
        for line in lines:
            await self.stream.send(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")

    async def read(self) -> Answer:
        return json.loads(await self._lines.receive_until(b"\n", MAX_DAEMON_LINE))

    async def ask(self, *lines: bytes | Answer) -> Answer:
        await self.send(*lines)
        return await self.read()

    async def ended(self) -> bool:
        try:
            await self.read()
        except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
            return True
        return False


class House:
    def __init__(self, path: Path, office: Office, bus: Bus[ActorRow], listener: Listener) -> None:
        self.path, self.office, self.bus, self.listener = path, office, bus, listener

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[Client]:
        async with await anyio.connect_unix(self.path) as stream:
            client = Client(stream)
            assert (await client.read())["type"] == "hello"
            yield client

    def change(self, name: str, reason: str = "") -> None:
        self.office.rows[name] = self.office.row(name, reason)
        self.bus.changed("actors", [name], notable=True)


@asynccontextmanager
async def open_house(clock: FakeClock) -> AsyncGenerator[House]:
    """Listening while the block runs."""
    office = Office()
    bus = Bus([Topic("actors", office.everything, office.some)], clock, msgspec.json.encode)
    desk = Desk(dispatch=office.dispatch, bus=bus, daemon="0.1.0", boot_id="boot-1")
    listener = Listener(desk, SocketRules(group="shop"), clock)
    with TemporaryDirectory(prefix="ch") as directory, bind(Path(directory) / "s") as listening:
        async with anyio.create_task_group() as group:
            group.start_soon(bus.run)
            group.start_soon(listener.run, listening)
            yield House(Path(directory) / "s", office, bus, listener)
            group.cancel_scope.cancel()
