"""Stock is computed: one actor for each account; what Amazon is to be told of stale SKUs (semantics D1–D7).

Mailbox:    wake-ups only (merge): something that counts has changed.
Publishes:  how stock stands; what it waits for.
Writes:     desired stock, what is stale of it, how far a sweep is.
Calls:      nobody.
Halts:      never.
"""

from datetime import datetime

import structlog

from channeld.book.offering.computing import recomputing
from channeld.book.offering.computing.recomputing import WHILE_IN_FLIGHT, Idle, StalePage, SweepPage
from channeld.concerns.kit import Kit
from channeld.concerns.waiting import bounded
from channeld.runtime.actor import ActorContext

__all__ = ["Stock"]

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Stock:
    """Stale SKUs first, then, page by page, all of them when a setting is another."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._swept = 0
        self._changed = 0

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        store = self._kit.store
        while True:
            page = await store.read(lambda c: recomputing.next_page(c, self._account_id))
            context.done()
            match page:
                case StalePage():
                    await self._book_stale(page)
                case SweepPage():
                    await self._book_sweep(page, context)
                case Idle():
                    await context.receive("a change of stock", await self._until(page))

    async def _book_stale(self, page: StalePage) -> None:
        now = self._kit.clock.now()
        await self._kit.store.write(lambda unit: recomputing.book_stale(unit, self._account_id, page, now))

    async def _book_sweep(self, page: SweepPage, context: ActorContext) -> None:
        now = self._kit.clock.now()
        if not page.sweep.after:
            self._swept = self._changed = 0
        self._changed += await self._kit.store.write(lambda unit: recomputing.book_sweep(unit, page, now))
        self._swept += len(page.computed)
        if page.after is None:
            self._tell(page, context, now)

    async def _until(self, idle: Idle) -> datetime:
        now = self._kit.clock.now()
        if ended := idle.ended:
            await self._kit.store.write(lambda unit: recomputing.end(unit, ended))
        return bounded(now + WHILE_IN_FLIGHT if idle.look_again else None, now)

    def _tell(self, page: SweepPage, context: ActorContext, now: datetime) -> None:
        since = page.sweep.since
        log.info(
            "what Amazon is to be told of all stock was computed anew",
            actor=context.id,
            skus=self._swept,
            changed=self._changed,
            seconds=round((now - since).total_seconds(), 1) if since else None,
        )
