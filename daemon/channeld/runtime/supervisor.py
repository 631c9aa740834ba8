"""Keeps the actors running: started in order, stopped in reverse, one never touching another.

A crash is retried for ever with back-off and shown as failing; a halt waits for a person; nothing
escalates. Actors come and go while others run.
"""

from itertools import count
from types import TracebackType
from typing import Self

import anyio
import structlog

from channeld.runtime.child import ChildSpec, Halted
from channeld.runtime.clock import Clock
from channeld.runtime.errors import ActorHalted, StillStopping, UnknownActor
from channeld.runtime.keeper import Keeper
from channeld.runtime.mailbox import Mailbox
from channeld.runtime.record import OnChange, Record
from channeld.runtime.status import ActorStatus

__all__ = ["Supervisor"]

IN_ORDER = 0.8
"""The share of the time for stopping in which actors are stopped one by one; then all others at once."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Supervisor:
    """The actors of the daemon. An async context manager; leaving it cancels what still runs.

    `on_change` hears of each change of an actor and whether it is notable. Verbs that name an actor raise
    `UnknownActor`; those that wait for its end raise `StillStopping` after its `stop_within`, and what was
    asked for then happens as soon as it has ended.
    """

    def __init__(self, clock: Clock, on_change: OnChange) -> None:
        self._clock = clock
        self._on_change = on_change
        self._keepers: dict[str, Keeper] = {}
        self._versions = count(1)
        self._group = anyio.create_task_group()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        self._group.cancel_scope.cancel()
        return await self._group.__aexit__(kind, error, trace)

    def add(self, spec: ChildSpec, halted: Halted | None = None) -> None:
        """Start an actor after those there are. With `halted`, or in a halted group, it waits for a person.

        Raises `StillStopping` when its predecessor was removed and has not ended, else `ValueError` when
        the id is taken.
        """
        if spec.id in self._keepers:
            self._refuse_duplicate(self._keepers[spec.id])
        record = Record(spec, self._clock, self._on_change, lambda: next(self._versions))
        keeper = self._keepers[spec.id] = Keeper(spec, self._clock, record)
        keeper.halted = halted or self._follow(spec.group)
        if keeper.halted is None:
            self._start(keeper)
        else:
            keeper.settle()

    async def remove(self, id_: str) -> None:
        """Stop an actor and forget it."""
        keeper = self._find(id_)
        self._hand_over(keeper)
        if keeper.alive:
            keeper.then("remove")
            await self._await_end(keeper)
        else:
            self._forget(keeper)

    async def replace(self, spec: ChildSpec) -> None:
        """Go on with a new spec under the same id.

        An actor that had halted by itself is started, and with it what was halted for the same reason. One
        that a person halted, or that follows its group, stays halted.
        """
        keeper = self._find(spec.id)
        keeper.spec = spec
        keeper.record.describe(spec)
        if keeper.halted is None:
            await self._end_and_run(keeper)
        elif keeper.halted.reason and not keeper.halted.by:
            self.resume(spec.id)

    async def restart(self, id_: str) -> None:
        """Stop an actor and start it afresh; one that waits for its next attempt is started at once.

        Raises `ActorHalted`.
        """
        keeper = self._find(id_)
        if keeper.halted is not None:
            raise ActorHalted(id_)
        await self._end_and_run(keeper)

    async def halt(self, id_: str, reason: str, hint: str = "", by: str = "") -> None:
        """Stop an actor until a person resumes it. `by` names who asked."""
        keeper = self._find(id_)
        self._hand_over(keeper)
        keeper.then("halt", Halted(reason=reason, hint=hint, since=self._clock.now(), by=by))
        if keeper.alive:
            await self._await_end(keeper)
        else:
            keeper.settle()

    def resume(self, id_: str) -> list[str]:
        """Start a halted actor and whatever was halted with it. Returns their ids, if it was halted."""
        halted = self._find(id_).halted
        if halted is None:
            return []
        together = self._halted_with(halted.group) or [self._find(id_)]
        for keeper in together:
            self._run_again(keeper)
        return [keeper.spec.id for keeper in together]

    def wake(self, id_: str) -> bool:
        """Say that there may be work in the store for it. Returns whether there is such an actor."""
        keeper = self._keepers.get(id_)
        if keeper is not None:
            keeper.mailbox.wake()
        return keeper is not None

    def hurry(self, id_: str) -> None:
        """Wake it, if there is such an actor; one that crashed makes its next attempt now.

        For an actor whose cause of failure may have gone.
        """
        if self.wake(id_):
            self._find(id_).hurry()

    def mailbox(self, id_: str) -> Mailbox:
        return self._find(id_).mailbox

    def status(self, id_: str) -> ActorStatus:
        return self._find(id_).record.status

    def statuses(self) -> list[ActorStatus]:
        """Of all actors, in the order in which they were added."""
        return [keeper.record.status for keeper in self._keepers.values()]

    async def stop(self, deadline: float) -> list[str]:
        """Stop all actors in reverse order, within that many seconds. Returns those that have not stopped.

        Each is given its `stop_within`. Those that do not stop are left to run: only the end of the process
        can end them, and what they left undone is found in the store at the next start.
        """
        keepers = [keeper for keeper in reversed(self._keepers.values()) if keeper.alive]
        rest = keepers.copy()
        with self._clock.deadline(deadline * IN_ORDER):
            while rest:
                rest[0].then("stop")
                await rest[0].ended(rest[0].spec.stop_within)
                rest.pop(0)
        for keeper in rest:
            keeper.then("stop")
        with self._clock.deadline(deadline * (1 - IN_ORDER)):
            for keeper in rest:
                await keeper.ended(keeper.spec.stop_within)
        return [keeper.spec.id for keeper in keepers if keeper.alive]

    def _start(self, keeper: Keeper) -> None:
        keeper.starting()
        self._group.start_soon(self._watch, keeper, name=keeper.spec.id)

    async def _watch(self, keeper: Keeper) -> None:
        """The task of one actor, and what follows from its end."""
        await keeper.live()
        if keeper.next == "remove":
            self._forget(keeper)
            return
        keeper.settle()
        if keeper.halted is not None and keeper.halted.group and keeper.halted.reason:
            self._halt_group(keeper.halted)

    def _forget(self, keeper: Keeper) -> None:
        del self._keepers[keeper.spec.id]
        keeper.halted = None
        keeper.settle()

    def _run_again(self, keeper: Keeper) -> None:
        keeper.then("run") if keeper.alive else self._start(keeper)

    async def _end_and_run(self, keeper: Keeper) -> None:
        was_alive = keeper.alive
        self._run_again(keeper)
        if was_alive:
            await self._await_end(keeper)

    async def _await_end(self, keeper: Keeper) -> None:
        seconds = keeper.spec.stop_within
        if not await keeper.ended(seconds):
            log.warning("actor does not stop", actor=keeper.spec.id, after_seconds=seconds)
            raise StillStopping(keeper.spec.id, seconds)

    def _find(self, id_: str) -> Keeper:
        if id_ not in self._keepers:
            raise UnknownActor(id_, self._keepers)
        return self._keepers[id_]

    def _refuse_duplicate(self, keeper: Keeper) -> None:
        if keeper.next == "remove":
            raise StillStopping(keeper.spec.id, keeper.spec.stop_within)
        raise ValueError(f"there is an actor {keeper.spec.id!r} already")

    def _halt_group(self, first: Halted) -> None:
        """Halt the others of the group with the first, whose message is the only one."""
        for keeper in self._keepers.values():
            if keeper.spec.group == first.group and keeper.alive and keeper.next == "run":
                keeper.then("halt", Halted(since=first.since, group=first.group))

    def _halted_with(self, group: str) -> list[Keeper]:
        """All that were halted together, the first of them and those that followed."""
        return [
            k for k in self._keepers.values() if group and k.halted is not None and k.halted.group == group
        ]

    def _follow(self, group: str) -> Halted | None:
        """How an actor begins that comes into the group."""
        together = self._halted_with(group)
        return (
            together[0].halted and Halted(since=together[0].halted.since, group=group) if together else None
        )

    def _hand_over(self, leaver: Keeper) -> None:
        """The message of a halted group is passed on when its bearer goes."""
        halted = leaver.halted
        if halted is None or not halted.reason:
            return
        for keeper in self._halted_with(halted.group):
            if keeper is not leaver:
                keeper.halted = halted
                if not keeper.alive:
                    keeper.settle()
                return
