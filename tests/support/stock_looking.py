"""The actor that reads stock back, beside `stock_line`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import anyio
from msgspec.structs import replace

from channeld.book.offering.reading_back.due_looks import GATHERED_FOR
from channeld.concerns.stock_check import StockCheck
from channeld.domain.stock.desired import SETTLES
from channeld.runtime.actor import ActorContext
from channeld.runtime.mailbox import Mailbox
from channeld.store import channels, desired_stock, stale_stock
from channeld.store.unit import Unit
from tests.support.stock_line import StockLine

__all__ = ["APPLIED", "look", "looked", "orders_until", "searched"]

APPLIED = SETTLES.total_seconds() + GATHERED_FOR.total_seconds() + 10
"""Seconds after which no message can be applied any more, and what was to be seen was read."""
_CHANNELS = (1, 2)


async def look(line: StockLine, seconds: float = 1.0) -> BaseException | None:
    """The actor for a while; what it ended with, if it did. What was stale was computed, to the same."""
    await _computed(line)
    trouble: list[BaseException] = []
    context = ActorContext("eu/stock_check", line.shop.clock, Mailbox("eu/stock_check"))

    async def act() -> None:
        try:
            await StockCheck(line.kit, line.shop.account_id).run(context)
        except Exception as error:
            trouble.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(act)
        await line.shop.clock.advance(seconds)
        tasks.cancel_scope.cancel()
    return trouble[0] if trouble else None


async def _computed(line: StockLine) -> None:
    def write(unit: Unit) -> None:
        account_id = line.shop.account_id
        stale_stock.settle(unit, account_id, stale_stock.stale(unit.connection, account_id, 1000))

    await line.shop.store.write(write)


async def looked(line: StockLine, *skus: str) -> None:
    """These are read directly, as after a report that shows something else."""
    now, account_id = line.shop.now, line.shop.account_id

    def write(unit: Unit) -> None:
        rows = desired_stock.of_skus(unit.connection, account_id, skus).values()
        desired_stock.save(
            unit, [replace(row, desired=replace(row.desired, look_at=now)) for row in rows], now
        )

    await line.shop.store.write(write)
    await look(line, GATHERED_FOR.total_seconds() + 1)


async def orders_until(line: StockLine, at: datetime | None = None) -> None:
    """The book has all orders until then, or until long after now."""
    until = at or line.shop.now + timedelta(hours=1)
    await line.shop.store.write(lambda unit: channels.move_cursor(unit, _CHANNELS, until))


def searched(line: StockLine) -> Sequence[int]:
    """Of each search for listings, how many SKUs it was for."""
    return [
        len(request.url.params["identifiers"].split(","))
        for request in line.wire.requests
        if "identifiers" in request.url.params
    ]
