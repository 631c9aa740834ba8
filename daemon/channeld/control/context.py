"""One request as a handler sees it: the daemon's parts, who asks, and how a change is carried out once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from channel_protocol.base import Reply, WriteRequest
from channeld.commands.asking import Asked
from channeld.control.access import Access
from channeld.control.once import once
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
