"""Files of reports that nobody goes on with: left by a download that was abandoned, or a daemon that died.

An actor removes its own when it is stopped, but one that waits after a failure hears nothing: those are
removed by the next look at the machine.
"""

import anyio.to_thread

from channeld.runtime.clock import Clock
from channeld.store import downloads
from channeld.store.spool import remove_orphans, spooled_ids
from channeld.store.store import Store

__all__ = ["remove_orphaned"]


async def remove_orphaned(store: Store, clock: Clock) -> None:
    """Remove them; those of downloads that run stay.

    It looks for files first: one that begins while it looks is not among them.
    """
    with clock.working():
        there = await anyio.to_thread.run_sync(lambda: spooled_ids(store.path))
    if not there:
        return
    running = await store.read(downloads.running_ids)
    with clock.working():
        await anyio.to_thread.run_sync(lambda: remove_orphans(store.path, there - running))
