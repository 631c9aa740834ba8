"""How close stock comes to what Amazon's budgets allow: `python -m tests.bench.stock_push [small] [large]`.

Quantities of many SKUs of one account become due in one moment, and its two actors tell Amazon: one by
requests, the other by feeds. Budgets are kept exactly, requests take 300 ms, a feed takes 60 s and 20 ms a
message, five feeds are taken in five minutes; time is told by a clock that moves as fast as the machine can.
It ends when Amazon has accepted the last one, and this is known here. One JSON line for each scenario:

small   1,000 SKUs
large   100,000 SKUs

seconds              from the commit that made them due to the last one accepted
by_requests, by_feed what the published rates allow by that way alone: so many requests less the burst, at
                     five in a second, and the latency of the last; feeds of 10,000 one after the other, with
                     a document, its upload, the feed, a look, the report and its download before and after
minimum, ratio       the lesser of the two, and what was measured as a multiple of it
requested, fed       SKUs by each way
feeds                how many
over_budget          requests that an empty bucket of Amazon's refused
real_seconds, cpu_seconds   of this machine; of our process without the simulated Amazon
longest_block_ms     the longest that one step held the event loop, without the simulated Amazon; but what
                     that remembers is garbage to be looked through here, which is the longest of 100,000
"""

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import httpx
from sqlalchemy import func, select

from channeld import logs
from channeld.concerns.stock_feed import StockFeed
from channeld.concerns.stock_push import StockPush
from channeld.config import LogConfig
from channeld.domain.stock import pushing
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.value import Value
from channeld.runtime.actor import ActorContext
from channeld.sandbox import Market
from channeld.store import desired_stock, feeds, tables
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit
from tests.bench.stepped import Meter
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock
from tests.support.feed_line import own_stock
from tests.support.stock_line import StockLine, stock_line, stock_market

LATENCY = 0.3
BURST, RATE = 5, 5.0
"""Of patchListingsItem, as published."""
FEED_SECONDS, MESSAGE_SECONDS, MESSAGES = 60.0, 0.02, 10_000
FEED_REQUESTS = 6
"""Before and after each feed: none of them can be made beside another."""
SCENARIOS = {"small": 1_000, "large": 100_000}
SHARE_OF_OWN = 2
"""Listings that there must be for one of the seller's own stock."""
PAGE = 1_000
STEP = 5.0


class SlowWire(Wire):
    """A wire on which an exchange takes time, and the simulated Amazon pays for itself."""

    def __init__(self, market: Market, clock: FakeClock, meter: Meter) -> None:
        super().__init__(market)
        self._clock, self._meter = clock, meter

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1")  # documents lie where it went
        await self._clock.away(LATENCY / 2)
        response = await self._meter.theirs(super().handle_async_request(request))
        await self._clock.away(LATENCY / 2)
        return response


async def make_due(line: StockLine, skus: list[str]) -> None:
    """All of them are to be told another quantity; the last commit is the moment that counts."""
    now, account_id = line.shop.now, line.shop.account_id
    for start in range(0, len(skus), PAGE):
        page = skus[start : start + PAGE]

        def write(unit: Unit, page: list[str] = page, start: int = start) -> None:
            rows = [
                DesiredRow(
                    account_id=account_id,
                    sku=sku,
                    owner_id=1,
                    channels=(1, 2),
                    desired=pushing.computed(
                        DesiredRow(account_id=account_id, sku=sku).desired,
                        Value(quantity=1 + (start + number) % 9_999, lead_time=KEEP),
                        now,
                    ),
                )
                for number, sku in enumerate(page)
            ]
            desired_stock.save(unit, rows, now)

        await line.shop.store.write(write)


async def to_go(line: StockLine) -> int:
    """How many Amazon has not accepted, as far as is known."""
    waiting = select(func.count()).where(tables.desired_stock.c.dirty_since.is_not(None))
    return await line.shop.store.read(lambda c: c.scalar(waiting)) or 0


async def measure(name: str, count: int) -> dict[str, object]:
    """One scenario, from the commit to the last one accepted."""
    clock, meter = FakeClock(), Meter()
    market = stock_market(clock, count * SHARE_OF_OWN)
    skus = own_stock(market, count)
    with TemporaryDirectory() as folder:
        wire = SlowWire(market, clock, meter)
        async with stock_line(Path(folder), clock, market, wire) as line:
            await clock.advance(STEP)
            await make_due(line, skus)
            began, real = clock.now(), time.perf_counter()
            push = ActorContext("eu/stock_push", clock, line.mailbox)
            feed = ActorContext("eu/stock_feed", clock, line.feed_mailbox)
            with meter.running():
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(StockPush(line.kit, line.shop.account_id).run, push)
                    tasks.start_soon(StockFeed(line.kit, line.shop.account_id).run, feed)
                    while await to_go(line):
                        await clock.advance(STEP)
                    tasks.cancel_scope.cancel()
            real = time.perf_counter() - real
            rows = await accepted(line)
            made = await line.shop.store.read(lambda c: feeds.latest(c, 1_000))
    routes = [route for _, route in rows]
    seconds = (max(at for at, _ in rows) - began).total_seconds()
    return {
        "scenario": name,
        "seconds": round(seconds, 1),
        **figures(count, seconds),
        "requested": routes.count("patch"),
        "fed": routes.count("feed"),
        "feeds": len(made),
        "over_budget": sum(market.truth.over_budget.values()),
        "real_seconds": round(real, 1),
        "cpu_seconds": round(meter.cpu, 1),
        "longest_block_ms": round(meter.longest * 1000, 1),
    }


async def accepted(line: StockLine) -> list[tuple[datetime, str]]:
    """When each was accepted, and by which way it went."""
    history = tables.stock_history
    query = select(history.c.at, history.c.route).where(history.c.event == "accepted")
    return await line.shop.store.read(lambda c: [(row.at, row.route) for row in c.execute(query)])


def figures(count: int, seconds: float) -> dict[str, object]:
    by_requests = (count - BURST) / RATE + LATENCY
    made = -(-count // MESSAGES)
    by_feed = made * (FEED_SECONDS + FEED_REQUESTS * LATENCY) + count * MESSAGE_SECONDS
    minimum = min(by_requests, by_feed)
    return {
        "by_requests": round(by_requests, 1),
        "by_feed": round(by_feed, 1),
        "minimum": round(minimum, 1),
        "ratio": round(seconds / minimum, 4),
    }


async def main() -> None:
    logs.set_up(LogConfig(level="error"))
    for name in sys.argv[1:] or list(SCENARIOS):
        sys.stdout.write(json.dumps(await measure(name, SCENARIOS[name])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(main)
