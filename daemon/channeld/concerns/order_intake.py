"""Order intake: one actor for each channel; what time does to its orders (semantics C0, C4, C5).

Mailbox:    wake-ups only (merge): orders came in, a person wants one recovered, settings changed.
Publishes:  orders, quarantine, audit; what it waits for.
Writes:     orders and all that follows from them, re-reads, e-mail states.
Calls:      getOrder.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from datetime import datetime

import anyio.to_thread

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.orders import order_call
from channeld.book.account_access import account_access
from channeld.book.email_deadline import settle_overdue
from channeld.book.readings import Readings, read_all
from channeld.book.rereading import DueReread, book_reread, due_rereads, next_reread
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.waiting import bounded
from channeld.domain.reread import Reread
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.store.unit import Unit

__all__ = ["OrderIntake"]

MAX_READS = 4
"""Reads under way: Amazon grants one in two seconds, and one may take that long."""
BATCH = 40


class OrderIntake:
    """Reads single orders again when their time has come, and lets e-mail deadlines pass."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        while True:
            now = self._kit.clock.now()
            rereads, due = await self._look(now)
            if rereads:
                await self._read_all(context, rereads)
                due = await self._next_due()
            context.done()
            if len(rereads) < BATCH:
                await context.receive("the next order to read again", bounded(due, now))

    async def _look(self, now: datetime) -> tuple[list[DueReread], datetime | None]:
        """Let deadlines pass, then say what is to be read now, and when there is something again."""

        def look(unit: Unit) -> tuple[list[DueReread], datetime | None]:
            settle_overdue(unit, self._channel_id, now)
            rereads = due_rereads(unit.connection, self._account_id, self._channel_id, now, BATCH)
            return rereads, next_reread(unit.connection, self._account_id, self._channel_id)

        return await self._kit.store.write(look)

    async def _next_due(self) -> datetime | None:
        return await self._kit.store.read(lambda c: next_reread(c, self._account_id, self._channel_id))

    async def _read_all(self, context: ActorContext, rereads: list[DueReread]) -> None:
        """Several at a time, so that the budget is used while answers are on their way."""
        limiter = anyio.CapacityLimiter(MAX_READS)
        async with anyio.create_task_group() as group:
            for each in rereads:
                await limiter.acquire_on_behalf_of(each)
                group.start_soon(self._read_and_release, context, each, limiter)

    async def _read_and_release(
        self, context: ActorContext, reread: DueReread, limiter: anyio.CapacityLimiter
    ) -> None:
        try:
            await self._read(context, reread)
        finally:
            limiter.release_on_behalf_of(reread)

    async def _read(self, context: ActorContext, reread: DueReread) -> None:
        """One order, from its request to its commit.

        What Amazon does not know, or answers damaged, is noted and tried later: the others are read.
        """
        readings, why_not = None, ""
        try:
            readings = await self._ask(context, reread)
        except NotFound:
            why_not = "not found"
        except BadRequest as error:
            why_not = f"refused {error.amazon_code}".rstrip()
        except ChanneldError as error:
            if not _is_about_this_order(error):
                raise halt_for(error) or error from None
            why_not = "unreadable"
        now = self._kit.clock.now()
        cipher = self._kit.store.cipher
        await self._kit.store.write(
            lambda unit: book_reread(unit, cipher, self._account_id, reread, readings, now, why_not)
        )

    async def _ask(self, context: ActorContext, reread: DueReread) -> Readings:
        store = self._kit.store
        access = await store.read(lambda c: account_access(c, store.cipher, self._account_id))
        priority = Priority.PERSON if reread.kind is Reread.RECOVER else Priority.FRESHNESS
        answer = await self._kit.partner.send(
            access, order_call(reread.order_id), priority=priority, waits=context.waits
        )
        with self._kit.clock.working():
            return await anyio.to_thread.run_sync(read_all, (answer.value,))


def _is_about_this_order(error: ChanneldError) -> bool:
    """A success with a body that is of no use; a redirect is about the account's endpoint."""
    return isinstance(error, UnreadableAnswer) and (error.status is None or error.status < 300)
