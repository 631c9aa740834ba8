"""`channeld demo`: daemon, simulated Amazon and monitor together, in a directory that is gone afterwards.

Everything goes the way it does for a seller: accounts and channels are made over the socket, orders come over
HTTP, events are what any client gets.
"""

import secrets
import tempfile
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import anyio
import click
import structlog

from channeld.app import Setup, running
from channeld.demo.headless import print_events, summary
from channeld.demo.packer import pack
from channeld.demo.seller import sell
from channeld.demo.stockroom import keep_stock
from channeld.runtime.clock import SystemClock
from channeld.runtime.signals import stop_signals
from channeld.sandbox import Market, SandboxOptions, serve

__all__ = ["run_demo"]

ORDERS_AT_START = 600
HOURS_BEFORE = 1.2
ORDERS_PER_HOUR = 900.0
LISTINGS = 300
"""Of each channel; they are downloaded soon after the start."""
REPORT_SECONDS = 12.0
SPEED = 30.0
"""Buyers' time: orders are shipped and delivered within minutes."""
STOP_DEADLINE = 20.0


async def run_demo(headless: bool, seconds: float | None, seed: int) -> int:
    """Run until `q`, a signal, or the end of the time. Returns the exit code."""
    with _directory() as folder, stop_signals(STOP_DEADLINE) as asked:
        clock = SystemClock()
        market = Market(clock, _options(seed))
        setup = Setup(
            database=folder / "channeld.db",
            socket=folder / "channeld.sock",
            key=secrets.token_bytes(32),
            instance="demo",
            clock=clock,
        )
        async with anyio.create_task_group() as group:
            port = await group.start(partial(serve, market))
            async with running(setup) as parts:
                endpoint = f"http://127.0.0.1:{port}"
                await group.start(partial(sell, setup.socket, market.options.accounts, endpoint, clock))
                await group.start(partial(pack, setup.socket, clock, seed))
                await group.start(partial(keep_stock, setup.socket, market.options.accounts, clock, seed))
                with clock.deadline(seconds if seconds is not None else float("inf")):
                    if headless:
                        await _until(asked, partial(print_events, setup.socket))
                    else:
                        await _until(asked, partial(_monitor, setup.socket))
                if headless:
                    click.echo(await summary(parts, market))
            group.cancel_scope.cancel()
    return 0


def _options(seed: int) -> SandboxOptions:
    return SandboxOptions(
        seed=seed,
        orders=ORDERS_AT_START,
        days=HOURS_BEFORE / 24,
        quiet_seconds=0,
        orders_per_hour=ORDERS_PER_HOUR / SPEED,
        speed=SPEED,
        rates={"searchOrders": 1.0, "getOrder": 5.0, "createReport": 1.0, "getReports": 1.0},
        listings=LISTINGS,
        report_seconds=REPORT_SECONDS,
    )


@contextmanager
def _directory() -> Generator[Path]:
    """A short path, as a socket's may not be long; log lines would spoil the screen, so they go there too."""
    with tempfile.TemporaryDirectory(prefix="channeld-demo-") as name:
        folder = Path(name)
        with (folder / "channeld.log").open("w") as file:
            structlog.configure(
                processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
                logger_factory=structlog.WriteLoggerFactory(file=file),
            )
            yield folder


async def _monitor(socket: Path) -> None:
    from channeltop.app import ChannelTop  # here, so that the headless demo does not load Textual

    await ChannelTop(socket).run_async()


async def _until(asked: anyio.Event, act: Callable[[], Awaitable[None]]) -> None:
    """Do it until it ends by itself or a signal comes."""
    async with anyio.create_task_group() as group:

        async def watch() -> None:
            await asked.wait()
            group.cancel_scope.cancel()

        group.start_soon(watch)
        await act()
        group.cancel_scope.cancel()
