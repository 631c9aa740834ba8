"""The second route of a backfill: orders are read by their ids, from the newest on, several at a time."""

from collections.abc import Sequence

import anyio
import anyio.to_thread

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.orders import order_call
from channeld.book.backfilling import book_read
from channeld.book.readings import Readings, read_all
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.store.backfills import BackfillOrder

__all__ = ["read_orders"]

IN_FLIGHT = 4
"""Amazon grants one in two seconds, and one may take that long."""


async def read_orders(kit: Kit, line: AccountLine, wanted: Sequence[BackfillOrder]) -> None:
    """Read and book them. Raises what stops all of them; an order that Amazon does not give stops none."""
    limiter = anyio.CapacityLimiter(IN_FLIGHT)
    async with anyio.create_task_group() as group:
        for each in wanted:
            await limiter.acquire_on_behalf_of(each)
            group.start_soon(_read, kit, line, each, limiter)


async def _read(kit: Kit, line: AccountLine, each: BackfillOrder, limiter: anyio.CapacityLimiter) -> None:
    try:
        readings = await _ask(kit, line, each.order_id)
        now, cipher = kit.clock.now(), kit.store.cipher
        await kit.store.write(lambda unit: book_read(unit, cipher, each, readings, now))
    finally:
        limiter.release_on_behalf_of(each)


async def _ask(kit: Kit, line: AccountLine, order_id: str) -> Readings | None:
    """None when Amazon does not know it, or its answer is of no use: it is tried again later."""
    try:
        order = await line.ask(order_call(order_id), Priority.BULK)
    except (NotFound, BadRequest):
        return None
    except UnreadableAnswer as error:
        if error.status is not None and error.status >= 300:
            raise
        return None
    with kit.clock.working():
        return await anyio.to_thread.run_sync(read_all, (order,))
