"""The one owner of the socket: connects, subscribes, hands on what arrives, and connects again.

It ends only when it is cancelled. Every failure is an event: `Lost` with why, what to do, and when the next
attempt is made.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from channel_protocol.base import Reply, Request
from channel_protocol.errors import ClientError, DaemonLost
from channel_protocol.session import TOPICS, Delta, Hello, Snapshot, Subscribe
from channeltop.clock import Clock
from channeltop.events import Connected, Event, Lost, decoded

__all__ = ["BACKOFF", "Client", "Connect", "Connection"]

BACKOFF = (0.5, 1.0, 2.0, 5.0)
"""Seconds before each new attempt; the last one for ever."""

UNREADABLE = (
    "The daemon sends rows that this monitor cannot read. Use channeltop and channeld of one version."
)


class Client(Protocol):
    """What is used of `channel_protocol.client.Client`."""

    hello: Hello

    async def request(self, request: Request) -> Reply: ...

    def events(self) -> AsyncIterator[Snapshot | Delta]: ...


Connect = Callable[[Path], AbstractAsyncContextManager[Client]]


class Connection:
    """Keeps a client connected and hands its events to `post`, in order, from one task."""

    def __init__(self, path: Path, connect: Connect, clock: Clock, post: Callable[[Event], object]) -> None:
        self._path = path
        self._connect = connect
        self._clock = clock
        self._post = post
        self._client: Client | None = None

    async def run(self) -> None:
        """Stay connected, for ever."""
        failures = 0
        while True:
            heard = False
            try:
                async with self._connect(self._path) as client:
                    heard = True
                    await self._listen(client)
            except ClientError as error:
                why = str(error)
            except msgspec.MsgspecError:
                why = UNREADABLE
            else:
                why = "channeld closed the connection."
            failures = 0 if heard and why != UNREADABLE else failures + 1
            pause = BACKOFF[min(failures, len(BACKOFF)) - 1] if failures else BACKOFF[0]
            now = self._clock.now()
            self._post(Lost(why=why, at=now, retry_at=now + timedelta(seconds=pause)))
            await self._clock.sleep(pause)

    async def request(self, request: Request) -> Reply:
        """Ask the daemon. Raises `RequestRefused`, and `DaemonLost` also while there is no daemon."""
        if self._client is None:
            raise DaemonLost("daemon_lost", "There is no daemon to ask.", "Ask again when it is back.")
        return await self._client.request(request)

    async def subscribe(self, *topics: str) -> None:
        """Ask for fresh snapshots; without a daemon nothing is asked, as the next connection brings them."""
        if self._client is not None:
            await self._client.request(Subscribe(topics=topics))

    async def _listen(self, client: Client) -> None:
        self._post(Connected(hello=client.hello))
        self._client = client
        try:
            await self.subscribe(*TOPICS)
            async for message in client.events():
                self._post(decoded(message))
        finally:
            self._client = None
