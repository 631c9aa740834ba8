"""One connection: hello, requests and their replies, and the topics that the client is attached to.

At most `UNDER_WAY` requests run at once; then the session reads no further, which slows this client alone.
A client that ends its side gets the replies to what it asked before the session ends. One that is gone
costs nothing: what it had asked for is carried out, and nobody is told.
"""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import anyio
import msgspec
from anyio.abc import ByteStream, TaskGroup

from channel_protocol import MAX_CLIENT_LINE, MAX_DAEMON_LINE, PROTOCOL_VERSION
from channel_protocol.base import Message, Refused, Reply, Request
from channel_protocol.codec import encode
from channel_protocol.session import Attached, Delta, Detach, Greet, Greeted, Hello, Snapshot, Subscribe
from channeld.control.access import Access
from channeld.control.lines import LineReader, LineTooLong, understand
from channeld.control.outbox import Outbox
from channeld.control.refusal import refusal_of
from channeld.errors import InvalidRequest
from channeld.runtime.bus import Bus, Subscription
from channeld.runtime.topic import Event, SnapshotChunk

__all__ = ["Desk", "Dispatch", "Session"]

UNDER_WAY = 16
GARBAGE_IN_A_ROW = 100

Dispatch = Callable[[Request, Access], Awaitable[Reply]]
"""Carries out a request. What it raises becomes a refusal; it need not set the reply's id."""


@dataclass(frozen=True)
class Desk:
    """What all sessions share."""

    dispatch: Dispatch
    bus: Bus[Any]
    daemon: str
    """The daemon's version."""
    boot_id: str


class Session:
    """Serves one client until it leaves, or until it is told to close."""

    def __init__(self, stream: ByteStream, access: Access, desk: Desk) -> None:
        self._stream = stream
        self._access = access
        self._desk = desk
        self._outbox = Outbox()
        self._reading = anyio.CancelScope()
        self._room = anyio.Semaphore(UNDER_WAY)

    async def run(self) -> None:
        """Serve until the client has left and what it asked for is done. Raises nothing of the network."""
        self._say(self._hello())
        with self._desk.bus.subscribe() as subscription:
            async with anyio.create_task_group() as background:
                background.start_soon(self._send)
                background.start_soon(self._forward, subscription)
                async with anyio.create_task_group() as under_way:
                    with self._reading:
                        await self._read(subscription, under_way)
                await self._outbox.flushed()
                background.cancel_scope.cancel()

    def close(self) -> None:
        """Read no more requests; the session ends when those under way are answered."""
        self._reading.cancel()

    def _hello(self) -> Hello:
        return Hello(
            protocol=PROTOCOL_VERSION,
            daemon=self._desk.daemon,
            boot_id=self._desk.boot_id,
            may_write=self._access.may_write,
        )

    def _say(self, message: Message) -> None:
        self._outbox.add(encode(message))

    async def _send(self) -> None:
        """Write what is queued until the client is gone."""
        try:
            while True:
                await self._stream.send(await self._outbox.take())
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            self._outbox.discard()
            self.close()

    async def _forward(self, subscription: Subscription[Any]) -> None:
        """Pass on what happens. Asking for room first keeps what is pulled from the bus in its order."""
        async with aclosing(subscription.events()) as events:
            await self._outbox.room()
            async for event in events:
                self._say(_as_message(event))
                await self._outbox.room()

    async def _read(self, subscription: Subscription[Any], under_way: TaskGroup) -> None:
        """Read requests until the client ends, or cannot be followed any more."""
        lines = LineReader(self._stream, MAX_CLIENT_LINE)
        garbage = 0
        try:
            while garbage < GARBAGE_IN_A_ROW:
                await self._room.acquire()
                line = await lines.next()
                if line is None:
                    return
                garbage = 0 if self._take(line, subscription, under_way) else garbage + 1
            self._say(_ENOUGH)
        except LineTooLong:
            self._say(_LINE_TOO_LONG)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            self._outbox.discard()

    def _take(self, line: bytes, subscription: Subscription[Any], under_way: TaskGroup) -> bool:
        """Begin what a line asks for. Returns whether it was a request."""
        request = understand(line)
        under_way.start_soon(self._reply, request, subscription)
        return not isinstance(request, Refused)

    async def _reply(self, request: Request | Refused, subscription: Subscription[Any]) -> None:
        """Answer one line. Nothing is begun for a client that does not read what it was told."""
        try:
            await self._outbox.room()
            if isinstance(request, Refused):
                self._say(request)
            else:
                self._outbox.add(await self._answer(request, subscription))
        finally:
            self._room.release()

    async def _answer(self, request: Request, subscription: Subscription[Any]) -> bytes:
        try:
            reply = await self._carry_out(request, subscription)
            line = encode(msgspec.structs.replace(reply, id=request.id))
            if len(line) > MAX_DAEMON_LINE:
                raise _too_large(len(line))
        except Exception as error:
            return encode(refusal_of(request, error))
        return line

    async def _carry_out(self, request: Request, subscription: Subscription[Any]) -> Reply:
        match request:
            case Greet():
                return _greet(request, self._desk)
            case Subscribe():
                subscription.attach(request.topics)
                return Attached(topics=subscription.topics)
            case Detach():
                subscription.detach(request.topics)
                return Attached(topics=subscription.topics)
            case _:
                return await self._desk.dispatch(request, self._access)


def _greet(request: Greet, desk: Desk) -> Greeted:
    if request.protocol != PROTOCOL_VERSION:
        raise InvalidRequest(
            "protocol_mismatch",
            f"{request.client} speaks protocol {request.protocol}, channeld {desk.daemon} speaks protocol"
            f" {PROTOCOL_VERSION}.",
            "Install the same version of both, and restart the older one.",
        )
    return Greeted()


def _as_message(event: Event) -> Message:
    if isinstance(event, SnapshotChunk):
        return Snapshot(topic=event.topic, chunk=event.chunk, last=event.last, rows=msgspec.Raw(event.rows))
    return Delta(topic=event.topic, number=event.number, rows=msgspec.Raw(event.rows), gone=event.gone)


def _too_large(size: int) -> InvalidRequest:
    return InvalidRequest(
        "reply_too_large",
        f"The answer has {size >> 20} MiB; a line may have {MAX_DAEMON_LINE >> 20}.",
        "Ask for less at once, with a smaller limit or a narrower choice.",
    )


_LINE_TOO_LONG = Refused(
    code="line_too_long",
    message=f"A line may have {MAX_CLIENT_LINE} bytes. The connection ends here.",
    hint="Split the request.",
)
_ENOUGH = Refused(
    code="too_many_errors",
    message=f"{GARBAGE_IN_A_ROW} lines in a row were no requests. The connection ends here.",
    hint="`channelctl protocol` describes every request.",
)
