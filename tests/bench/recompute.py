"""All stock computed anew after a setting was changed: `python -m tests.bench.recompute`, one JSON line.

A daemon of its own has a channel with so many listings, each of an item that is counted, one in twenty of
them a kit. What Amazon is to be told is computed for the first time when Update inventory is switched on, and
anew when Max Listed is changed. The database is another installation's, so that nothing is sent meanwhile.

first_seconds          from switching on until the last listing is computed, each of them a new row
seconds                the same after the change
rows_per_second        of the change
cpu_seconds            what the daemon computed meanwhile, which a busy machine does not disturb
memory_mb              the most that the daemon had above its idle state during the change; wanted: < 100
socket_p99_ms, _max_ms how long `status` took meanwhile; wanted: p99 < 100
first_socket_p99_ms    the same during the first
dirty_p99_ms           the same in between, when nothing is computed and all wait to be sent
idle_p99_ms            the same before anything was to be done: what the machine and its other users cost
"""

import argparse
import json
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio

from channel_protocol.actors import GetStatus, Status
from channel_protocol.channels import SetChannel
from channel_protocol.client import Client, connect
from tests.bench.scripts.offer_book import fill
from tests.bench.scripts.whole_channeld import add_shop
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached

LISTINGS = 100_000
EVERY = 0.05
"""Seconds between two requests, and between two looks at the memory."""
SETTLED = 3.0
"""Seconds after which a daemon with nothing to do is idle."""
NOBODY = "http://127.0.0.1:9"
"""No Amazon answers there."""


class Watch:
    """`status`, and the daemon's memory, all the while."""

    def __init__(self, daemon: DaemonProcess) -> None:
        self._daemon = daemon
        self.waits: list[float] = []
        self.memory: list[float] = []

    async def ask(self) -> None:
        async with connect(self._daemon.socket) as client:
            while True:
                began = time.perf_counter()
                await client.request(GetStatus(), Status)
                self.waits.append(time.perf_counter() - began)
                await anyio.sleep(EVERY)

    async def look(self) -> None:
        while True:
            self.memory.append(self.resident())
            await anyio.sleep(EVERY)

    def resident(self) -> float:
        """Megabytes."""
        lines = Path(f"/proc/{self._daemon.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def cpu(self) -> float:
        """Seconds that it has computed so far."""
        words = Path(f"/proc/{self._daemon.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def taken(self) -> list[float]:
        """What it took since the last time, in order."""
        waits, self.waits = sorted(self.waits), []
        return waits


def p99_ms(waits: list[float]) -> float:
    """Of sorted seconds."""
    return waits[len(waits) * 99 // 100] * 1000


async def set_channel(client: Client, values: Mapping[str, str]) -> None:
    await client.request(SetChannel(command_id=uuid.uuid4().hex, channel="uk", values=dict(values)))


async def swept(database: Path, is_done: Callable[[sqlite3.Connection], bool]) -> float:
    """Until all are computed; when that was."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as book:
        while not is_done(book):  # noqa: ASYNC110 (nothing tells, on purpose)
            await anyio.sleep(EVERY)
    return time.perf_counter()


def at_the_end_of(number: int) -> Callable[[sqlite3.Connection], bool]:
    """Of so many sweeps."""
    query = "SELECT count(*) FROM stock_sweeps WHERE mark >= ? AND after IS NULL"
    return lambda book: book.execute(query, (number,)).fetchone()[0] == 1


async def prepare(folder: Path, listings: int) -> None:
    """A book in the folder, made by a daemon that has ended."""
    daemon = DaemonProcess(folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon) as client:
            await add_shop(client, NOBODY)
        await daemon.end()
    fill(daemon.database, listings)
    with closing(sqlite3.connect(daemon.database)) as book, book:
        book.execute("UPDATE meta SET value = ? WHERE key = 'instance'", (b"another",))


async def measure(folder: Path, listings: int) -> dict[str, float]:
    await prepare(folder, listings)
    daemon = DaemonProcess(folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon) as client:
            watch = Watch(daemon)
            await anyio.sleep(SETTLED)
            with anyio.move_on_after(SETTLED):
                await watch.ask()
            idle, waits_idle = watch.resident(), watch.taken()
            first = seconds = cpu = memory_first = 0.0
            waits_first: list[float] = []
            waits_dirty: list[float] = []
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(watch.ask)
                tasks.start_soon(watch.look)
                began = time.perf_counter()
                sending = {"enabled": "on", "update_inventory": "on", "inventory_locations": "Default"}
                await set_channel(client, sending)
                first = await swept(daemon.database, at_the_end_of(1)) - began
                waits_first, memory_first = watch.taken(), max(watch.memory)
                await anyio.sleep(SETTLED)
                waits_dirty, watch.memory = watch.taken(), []
                began, cpu = time.perf_counter(), watch.cpu()
                await set_channel(client, {"max_listed": "9"})
                seconds = await swept(daemon.database, at_the_end_of(2)) - began
                cpu = watch.cpu() - cpu
                tasks.cancel_scope.cancel()
        await daemon.end()
    waits = watch.taken()
    return {
        "first_seconds": first,
        "seconds": seconds,
        "rows_per_second": listings / seconds,
        "cpu_seconds": cpu,
        "first_memory_mb": memory_first - idle,
        "memory_mb": max(watch.memory) - idle,
        "socket_p99_ms": p99_ms(waits),
        "socket_max_ms": waits[-1] * 1000,
        "first_socket_p99_ms": p99_ms(waits_first),
        "dirty_p99_ms": p99_ms(waits_dirty),
        "idle_p99_ms": p99_ms(waits_idle),
    }


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=LISTINGS)
    options = parser.parse_args()
    with TemporaryDirectory() as place:
        figures = await measure(Path(place), options.listings)
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in figures.items()}) + "\n")


if __name__ == "__main__":
    anyio.run(main)
