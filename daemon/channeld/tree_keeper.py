"""Keeps the running actors as the store says they should be, and wakes them when there is work for them."""

from collections.abc import Awaitable, Hashable, Mapping, Sequence, Set

import anyio
import structlog

from channeld.concerns.kit import Kit
from channeld.errors import ChanneldError
from channeld.runtime.child import Halted
from channeld.runtime.errors import StillStopping
from channeld.runtime.supervisor import Supervisor
from channeld.store import halts
from channeld.store.halts import Halt
from channeld.store.store import Store
from channeld.tree import Branch, Planned, plan, read_branches

__all__ = ["TreeKeeper"]

AGAIN = 5.0
"""Seconds until the next attempt when an actor takes long to stop, or the store fails."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class TreeKeeper:
    """Starts, replaces and removes actors when accounts and channels change."""

    def __init__(self, store: Store, supervisor: Supervisor, kit: Kit) -> None:
        self._store = store
        self._supervisor = supervisor
        self._kit = kit
        self._running: dict[str, Planned] = {}
        self._changed = anyio.Event()
        self._touched: set[Hashable] = set()
        """Accounts and channels, by kind and id, that were changed since it last looked."""

    def note(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """After a commit: changed settings make it look again, planned re-reads wake the channel's intake."""
        if settings := changes.get("settings"):
            self._touched |= settings
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
                is_done = await self._bring_about({})
            except ChanneldError as error:
                log.warning("the actors could not be brought up to date", reason=error.message)
                is_done = False
            if not is_done:
                with self._kit.clock.deadline(AGAIN):
                    await self._changed.wait()
                self._changed.set()

    async def _bring_about(self, halted: Mapping[str, Halt]) -> bool:
        """Whether everything is as it should be; one actor that takes long to stop delays no other."""
        touched, self._touched = self._touched, set()
        try:
            branches = await self._store.read(read_branches)
        except BaseException:
            self._touched |= touched
            raise
        wanted = {each.spec.id: each for each in plan(branches, self._kit)}
        accounts = _accounts(touched, branches)
        is_done = True
        for id_ in [id_ for id_ in reversed(self._running) if id_ not in wanted]:
            self._running.pop(id_)
            is_done &= await self._in_time(self._supervisor.remove(id_))
        for id_, planned in wanted.items():
            halt = _halt_of(planned, halted)
            is_done &= await self._in_time(self._have(id_, planned, halt, planned.account_id in accounts))
        return is_done

    async def _in_time(self, change: Awaitable[None]) -> bool:
        try:
            await change
        except StillStopping as slow:
            log.warning("an actor takes long to stop", reason=slow.message)
            return False
        return True

    async def _have(self, id_: str, planned: Planned, halted: Halted | None, is_touched: bool) -> None:
        running = self._running.get(id_)
        if running is None:
            self._supervisor.add(planned.spec, halted)
            self._running[id_] = planned
            return
        self._running[id_] = planned
        if running.settings != planned.settings or running.serves - planned.serves:
            await self._supervisor.replace(planned.spec)
        elif is_touched:
            self._supervisor.wake(id_)


def _accounts(touched: Set[Hashable], branches: Sequence[Branch]) -> set[int | None]:
    """The accounts that the changes are about: only their actors have something new to read."""
    return {
        branch.account.id
        for branch in branches
        if ("account", branch.account.id) in touched
        or any(("channel", channel.id) in touched for channel in branch.channels)
    }


def _halt_of(planned: Planned, halted: Mapping[str, Halt]) -> Halted | None:
    """Its own halt, else that of its group, whose message another actor bears."""
    if halt := halted.get(planned.spec.id):
        return Halted(reason=halt.reason, hint=halt.hint, since=halt.since, by=halt.by, group=halt.group)
    group = planned.spec.group
    first = next((halt for halt in halted.values() if group and halt.group == group), None)
    return Halted(since=first.since, group=group) if first else None
