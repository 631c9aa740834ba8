"""The actor that tells Amazon stock by feeds, beside `stock_line`, and what came of its feeds."""

import json
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx

from channeld.amazon.budgets import Priority
from channeld.amazon.operations import PATCH_LISTINGS_ITEM
from channeld.concerns.kit import Kit
from channeld.concerns.stock_feed import StockFeed
from channeld.domain.stock.desired import Standing
from channeld.runtime.actor import ActorContext
from channeld.sandbox import Market
from channeld.store import desired_stock, feeds
from channeld.store.feeds import FeedRecord
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock
from tests.support.mortal import Life
from tests.support.stock_line import SELLER, StockLine, stock_line

__all__ = [
    "LISTINGS",
    "FeedWire",
    "all_feeds",
    "documents",
    "feeding",
    "own_stock",
    "standings",
    "true_stock",
]

LISTINGS = "JSON_LISTINGS_FEED"


class FeedWire(Wire):
    """Uploads are kept; around each request about feeds somebody may die."""

    def __init__(self, market: Market, clock: FakeClock, life: Life | None = None) -> None:
        super().__init__(market)
        self._clock, self._life = clock, life
        self.on_upload: Callable[[], Coroutine[Any, Any, object]] = anyio.lowlevel.checkpoint
        """What happens when a document has been taken."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1")  # documents lie where it went
        if "/feeds" not in request.url.path and request.method != "PUT":
            return await super().handle_async_request(request)
        await self._boundary()
        response = await super().handle_async_request(request)
        if request.method == "PUT":
            await self.on_upload()
        await self._boundary()
        return response

    async def _boundary(self) -> None:
        if self._life is not None:
            await self._life.boundary()


async def feeding(
    line: StockLine,
    seconds: float,
    *,
    beside: bool = False,
    messages: int = 10_000,
    life: Life | None = None,
) -> None:
    """The actor for a while, or until it ends by itself; `beside`: requests go out as well.

    `life`: that in which the daemon may die meanwhile.
    """
    line.trouble = None
    kit: Kit = replace(line.kit, feed_messages=messages)
    context = ActorContext(
        "eu/stock_feed", line.shop.clock, line.feed_mailbox, on_wait=line.note_wait, on_done=line.note_done
    )

    async def act() -> None:
        with life.scope if life is not None else nullcontext():
            try:
                await StockFeed(kit, line.shop.account_id).run(context)
            except Exception as error:
                line.trouble = error

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(act)
        if beside:
            await line.run(seconds)
        else:
            await line.shop.clock.advance(seconds)
        tasks.cancel_scope.cancel()


async def all_feeds(line: StockLine) -> list[FeedRecord]:
    """The oldest first."""
    return (await line.shop.store.read(lambda c: feeds.latest(c, 1000)))[::-1]


def documents(wire: Wire) -> list[dict[str, Any]]:
    """That were uploaded, the oldest first."""
    return [json.loads(request.content) for request in wire.requests if request.method == "PUT"]


@asynccontextmanager
async def feed_line(
    folder: Path, clock: FakeClock, market: Market, wire: FeedWire | None = None, life: Life | None = None
) -> AsyncGenerator[StockLine]:
    """A `stock_line` that knows how slow requests are here, so that a few dozen SKUs are worth a feed."""
    async with stock_line(folder, clock, market, wire or FeedWire(market, clock), life) as line:
        budgets, account_id = line.kit.budgets, line.shop.account_id

        async def learn() -> None:
            grant = await budgets.acquire(account_id, PATCH_LISTINGS_ITEM, priority=Priority.PERSON)
            budgets.answered(grant, market.options.rates.get(PATCH_LISTINGS_ITEM.name))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(learn)
            await clock.advance(2)
        yield line


def own_stock(market: Market, count: int) -> list[str]:
    """So many SKUs of the seller's own stock."""
    own = [
        each.sku
        for each in market.listings.all()
        if not each.amazon and not each.is_parent and each.standing == "Active"
    ]
    assert len(own) >= count
    return own[:count]


def true_stock(market: Market, skus: Sequence[str]) -> dict[str, int | None]:
    """What is really there."""
    there = {each.sku: each.quantity for each in market.listings.all(SELLER)}
    return {sku: there[sku] for sku in skus}


def fed(wire: Wire, number: int = 0) -> list[str]:
    """SKUs in the document of that number."""
    return [message["sku"] for message in documents(wire)[number]["messages"]]


async def standings(line: StockLine, skus: Sequence[str]) -> Mapping[Standing, int]:
    """How many stand how."""
    rows = await line.shop.store.read(lambda c: desired_stock.of_skus(c, line.shop.account_id, skus))
    stands = [row.desired.stands(line.shop.now) for row in rows.values()]
    return {each: stands.count(each) for each in set(stands)}
