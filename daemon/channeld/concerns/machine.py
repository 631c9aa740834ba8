"""Machine: one actor for the daemon; says what is wrong with disk, database file and clock, and tidies up.

Mailbox:    wake-ups only (merge): the store failed or works again, the clock was confirmed or called wrong.
Publishes:  what is wrong, as its own failure, which is how people are shown failures.
Writes:     when it last saw the store work, while it does not. Removes files of reports that nobody needs.
Calls:      nothing.
Halts:      never.
"""

import shutil
from datetime import timedelta

import anyio.to_thread

from channeld.concerns.kit import Kit
from channeld.concerns.spooled import remove_orphaned
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.runtime.checked_clock import TOLERANCE
from channeld.store import meta

__all__ = ["Machine"]

EVERY = timedelta(minutes=10)
LITTLE = 64 * 2**20
"""Bytes of free disk below which a person is told: as much as the write-ahead log may take."""


class Machine:
    """Looks at once when told, and every ten minutes."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; raises what is wrong, and is then started again to see whether it still is."""
        while True:
            await self._look_at_store()
            await remove_orphaned(self._kit.store, self._kit.clock)
            await self._look_at_disk()
            self._look_at_clock()
            context.done()
            await context.receive("the next look at disk and clock", self._kit.clock.now() + EVERY)

    async def _look_at_store(self) -> None:
        """A store that failed is tried with a write of one row; only that shows that it works again."""
        store, now = self._kit.store, self._kit.clock.now()
        if store.failure is not None:
            await store.write(lambda unit: meta.put(unit, "tried_at", now.isoformat().encode()))
        if store.failure is not None:
            failure = store.failure
            raise ChanneldError(failure.code, failure.message, failure.hint)

    async def _look_at_disk(self) -> None:
        with self._kit.clock.working():
            free = await anyio.to_thread.run_sync(_free_bytes, str(self._kit.store.path.parent))
        if free < LITTLE:
            raise ChanneldError(
                "disk_nearly_full",
                f"The disk with {self._kit.store.path} has {free // 2**20} MiB left.",
                "Free some space there, before nothing more can be stored.",
            )

    def _look_at_clock(self) -> None:
        ahead = self._kit.clock.ahead
        if ahead is None or abs(ahead) <= TOLERANCE:
            return
        raise ChanneldError(
            "clock_wrong",
            f"This machine's clock is {_in_words(abs(ahead))} {'ahead of' if ahead > TOLERANCE else 'behind'}"
            " Amazon's; channeld goes by Amazon's.",
            "Set it right, and let it be kept right: `timedatectl set-ntp true`.",
        )


def _free_bytes(directory: str) -> int:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return LITTLE  # that the directory is gone is the store's to say


def _in_words(span: timedelta) -> str:
    """In the largest unit that says enough, so that the text does not change from look to look."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours")):
        if span >= 2 * unit:
            return f"{round(span / unit)} {name}"
    return f"{round(span / timedelta(minutes=1))} minutes"
