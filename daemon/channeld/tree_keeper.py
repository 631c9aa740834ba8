"""Keeps the running actors as the store says they should be, and wakes them when there is work for them."""

from collections.abc import Hashable, Mapping, Set

import anyio
import structlog

from channeld.concerns.kit import Kit
from channeld.runtime.child import Halted
from channeld.runtime.errors import StillStopping
from channeld.runtime.supervisor import Supervisor
from channeld.store import halts
from channeld.store.halts import Halt
from channeld.store.store import Store
from channeld.tree import Planned, plan, read_branches

__all__ = ["TreeKeeper"]

AGAIN = 5.0
"""Seconds until the next attempt when an actor takes long to stop."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class TreeKeeper:
    """Starts, replaces and removes actors when accounts and channels change."""

    def __init__(self, store: Store, supervisor: Supervisor, kit: Kit) -> None:
        self._store = store
        self._supervisor = supervisor
        self._kit = kit
        self._running: dict[str, Planned] = {}
        self._changed = anyio.Event()

    def note(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """After a commit: changed settings make it look again, planned re-reads wake the channel's intake."""
        if "settings" in changes:
            self._changed.set()
        for channel_id in changes.get("reread", ()):
            for planned in self._running.values():
                if planned.channel_id == channel_id:
                    self._supervisor.wake(planned.spec.id)

    async def start(self) -> None:
        """Start everything, in its order; what was halted stays so."""
        stored = await self._store.read(halts.all_halts)
        await self._bring_about({halt.actor: halt for halt in stored})

    async def run(self) -> None:
        """Follow changes for ever."""
        while True:
            await self._changed.wait()
            self._changed = anyio.Event()
            try:
                await self._bring_about({})
            except StillStopping as slow:
                log.warning("an actor takes long to stop", reason=slow.message)
                await self._kit.clock.sleep(AGAIN)
                self._changed.set()

    async def _bring_about(self, halted: Mapping[str, Halt]) -> None:
        wanted = {each.spec.id: each for each in plan(await self._store.read(read_branches), self._kit)}
        for id_ in [id_ for id_ in reversed(self._running) if id_ not in wanted]:
            self._running.pop(id_)
            await self._supervisor.remove(id_)
        for id_, planned in wanted.items():
            await self._have(id_, planned, halted.get(id_))

    async def _have(self, id_: str, planned: Planned, halt: Halt | None) -> None:
        running = self._running.get(id_)
        if running is None:
            self._supervisor.add(planned.spec, _as_halted(halt))
        elif running.settings != planned.settings:
            await self._supervisor.replace(planned.spec)
        self._running[id_] = planned


def _as_halted(halt: Halt | None) -> Halted | None:
    if halt is None:
        return None
    return Halted(reason=halt.reason, hint=halt.hint, since=halt.since, by=halt.by, group=halt.group)
