"""A daemon that dies at a chosen boundary: before or after a commit or a request. Nothing leaves it then."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import anyio

from channeld.concerns.kit import Kit
from channeld.store.store import Store

__all__ = ["Life"]


class Life:
    """Counts boundaries, and ends at one of them: nobody gets past one any more, and its scope is left."""

    def __init__(self, ends_at: int | None = None) -> None:
        self.scope = anyio.CancelScope()
        self.boundaries = 0
        self.commits = 0
        self.outside: Callable[[], object] = lambda: None
        """What others have seen of it so far."""
        self.moments: list[int] = []
        """Boundaries at which something is left that was not at the one before."""
        self._ends_at = ends_at
        self._is_over = False
        self._left: object = None

    async def boundary(self) -> None:
        """Here the process may die."""
        left = (self.commits, self.outside())
        if left != self._left:
            self._left = left
            self.moments.append(self.boundaries)
        if self._is_over or self.boundaries == self._ends_at:
            await self.die()
        self.boundaries += 1

    async def die(self) -> None:
        """Now. Whoever comes here does not go on."""
        self._is_over = True
        self.scope.cancel()
        await anyio.sleep_forever()

    def mortal(self, kit: Kit) -> Kit:
        """The same, and whoever writes with it may die."""
        return replace(kit, store=cast("Store", _MortalStore(kit.store, self)))


class _MortalStore:
    """Whoever writes may die before the commit, or after it."""

    def __init__(self, store: Store, life: Life) -> None:
        self._store = store
        self._life = life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[..., Any]) -> Any:
        await self._life.boundary()
        done = await self._store.write(work)
        self._life.commits += 1
        await self._life.boundary()
        return done
