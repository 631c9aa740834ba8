"""Writes down which actors wait for a person, so that a restart of the daemon does not forget it."""

from functools import partial

import anyio
import structlog

from channeld.commands.actors import write_halts
from channeld.errors import ChanneldError
from channeld.runtime.clock import Clock
from channeld.runtime.status import ActorStatus
from channeld.store.store import Store
from channeld.store.unit import Unit

__all__ = ["HaltKeeper"]

AGAIN = 5.0
"""Seconds until the next attempt when the store fails."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class HaltKeeper:
    """Hears of every change of an actor, without waiting; a task of its own writes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._pending: dict[str, ActorStatus] = {}
        self._halted: set[str] = set()
        self._news = anyio.Event()

    def note(self, status: ActorStatus) -> None:
        """Of interest are actors that halt with a reason, and those that no longer are halted."""
        is_halted = status.state == "halted" and bool(status.reason)
        if is_halted or status.id in self._halted:
            self._pending[status.id] = status
            self._news.set()
        if is_halted:
            self._halted.add(status.id)
        elif status.state not in ("halted", "stopped"):
            self._halted.discard(status.id)

    async def run(self) -> None:
        """Write for ever; what cannot be written now is written later, and is said once."""
        failing = False
        while True:
            await self._news.wait()
            self._news = anyio.Event()
            pending, self._pending = self._pending, {}
            try:
                await self._store.write(partial(_write, list(pending.values())))
                failing = False
            except ChanneldError as error:
                if not failing:
                    log.warning("halts not written down", reason=error.message)
                failing = True
                self._pending = pending | self._pending
                await self._clock.sleep(AGAIN)
                self._news.set()


def _write(statuses: list[ActorStatus], unit: Unit) -> None:
    write_halts(unit, statuses)
