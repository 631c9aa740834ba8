"""Retention: one actor for the daemon; removes personal data on time (semantics P1).

Mailbox:    wake-ups only (merge): the clock was confirmed or called wrong.
Publishes:  audit; what it waits for.
Writes:     personal data and quarantined payloads past their time, old answers to commands, done re-reads;
            reports and changes of stock of long ago; when it last did so.
Calls:      nothing.
Halts:      never.
"""

from datetime import datetime, timedelta

from channeld.book.retention import forget_old, last_removal, note_removal, remove_overdue
from channeld.concerns.kit import Kit
from channeld.runtime.actor import ActorContext
from channeld.store.unit import Unit

__all__ = ["Retention"]

EVERY = timedelta(minutes=10)
BATCH = 500
GAP = timedelta(days=1)
"""When the last look was longer ago, the clock may have jumped: removing waits until Amazon confirms it."""
PATIENCE = timedelta(days=1)
"""How long a running daemon waits for that. Data must not be kept for ever because Amazon is out of reach."""


class Retention:
    """Looks every ten minutes for what is past its time."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._started = kit.clock.monotonic()

    async def run(self, context: ActorContext) -> None:
        """Go on for ever."""
        while True:
            now = self._kit.clock.cautious_now()
            is_sure = await self._is_sure(now)
            if is_sure:
                await self._remove(now)
            context.done()
            await context.receive(
                "the next look for data past its time"
                if is_sure
                else "Amazon to confirm this machine's clock",
                self._kit.clock.now() + EVERY,
            )

    async def _is_sure(self, now: datetime) -> bool:
        """Whether the date can be believed. What is removed too early cannot be brought back."""
        clock = self._kit.clock
        if clock.ahead is not None or clock.monotonic() - self._started >= PATIENCE.total_seconds():
            return True
        last = await self._kit.store.read(last_removal)
        return last is None or now - last <= GAP

    async def _remove(self, now: datetime) -> None:
        """So many at a time, so that nobody waits long for the writer."""
        store = self._kit.store
        removed = 0
        while count := await store.write(lambda unit: remove_overdue(unit, now, BATCH)):
            removed += count
        await store.write(lambda unit: _conclude(unit, now))
        if removed:
            await store.checkpoint()


def _conclude(unit: Unit, now: datetime) -> None:
    forget_old(unit, now)
    note_removal(unit, now)
