"""The client for programs with an event loop: several requests under way at once, and events.

    async with connect(path) as client:
        reply = await client.request(ListOrders(channel="uk"), OrderList)
        await client.request(Subscribe(topics=("orders",)))
        async for event in client.events():
            ...

A connection that ends raises `DaemonLost` wherever somebody waits; connecting again is the caller's business.
"""

import os
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar, overload

import anyio
import anyio.abc
import anyio.streams.buffered
import msgspec

from channel_protocol import MAX_CLIENT_LINE, MAX_DAEMON_LINE
from channel_protocol.base import Message, Refused, Reply, Request
from channel_protocol.codec import decode_message, encode
from channel_protocol.errors import (
    ClientError,
    DaemonLost,
    DaemonUnreachable,
    ProtocolMismatch,
    RequestRefused,
    check_hello,
    refusal,
    unknown_reply,
    unreachable,
)
from channel_protocol.session import Delta, Hello, Snapshot

__all__ = [
    "Client",
    "ClientError",
    "DaemonLost",
    "DaemonUnreachable",
    "ProtocolMismatch",
    "RequestRefused",
    "connect",
]

HELLO_WITHIN = 5.0
SEND_WITHIN = 5.0
EVENTS_HELD = 256
"""Events kept for a slow reader before the client stops reading, which lets the daemon merge them."""

LOST = (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError)
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)

R = TypeVar("R", bound=Reply)
Event = Snapshot | Delta


class _Envelope(msgspec.Struct):
    """What is readable of a message of a newer daemon's that this client does not know."""

    id: int = 0


class _Pending:
    def __init__(self) -> None:
        self.done = anyio.Event()
        self.outcome: Message | ClientError | None = None

    def settle(self, outcome: Message | ClientError) -> None:
        self.outcome = outcome
        self.done.set()


class Client:
    """A connection whose daemon has said hello. Made by `connect`."""

    def __init__(self, stream: anyio.abc.ByteStream, path: Path, pace: float = 0.0) -> None:
        self.path = path
        self._pace = pace
        self.hello: Hello
        self._stream = stream
        self._lines = anyio.streams.buffered.BufferedByteReceiveStream(stream)
        self._sending = anyio.Lock()
        self._pending: dict[int, _Pending] = {}
        self._last_id = 0
        self._events: deque[Event] = deque()
        self._moved = anyio.Event()
        self._lost: DaemonLost | None = None

    @overload
    async def request(self, request: Request) -> Reply: ...
    @overload
    async def request(self, request: Request, answer: type[R]) -> R: ...
    async def request(self, request: Request, answer: type[Reply] = Reply) -> Reply:
        """Send a request, under an id of the client's own, and wait for its reply.

        Raises `RequestRefused` when the daemon says no, `DaemonLost` when the connection ends before the
        answer, and `ClientError` when the reply is not an `answer`.
        """
        self._last_id += 1
        identity, pending = self._last_id, _Pending()
        line = encode(msgspec.structs.replace(request, id=identity))
        if len(line) > MAX_CLIENT_LINE:
            raise RequestRefused("too_long", f"The request has {len(line)} bytes, more than a line may have.")
        self._pending[identity] = pending
        try:
            self._move()
            await self._send(line)
            await pending.done.wait()
        finally:
            del self._pending[identity]
        return _answered(pending.outcome, answer)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Snapshots and deltas in the order in which they came. Ends with `DaemonLost`."""
        while True:
            while self._events:
                event = self._events.popleft()
                self._move()
                yield event
            if self._lost:
                raise self._lost
            await self._moved.wait()

    async def greet(self) -> None:
        """Wait for the daemon's hello. Raises `DaemonUnreachable`."""
        line = b""
        with anyio.move_on_after(HELLO_WITHIN):
            try:
                line = await self._lines.receive_until(b"\n", MAX_DAEMON_LINE)
            except (*LOST, anyio.DelimiterNotFound):
                raise _silent(self.path, "closed the connection without a word") from None
        if not line:
            raise _silent(self.path, f"said nothing for {HELLO_WITHIN:.0f} s")
        try:
            hello = decode_message(line)
        except UNREADABLE:
            hello = None
        self.hello = check_hello(hello, self.path)

    async def read(self) -> None:
        """Hand out what arrives, until the connection ends."""
        try:
            while True:
                while len(self._events) >= EVENTS_HELD and not self._pending:
                    await self._moved.wait()
                self._route(await self._lines.receive_until(b"\n", MAX_DAEMON_LINE))
                if self._pace and not self._pending and not self._lines.buffer:
                    await anyio.sleep(self._pace)
        except LOST:
            self._lose(DaemonLost("daemon_lost", "channeld closed the connection.", "Is it still running?"))
        except (anyio.DelimiterNotFound, *UNREADABLE):
            self._lose(DaemonLost("daemon_lost", "channeld sent something that is not its protocol."))

    def _route(self, line: bytes) -> None:
        try:
            message = decode_message(line)
        except msgspec.ValidationError:
            self._settle(msgspec.json.decode(line, type=_Envelope).id, unknown_reply())
            return
        if isinstance(message, (Snapshot, Delta)):
            self._events.append(message)
            self._move()
        elif isinstance(message, Reply):
            self._settle(message.id, message)

    def _settle(self, identity: int, outcome: Message | ClientError) -> None:
        if pending := self._pending.get(identity):
            pending.settle(outcome)

    async def _send(self, line: bytes) -> None:
        """A line leaves whole or not at all: half a line would spoil every later one."""
        async with self._sending:
            if self._lost:
                raise self._lost
            with anyio.move_on_after(SEND_WITHIN, shield=True) as limit:
                try:
                    await self._stream.send(line)
                except LOST:
                    raise DaemonLost("daemon_lost", "channeld closed the connection.") from None
            if limit.cancelled_caught:
                self._lose(DaemonLost("daemon_lost", f"channeld took nothing for {SEND_WITHIN:.0f} s."))
                raise DaemonLost("daemon_lost", f"channeld took nothing for {SEND_WITHIN:.0f} s.")

    def _lose(self, lost: DaemonLost) -> None:
        self._lost = self._lost or lost
        for pending in self._pending.values():
            pending.settle(lost)
        self._move()

    def _move(self) -> None:
        self._moved.set()
        self._moved = anyio.Event()


@asynccontextmanager
async def connect(path: str | os.PathLike[str], *, pace: float = 0.0) -> AsyncGenerator[Client, None]:
    """A client at the socket `path`. Raises `DaemonUnreachable`, which says why and what to do.

    `pace`: seconds to let events gather in before the next look at the socket. Reading each by itself costs
    more than what is in it; who only repaints now and then loses nothing.
    """
    where = Path(path)
    try:
        stream = await anyio.connect_unix(where)
    except OSError as error:
        raise unreachable(where, error) from error
    async with stream:
        client = Client(stream, where, pace)
        await client.greet()
        failure: Exception | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.read)
            try:
                yield client
            except Exception as error:  # raised again below: a caller catches errors, not groups of them
                failure = error
            tasks.cancel_scope.cancel()
        if failure:
            raise failure


def _answered(outcome: Message | ClientError | None, answer: type[R]) -> R:
    match outcome:
        case ClientError():
            raise outcome
        case Refused():
            raise refusal(outcome)
        case _ if isinstance(outcome, answer):
            return outcome
        case _:
            raise unknown_reply()


def _silent(path: Path, did: str) -> DaemonUnreachable:
    return DaemonUnreachable(
        "not_channeld",
        f"Whatever listens at {path} {did}.",
        "Is it channeld, and may you use it? See its log.",
    )
