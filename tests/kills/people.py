"""People at the socket, who repeat what was not answered."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import msgspec

from channel_protocol.base import WriteRequest
from channel_protocol.client import Client, connect
from channel_protocol.errors import DaemonUnreachable, RequestRefused
from tests.kills.scenario import Life

__all__ = ["Errands", "attached"]


@asynccontextmanager
async def attached(socket: Path) -> AsyncGenerator[Client]:
    """A client, as soon as a daemon answers. Raises `DaemonLost` when that one ends."""
    while True:
        try:
            async with connect(socket) as client:
                yield client
                return
        except DaemonUnreachable:
            await anyio.sleep(0.02)


class Errands:
    """Commands, each sent under one id of its own until a daemon has answered it."""

    def __init__(self) -> None:
        self.done: list[WriteRequest] = []
        self.refused: list[str] = []
        self._open: list[WriteRequest] = []
        self._count = 0

    def add(self, *requests: WriteRequest) -> None:
        """To be done after those there are; each gets its id here."""
        for request in requests:
            self._count += 1
            self._open.append(msgspec.structs.replace(request, command_id=f"errand-{self._count:06}"))

    async def run(self, client: Client, life: Life) -> None:
        """Do all that are open, in their order."""
        while self._open:
            request = self._open[0]
            life.tell("commanded")
            life.tell(f"commanded {type(request).__name__}")
            try:
                await client.request(request)
                self.done.append(request)
            except RequestRefused as refusal:
                self.refused.append(f"{request.command_id} was refused: {refusal}")
            self._open.pop(0)
