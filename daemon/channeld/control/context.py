"""One request as a handler sees it: the daemon's parts, who asks, and how it is carried out once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from channel_protocol.base import Reply, WriteRequest
from channeld.commands.asking import Asked
from channeld.control.access import Access
from channeld.control.once import first_answer, once
from channeld.control.parts import Parts
from channeld.store.unit import Unit

__all__ = ["Context"]

T = TypeVar("T")
R = TypeVar("R", bound=Reply)


@dataclass(frozen=True)
class Context:
    """Handed to every handler with the request."""

    parts: Parts
    access: Access

    def asked(self) -> Asked:
        """Who asks, and when."""
        parts = self.parts
        return Asked(by=self.access.user, now=parts.clock.now(), cipher=parts.store.cipher)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """One state of the book."""
        return await self.parts.store.read(query)

    async def change(self, request: WriteRequest, kind: type[R], act: Callable[[Unit, Asked], R]) -> R:
        """Carry out a command in one unit of work, once; a repeat gets the first answer."""
        asked = self.asked()
        return await self.parts.store.write(
            lambda unit: once(unit, asked, request, lambda: act(unit, asked), kind)
        )

    async def act(
        self,
        request: WriteRequest,
        kind: type[R],
        act: Callable[[], Awaitable[R]],
        write_down: Callable[[Unit, Asked], None] | None = None,
    ) -> R:
        """Do what waits for more than the store, and store the answer with what is to be written down of it.

        A repeat gets the first answer; if the daemon died before there was one, it is done again.
        """
        cipher = self.parts.store.cipher
        earlier = await self.read(lambda c: first_answer(c, cipher, request, kind))
        if earlier is not None:
            return earlier
        reply = await act()

        def keep(unit: Unit, asked: Asked) -> R:
            if write_down:
                write_down(unit, asked)
            return reply

        return await self.change(request, kind, keep)
