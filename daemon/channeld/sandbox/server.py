"""The sandbox on a real port of this machine."""

import socket
from asyncio import BaseTransport, Transport
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

import anyio
import uvicorn
from anyio.abc import TaskStatus
from uvicorn.protocols.http.h11_impl import H11Protocol

from channeld.sandbox.answers import Connections
from channeld.sandbox.face import create_app
from channeld.sandbox.market import Market

__all__ = ["serve"]

HOST = "127.0.0.1"
FAREWELL = 2.0
"""Seconds to close connections in when the sandbox ends."""


async def serve(
    market: Market, *, port: int = 0, task_status: TaskStatus[int] = anyio.TASK_STATUS_IGNORED
) -> None:
    """Answer on that port of the loopback interface (0: pick one) until cancelled; reports the port.

    OSError when the port is taken.
    """
    connections = Connections()
    server = _Server(_config(market, connections))
    with socket.create_server((HOST, port)) as listener:
        async with anyio.create_task_group() as group:
            group.start_soon(market.live)
            task_status.started(listener.getsockname()[1])
            try:
                await server.serve(sockets=[listener])
            finally:
                await _close(server, listener, connections)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Signals belong to the program that runs the sandbox."""
        yield


def _config(market: Market, connections: Connections) -> uvicorn.Config:
    class Protocol(H11Protocol):
        """Keeps the list of connections, so that a fault can cut one."""

        def connection_made(self, transport: BaseTransport) -> None:
            super().connection_made(cast(Transport, transport))
            if self.client is not None:
                connections.open[self.client] = cast(Transport, transport)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self.client is not None:
                connections.open.pop(self.client, None)

    return uvicorn.Config(
        create_app(market, connections),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
    )


async def _close(server: _Server, listener: socket.socket, connections: Connections) -> None:
    """Cut what is open: clients of a sandbox that ends are not waited for."""
    connections.closing.set()
    if not server.started:
        return
    server.force_exit = True
    for transport in tuple(connections.open.values()):
        transport.abort()
    with anyio.move_on_after(FAREWELL, shield=True):
        await server.shutdown(sockets=[listener])
    for task in server.server_state.tasks:
        task.cancel()
