"""Retention: one actor for the daemon; removes personal data on time (semantics P1).

Mailbox:    wake-ups only (merge).
Publishes:  audit; what it waits for.
Writes:     personal data and quarantined payloads past their time, old answers to commands, done re-reads.
Calls:      nothing.
Halts:      never.
"""

from datetime import datetime, timedelta

from channeld.book.retention import forget_old, remove_overdue
from channeld.concerns.kit import Kit
from channeld.runtime.actor import ActorContext

__all__ = ["Retention"]

EVERY = timedelta(minutes=10)
BATCH = 500


class Retention:
    """Looks every ten minutes for what is past its time."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def run(self, context: ActorContext) -> None:
        """Go on for ever."""
        while True:
            now = self._kit.clock.now()
            await self._remove(now)
            context.done()
            await context.receive("the next look for data past its time", now + EVERY)

    async def _remove(self, now: datetime) -> None:
        """So many at a time, so that nobody waits long for the writer."""
        store = self._kit.store
        removed = 0
        while count := await store.write(lambda unit: remove_overdue(unit, now, BATCH)):
            removed += count
        await store.write(lambda unit: forget_old(unit, now))
        if removed:
            await store.checkpoint()
