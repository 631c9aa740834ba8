"""How close a backfill comes to what Amazon's budget allows: `python -m tests.bench.backfill`, one JSON line.

Orders of a week, exact buckets of the published rates, 300 ms latency, time as told by a clock that moves as
fast as the machine can. Each scenario ends when the last order is in the book.

`whole` and `with_restart`: 5,000 orders by searches alone, as Amazon gives no report. `both_routes` and its
restart: 10,000 orders by searches and, for ids that a report tells (60 s and 0.2 ms a row), by single reads.

seconds               from enabling the channel to the last order
minimum_seconds       what the requests that these orders need must wait for after a full burst
above_minimum_share   how much longer it took, as a share of the minimum
searches, reads       requests for a page and for an order; over_budget: what the buckets had to refuse
real_seconds          how long this machine took
"""

import json
import math
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import anyio
import httpx

from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channeld import logs
from channeld.config import LogConfig
from channeld.sandbox import Market, SandboxOptions, demo_accounts
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock

ORDERS = 5000
BOTH_ROUTES = 10_000
PAGE = 100
REPORT = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
LATENCY = 0.3
BURST, RATE = 20, 0.0056
"""Of searchOrders, as published."""
READ_BURST, READ_RATE = 30, 0.5
"""Of getOrder."""
STEP = 5.0


class SlowWire(Wire):
    """A wire on which an exchange takes time."""

    def __init__(self, market: Market, clock: FakeClock) -> None:
        super().__init__(market)
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._clock.away(LATENCY / 2)
        response = await super().handle_async_request(request)
        await self._clock.away(LATENCY / 2)
        return response


@asynccontextmanager
async def daemon_on(folder: Path, market: Market, clock: FakeClock) -> AsyncGenerator[Daemon]:
    async with running_daemon(folder, market, clock, SlowWire(market, clock), by_itself=True) as daemon:
        yield daemon


async def open_channel(daemon: Daemon) -> None:
    """A new channel of the market's first seller that looks back over all of its orders."""
    await daemon.add_account()
    await daemon.client.request(AddChannel(command_id=new_id(), channel="uk", account="eu", marketplace="GB"))
    values = {"order_look_back_days": "7"}
    await daemon.client.request(SetChannel(command_id=new_id(), channel="uk", values=values))
    await daemon.client.request(EnableChannel(command_id=new_id(), channel="uk"))


async def pass_until(daemon: Daemon, is_done: Callable[[int], bool]) -> None:
    """Let time pass until so many orders are in the book."""
    while not is_done((await daemon.channel()).orders):
        await daemon.pass_time(seconds=STEP)


async def backfill(market: Market, clock: FakeClock, orders: int, *, restart_at: int | None) -> float:
    """Seconds until every order is in the book, as the clock has it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with daemon_on(folder, market, clock) as daemon:
            await open_channel(daemon)
            began = clock.monotonic()
            await pass_until(daemon, lambda count: count >= (restart_at or orders))
        if restart_at:
            async with daemon_on(folder, market, clock) as daemon:
                await pass_until(daemon, lambda count: count >= orders)
        return clock.monotonic() - began


def by_searches(orders: int) -> float:
    """Seconds that they take at least."""
    return (math.ceil(orders / PAGE) - BURST) / RATE


def by_both_routes(orders: int) -> float:
    """The same when what the pages do not bring is read one by one: with the best number of pages."""
    return min(
        max((pages - BURST) / RATE, (orders - pages * PAGE - READ_BURST) / READ_RATE)
        for pages in range(BURST, orders // PAGE + 1)
    )


async def measure(orders: int = ORDERS, restart_at: int | None = None) -> dict[str, float]:
    """One backfill. With as many orders as make it worth, Amazon's report is there to help."""
    clock = FakeClock()
    spec = demo_accounts()[0]
    market = Market(clock, SandboxOptions(orders=0, accounts=(spec,), report_seconds=60.0))
    fill(market, clock, orders)
    has_report = orders >= BOTH_ROUTES
    if not has_report:
        market.faults.plan("report_cancelled", None, operation=REPORT)
    real = time.perf_counter()
    seconds = await backfill(market, clock, orders, restart_at=restart_at)
    minimum = by_both_routes(orders) if has_report else by_searches(orders)
    return {
        "seconds": round(seconds),
        "minimum_seconds": round(minimum),
        "above_minimum_share": round(seconds / minimum - 1, 4),
        "searches": market.truth.counted("searchOrders"),
        "reads": market.truth.counted("getOrder"),
        "over_budget": sum(market.truth.over_budget.values()),
        "real_seconds": round(time.perf_counter() - real, 1),
    }


def fill(market: Market, clock: FakeClock, orders: int) -> None:
    """Orders over seven days, at moments of chance."""
    rng = Random(5)  # noqa: S311 (not secret)
    for _ in range(orders):
        market.place_order(country="GB", at=clock.now() - timedelta(days=rng.uniform(0.01, 6.9)))


async def main() -> None:
    logs.set_up(LogConfig(level="error"))
    scenarios = {
        "whole": (ORDERS, None),
        "with_restart": (ORDERS, ORDERS // 2),
        "both_routes": (BOTH_ROUTES, None),
        "both_routes_with_restart": (BOTH_ROUTES, BOTH_ROUTES // 2),
    }
    chosen = sys.argv[1:] or list(scenarios)
    figures = {name: await measure(*scenarios[name]) for name in chosen}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    anyio.run(main)
