"""Whether watchers slow the daemon: `python -m tests.bench.fan_out`, one JSON line.

A daemon with 1,000 orders and ten clients that watch everything, in a process of their own; one of them stops
reading. First nothing happens, then 1,000 orders a second change in the book (a commit of 100, ten times a
second). A ticker of 1 ms in the daemon's loop notes how late it is.

idle_p999_ms, busy_p999_ms   99.9th percentile of the loop's delay in both halves
above_idle_ms                what the second is above the first
longest_ms                   the longest delay of each half
changes                      orders changed
rows                         rows that each reading client got: changes of one order within 250 ms are merged
last_version_seen            reading clients that ended with the last version of every order
cpu_share                    of one core, the daemon's whole process, while it is busy
"""

import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import anyio.abc
import click
import msgspec

from channel_protocol.client import connect
from channel_protocol.codec import encode
from channel_protocol.orders import OrderRow
from channel_protocol.session import TOPICS, Subscribe
from channeld import logs
from channeld.app import Setup, running
from channeld.config import LogConfig
from channeld.store import orders
from channeld.store.order_records import OrderRecord
from channeld.store.store import Store
from tests.support.store_samples import KEY, add_channel, order

ORDERS, BATCH = 1000, 100
CLIENTS = 10
TICK = 0.001
SETTLE = 3.0


async def tick(late: list[float]) -> None:
    """Note how late each tick is, in seconds."""
    while True:
        began = time.perf_counter()
        await anyio.sleep(TICK)
        late.append(time.perf_counter() - began - TICK)


async def observe(seconds: float) -> list[float]:
    late: list[float] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(tick, late)
        await anyio.sleep(seconds)
        tasks.cancel_scope.cancel()
    return sorted(late)


def percentile(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)


async def change_orders(store: Store, book: Sequence[OrderRecord], rate: int, changes: int) -> None:
    """Save orders again, a batch at a time, so many a second."""
    batches = [book[start : start + BATCH] for start in range(0, len(book), BATCH)]
    began = time.perf_counter()
    for number in range(changes // BATCH):
        batch = batches[number % len(batches)]
        await store.write(lambda unit, batch=batch: orders.save_page(unit, batch))
        await anyio.sleep(max(0.0, began + (number + 1) * BATCH / rate - time.perf_counter()))


async def measure(seconds: float, rate: int) -> dict[str, object]:
    changes = int(seconds * rate) // BATCH * BATCH
    with TemporaryDirectory() as name:
        folder = Path(name)
        setup = Setup(database=folder / "channeld.db", socket=folder / "s", key=KEY, instance="bench")
        async with running(setup) as parts:
            channel = await parts.store.write(add_channel)
            book = [order(channel.id, number) for number in range(ORDERS)]
            await parts.store.write(lambda unit: orders.save_page(unit, book))
            command = [sys.executable, "-m", "tests.bench.fan_out", "--watch", str(setup.socket)]
            watchers = await anyio.open_process(command, stderr=None)
            await anyio.sleep(SETTLE)
            figures = await both_halves(parts.store, book, seconds, changes)
            await anyio.sleep(SETTLE)
            seen = await _stop(watchers)
    return figures | {
        "changes": changes,
        "rows": sorted(each["rows"] for each in seen),
        "last_version_seen": sum(each["versions"] == ORDERS + changes for each in seen),
    }


async def both_halves(
    store: Store, book: Sequence[OrderRecord], seconds: float, changes: int
) -> dict[str, object]:
    """The loop's delay while nothing happens, and while the book changes."""
    idle = await observe(seconds)
    busy: list[float] = []
    cpu = time.process_time()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(change_orders, store, book, int(changes / seconds), changes)
        busy += await observe(seconds)
    cpu = time.process_time() - cpu
    calm, strained = percentile(idle, 0.999), percentile(busy, 0.999)
    return {
        "idle_p999_ms": calm,
        "busy_p999_ms": strained,
        "above_idle_ms": round(strained - calm, 2),
        "longest_ms": [percentile(idle, 1), percentile(busy, 1)],
        "cpu_share": round(cpu / seconds, 3),
    }


async def _stop(watchers: anyio.abc.Process) -> list[dict[str, int]]:
    """End the clients; what each of those that read has seen."""
    watchers.terminate()
    said = b""
    assert watchers.stdout is not None
    async for part in watchers.stdout:
        said += part
    return msgspec.json.decode(said, type=list[dict[str, int]])


class Watcher:
    """One client that watches everything."""

    def __init__(self) -> None:
        self.rows = 0
        self.versions: dict[str, int] = {}

    async def run(self, socket: str) -> None:
        async with connect(Path(socket)) as client:
            await client.request(Subscribe(topics=TOPICS))
            async for message in client.events():
                if message.topic == "orders":
                    for row in msgspec.json.decode(message.rows, type=list[OrderRow]):
                        self.rows += 1
                        self.versions[row.key] = row.version

    def seen(self) -> dict[str, int]:
        return {"rows": self.rows, "versions": sum(self.versions.values())}


async def never_read(socket: str) -> None:
    """Ask for everything, and take nothing of it."""
    async with await anyio.connect_unix(socket) as stream:
        await stream.send(encode(Subscribe(id=1, topics=TOPICS)))
        await anyio.sleep_forever()


async def watch(socket: str) -> None:
    """Be the clients until somebody says that it is enough."""
    watchers = [Watcher() for _ in range(CLIENTS - 1)]
    with anyio.open_signal_receiver(signal.SIGTERM) as signals:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(never_read, socket)
            for watcher in watchers:
                tasks.start_soon(watcher.run, socket)
            async for _ in signals:
                break
            tasks.cancel_scope.cancel()
    click.echo(json.dumps([watcher.seen() for watcher in watchers]))


@click.command()
@click.option("--seconds", default=20.0, show_default=True, help="Of each half.")
@click.option("--rate", default=1000, show_default=True, help="Changes a second.")
@click.option("--watch", "watched", hidden=True)
def main(seconds: float, rate: int, watched: str | None) -> None:
    """Measure the loop of a daemon that is watched."""
    logs.set_up(LogConfig(level="error"))
    if watched:
        anyio.run(watch, watched)
    else:
        click.echo(json.dumps(anyio.run(measure, seconds, rate)))


if __name__ == "__main__":
    main()
