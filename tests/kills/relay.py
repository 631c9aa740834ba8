"""The wire between a daemon and Amazon, which writes down what passes and tells of it as it happens.

It passes on bytes, and cuts where the other side cuts. Each request has a connection to Amazon of its own, so
that none finds one that Amazon has closed meanwhile.
"""

import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio
import msgspec
from anyio.abc import ByteStream
from anyio.streams.buffered import BufferedByteReceiveStream

__all__ = ["Exchange", "Relay", "relayed"]

LONGEST_HEAD = 65_536
GONE = (
    anyio.EndOfStream,
    anyio.IncompleteRead,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    OSError,
)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
OPERATIONS = (
    ("token", re.compile(r"/auth/o2/token")),
    ("searchOrders", re.compile(r"/orders/2026-01-01/orders")),
    ("getOrder", re.compile(r"/orders/2026-01-01/orders/[^/]+")),
    ("confirmShipment", re.compile(r"/orders/v0/orders/[^/]+/shipmentConfirmation")),
    ("createFeedDocument", re.compile(r"/feeds/2021-06-30/documents")),
    ("getFeedDocument", re.compile(r"/feeds/2021-06-30/documents/[^/]+")),
    ("feeds", re.compile(r"/feeds/2021-06-30/feeds")),
    ("getFeed", re.compile(r"/feeds/2021-06-30/feeds/[^/]+")),
    ("listTransactions", re.compile(r"/finances/2024-06-19/transactions")),
)


@dataclass
class Exchange:
    """One request, and what came of it."""

    operation: str
    target: str
    life: int
    """The number of the daemon that asked."""
    status: int = 0
    """0: no answer."""
    whole: bool = False
    """A success with a body that can be read."""


class Relay:
    """What passed, oldest first."""

    def __init__(self, base_url: str) -> None:
        self.exchanges: list[Exchange] = []
        self.life = 0
        self.tell: Callable[[str], None] = lambda what: None
        """Hears `asked`, `answered` (not yet passed on) and `delivered`, each with the operation's name."""
        parts = urlsplit(base_url)
        self._amazon = parts.hostname or "", parts.port or 80

    def counts(self) -> dict[str, int]:
        """Requests by operation."""
        return dict(Counter(exchange.operation for exchange in self.exchanges))

    async def serve(self, client: ByteStream) -> None:
        """One connection of a daemon's."""
        requests = BufferedByteReceiveStream(client)
        async with client:
            try:
                while True:
                    await self._pass_on(await _message(requests), client)
            except GONE:
                return

    async def _pass_on(self, request: bytes, client: ByteStream) -> None:
        exchange = Exchange(*_operation(request), self.life)
        self.exchanges.append(exchange)
        self._tell("asked", exchange)
        async with await anyio.connect_tcp(*self._amazon) as amazon:
            await amazon.send(request)
            answer = await _message(BufferedByteReceiveStream(amazon))
        exchange.status = int(answer[9:12])
        exchange.whole = exchange.status == 200 and _is_json(answer.partition(b"\r\n\r\n")[2])
        self._tell("answered", exchange)
        await client.send(answer)
        self._tell("delivered", exchange)

    def _tell(self, what: str, exchange: Exchange) -> None:
        if exchange.life == self.life:
            self.tell(f"{what} {exchange.operation}")


@asynccontextmanager
async def relayed(base_url: str) -> AsyncGenerator[tuple[Relay, str]]:
    """A relay to that Amazon, and the base URL at which daemons reach it."""
    relay = Relay(base_url)
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(anyio.abc.SocketAttribute.local_port)
    async with listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, relay.serve)
        yield relay, f"http://127.0.0.1:{port}"
        group.cancel_scope.cancel()


async def _message(stream: BufferedByteReceiveStream) -> bytes:
    """The next request or answer, head and body; both sides tell the length."""
    head = await stream.receive_until(b"\r\n\r\n", LONGEST_HEAD)
    length = LENGTH.search(head)
    body = await stream.receive_exactly(int(length[1])) if length and int(length[1]) else b""
    return head + b"\r\n\r\n" + body


def _operation(request: bytes) -> tuple[str, str]:
    """Name and target of a request."""
    target = request.split(b" ", 2)[1].decode()
    path = urlsplit(target).path
    return next((name for name, form in OPERATIONS if form.fullmatch(path)), path), target


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError:
        return False
    return True
