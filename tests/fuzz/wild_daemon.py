"""A daemon in a thread of its own, whose time runs by itself, and a client that speaks plain lines."""

import asyncio
import json
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal

from channel_protocol import MAX_DAEMON_LINE
from channeld.sandbox import Market
from tests.support.daemon import Daemon, running_daemon
from tests.support.fake_clock import FakeClock

__all__ = ["PlainClient", "WildDaemon", "wild_daemon"]

ANSWERS_WITHIN = 20.0
"""Seconds of real time, before a test gives the daemon up."""
STEP = 30.0
"""Seconds that pass for the daemon between two breaths of ours."""


class PlainClient:
    """One connection, blocking."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(ANSWERS_WITHIN)
        self.socket.connect(os.fspath(path))
        self._lines = self.socket.makefile("rb")
        self.hello = self.read()

    def read(self) -> dict[str, Any]:
        """The next message. Raises `EOFError` at the end of the connection."""
        line = self._lines.readline(MAX_DAEMON_LINE + 1)
        if not line:
            raise EOFError
        assert line.endswith(b"\n"), "a line is too long or was cut"
        assert len(line) <= MAX_DAEMON_LINE
        return json.loads(line)

    def reply(self) -> dict[str, Any]:
        """The next message that answers something."""
        while True:
            message = self.read()
            if message["type"] not in ("snapshot", "delta"):
                return message

    def ask(self, line: bytes) -> dict[str, Any]:
        self.socket.sendall(line)
        return self.reply()

    def close(self) -> None:
        self._lines.close()
        self.socket.close()


class WildDaemon:
    """What a test may know of the daemon from outside, and count within."""

    def __init__(self, portal: BlockingPortal, daemon: Daemon) -> None:
        self._portal = portal
        self._clock = daemon.clock
        self.path = daemon.folder / "s"

    @contextmanager
    def time_passes(self) -> Generator[None]:
        """Time runs by itself while the block runs."""
        passing = self._portal.start_task_soon(_pass_time, self._clock)
        try:
            yield
        finally:
            passing.cancel()

    @contextmanager
    def client(self) -> Generator[PlainClient]:
        client = PlainClient(self.path)
        try:
            yield client
        finally:
            client.close()

    def in_use(self) -> tuple[int, int]:
        """Open files and tasks, as soon as the daemon has seen who has left. Not while time passes."""
        self._portal.call(self._clock.settle)
        tasks = self._portal.call(lambda: len(asyncio.all_tasks()))
        return len(os.listdir("/proc/self/fd")), tasks  # noqa: PTH208 (a count)


@contextmanager
def wild_daemon(folder: Path) -> Generator[WildDaemon]:
    """A seller with a channel and an order, while the block runs."""
    clock = FakeClock()
    market = Market(clock)
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(running_daemon(folder, market, clock)) as daemon,
    ):
        portal.call(market.place_order)
        portal.call(daemon.open_shop)
        yield WildDaemon(portal, daemon)


async def _pass_time(clock: FakeClock) -> None:
    while True:
        await clock.advance(STEP)
        await anyio.sleep(0.01)
