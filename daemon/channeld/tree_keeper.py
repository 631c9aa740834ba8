"""Keeps the running actors as the store says they should be, and wakes them when there is work for them."""

from collections import defaultdict
from collections.abc import Awaitable, Hashable, Mapping, Sequence, Set
from typing import cast

import anyio
import structlog
from sqlalchemy import Connection

from channeld.concerns.kit import Kit
from channeld.errors import ChanneldError
from channeld.runtime.child import Halted
from channeld.runtime.errors import StillStopping
from channeld.runtime.supervisor import Supervisor
from channeld.store import channels, halts
from channeld.store.halts import Halt
from channeld.store.store import Store
from channeld.tree import plan, plan_branches
from channeld.tree_branches import Branch, read_branches
from channeld.tree_children import Hearing, Planned

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
        self._touched: set[tuple[str, int]] = set()
        """Accounts and channels, by kind and id, that were changed since it last looked."""
        self._hearing: defaultdict[Hearing, set[str]] = defaultdict(set)
        """Who is woken by what."""

    def note(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """After a commit: changed settings make it look again, and actors are woken that have work now."""
        if settings := changes.get("settings"):
            self._touched |= cast("Set[tuple[str, int]]", settings)
            self._changed.set()
        for kind, keys in changes.items():
            for key in keys:
                for id_ in self._hearing.get((kind, key), ()):
                    self._supervisor.wake(id_)

    async def start(self) -> None:
        """Start everything, in its order; what was halted stays so."""
        stored = await self._store.read(halts.all_halts)
        wanted = plan(await self._store.read(read_branches), self._kit)
        await self._bring_about(wanted, (), {halt.actor: halt for halt in stored})

    async def run(self) -> None:
        """Follow changes for ever."""
        while True:
            await self._changed.wait()
            self._changed = anyio.Event()
            try:
                is_done = await self._follow()
            except ChanneldError as error:
                log.warning("the actors could not be brought up to date", reason=error.message)
                is_done = False
            if not is_done:
                with self._kit.clock.deadline(AGAIN):
                    await self._changed.wait()
                self._changed.set()

    async def _follow(self) -> bool:
        """Look at the accounts that were changed, and at no other: there may be hundreds."""
        touched, self._touched = self._touched, set()
        is_done = False
        try:
            accounts, branches = await self._store.read(lambda c: _read_touched(c, touched))
            present = [id_ for id_, planned in self._running.items() if planned.account_id in accounts]
            is_done = await self._bring_about(plan_branches(branches, self._kit), present, {})
        finally:
            if not is_done:
                self._touched |= touched
        return is_done

    async def _bring_about(
        self, wanted: Sequence[Planned], present: Sequence[str], halted: Mapping[str, Halt]
    ) -> bool:
        """Have these instead of those; whether it is so. One that takes long to stop delays no other."""
        ids = {each.spec.id for each in wanted}
        is_done = True
        for id_ in [id_ for id_ in reversed(present) if id_ not in ids]:
            self._forget(id_)
            is_done &= await self._in_time(self._supervisor.remove(id_))
        for planned in wanted:
            is_done &= await self._in_time(self._have(planned, _halt_of(planned, halted)))
        return is_done

    def _forget(self, id_: str) -> Planned | None:
        running = self._running.pop(id_, None)
        for heard in running.hears if running else ():
            self._hearing[heard].discard(id_)
        return running

    async def _in_time(self, change: Awaitable[None]) -> bool:
        try:
            await change
        except StillStopping as slow:
            log.warning("an actor takes long to stop", reason=slow.message)
            return False
        return True

    async def _have(self, planned: Planned, halted: Halted | None) -> None:
        id_ = planned.spec.id
        running = self._forget(id_)
        self._running[id_] = planned
        for heard in planned.hears:
            self._hearing[heard].add(id_)
        if running is None:
            self._supervisor.add(planned.spec, halted)
        elif running.settings != planned.settings or running.serves - planned.serves:
            await self._supervisor.replace(planned.spec)
        else:
            self._supervisor.wake(id_)


def _read_touched(connection: Connection, touched: Set[tuple[str, int]]) -> tuple[set[int], list[Branch]]:
    """The accounts that the changes are about, and what is to run of them."""
    by_kind = {kind: {id_ for of, id_ in touched if of == kind} for kind in ("account", "channel")}
    accounts = by_kind["account"] | channels.account_ids(connection, by_kind["channel"])
    return accounts, read_branches(connection, accounts)


def _halt_of(planned: Planned, halted: Mapping[str, Halt]) -> Halted | None:
    """Its own halt, else that of its group, whose message another actor bears."""
    if halt := halted.get(planned.spec.id):
        return Halted(reason=halt.reason, hint=halt.hint, since=halt.since, by=halt.by, group=halt.group)
    group = planned.spec.group
    first = next((halt for halt in halted.values() if group and halt.group == group), None)
    return Halted(since=first.since, group=group) if first else None
