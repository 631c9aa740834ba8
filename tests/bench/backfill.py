"""How close a backfill comes to what Amazon's budget allows: `python -m tests.bench.backfill`, one JSON line.

5,000 orders of a week, an exact bucket of the published rate, 300 ms latency, time as told by a clock that
moves as fast as the machine can. Each scenario ends when the last order is in the book.

seconds               from enabling the channel to the last order
minimum_seconds       what the requests that these orders need must wait for after a full burst
above_minimum_share   how much longer it took, as a share of the minimum
searches              requests for a page, and how many of them the bucket had to refuse (over_budget)
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
PAGE = 100
LATENCY = 0.3
BURST, RATE = 20, 0.0056
"""Of searchOrders, as published."""
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
    async with running_daemon(folder, market, clock, SlowWire(market, clock)) as daemon:
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


async def backfill(market: Market, clock: FakeClock, *, restart_at: int | None) -> float:
    """Seconds until every order is in the book, as the clock has it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with daemon_on(folder, market, clock) as daemon:
            await open_channel(daemon)
            began = clock.monotonic()
            await pass_until(daemon, lambda count: count >= (restart_at or ORDERS))
        if restart_at:
            async with daemon_on(folder, market, clock) as daemon:
                await pass_until(daemon, lambda count: count >= ORDERS)
        return clock.monotonic() - began


async def measure(restart_at: int | None = None) -> dict[str, float]:
    """One backfill."""
    clock = FakeClock()
    spec = demo_accounts()[0]
    options = SandboxOptions(orders=0, accounts=(spec,))
    market = Market(clock, options)
    fill(market, clock)
    real = time.perf_counter()
    seconds = await backfill(market, clock, restart_at=restart_at)
    minimum = (math.ceil(ORDERS / PAGE) - BURST) / RATE
    return {
        "seconds": round(seconds),
        "minimum_seconds": round(minimum),
        "above_minimum_share": round(seconds / minimum - 1, 4),
        "searches": market.truth.counted("searchOrders"),
        "over_budget": sum(market.truth.over_budget.values()),
        "real_seconds": round(time.perf_counter() - real, 1),
    }


def fill(market: Market, clock: FakeClock) -> None:
    """Orders over seven days, at moments of chance."""
    rng = Random(5)  # noqa: S311 (not secret)
    for _ in range(ORDERS):
        market.place_order(country="GB", at=clock.now() - timedelta(days=rng.uniform(0.01, 6.9)))


async def main() -> None:
    logs.set_up(LogConfig(level="error"))
    figures = {"whole": await measure(), "with_restart": await measure(restart_at=ORDERS // 2)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    anyio.run(main)
