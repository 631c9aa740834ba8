"""How much of a core the monitor takes for 1,000 orders of which 100 a second change.

    python tests/bench/monitor_updates.py [--seconds 15] [--rows 1000] [--rate 100]

The monitor runs in a process of its own on a real pseudo-terminal of 160×45 cells, with the page of orders
open, connected over a real socket to a feed that sends every change as a delta of its own. Prints one JSON
line: the share of one core (the monitor's process only), deltas sent and applied while it was measured, and
bytes written to the terminal.
"""

import json
import os
import sys
import tempfile
import termios
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, process_time

import anyio
import anyio.abc
import click
import msgspec

from channel_protocol import PROTOCOL_VERSION
from channel_protocol.base import Row
from channel_protocol.codec import encode
from channel_protocol.session import TOPICS, Attached, Delta, Hello, Snapshot
from channeltop.app import ChannelTop
from tests.support.monitor_rows import account, channel, order

ROWS, COLUMNS = 45, 160
WARM_UP = 3.0


class MeasuredMonitor(ChannelTop):
    """Opens the page of orders, measures itself, and quits."""

    def __init__(self, socket: Path, result: Path, seconds: float) -> None:
        super().__init__(socket)
        self._result = result
        self._seconds = seconds

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._measure())

    async def _measure(self) -> None:
        self.switch_mode("orders")
        await anyio.sleep(WARM_UP)
        cpu, wall, before = process_time(), monotonic(), self._applied()
        await anyio.sleep(self._seconds)
        measured = {
            "cpu_share": round((process_time() - cpu) / (monotonic() - wall), 4),
            "applied": self._applied() - before,
            "rows": len(self.model.orders),
            "seconds": round(monotonic() - wall, 2),
        }
        self._result.write_text(json.dumps(measured), encoding="utf-8")
        self.exit()

    def _applied(self) -> int:
        return sum(row.version for row in self.model.orders.values())


async def feed(stream: anyio.abc.SocketStream, rows: int, rate: int) -> None:
    """Be the daemon of one client, with one row a delta, `rate` a second."""
    async with stream:
        with suppress(anyio.BrokenResourceError):
            await publish(stream, rows, rate)


async def publish(stream: anyio.abc.SocketStream, rows: int, rate: int) -> None:
    """Hello, snapshots, deltas; until the monitor goes."""
    await stream.send(
        encode(Hello(protocol=PROTOCOL_VERSION, daemon="bench", boot_id="bench", may_write=True))
    )
    request = msgspec.json.decode(await stream.receive())
    await stream.send(encode(Attached(id=request["id"], topics=TOPICS)))
    orders = [order(n, version=0) for n in range(rows)]
    known: dict[str, Sequence[Row]] = {"orders": orders, "accounts": [account()], "channels": [channel()]}
    for topic in TOPICS:
        raw = msgspec.Raw(msgspec.json.encode(known.get(topic, ())))
        await stream.send(encode(Snapshot(topic=topic, chunk=0, last=True, rows=raw)))
    start, number = monotonic(), 0
    while True:
        while number < (monotonic() - start) * rate:
            number += 1
            changed = order(number % rows, version=1 + number // rows, total=number)
            raw = msgspec.Raw(msgspec.json.encode([changed]))
            await stream.send(encode(Delta(topic="orders", number=number, rows=raw)))
        await anyio.sleep(1 / rate)


class Terminal:
    """A pseudo-terminal that reads whatever the monitor writes."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        termios.tcsetwinsize(self.slave, (ROWS, COLUMNS))
        self.written = 0
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        while True:
            try:
                self.written += len(os.read(self.master, 65536))
            except OSError:
                return


async def measure(seconds: float, rows: int, rate: int) -> dict[str, object]:
    """Run the feed here and the monitor in another process."""
    with tempfile.TemporaryDirectory() as folder:
        socket, result = Path(folder, "channeld.sock"), Path(folder, "result.json")
        listener = await anyio.create_unix_listener(socket)
        terminal = Terminal()
        command = [sys.executable, __file__, "--measure", str(socket), str(result), str(seconds)]
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        async with listener, anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, partial(feed, rows=rows, rate=rate))
            await anyio.run_process(
                command,
                stdin=terminal.slave,
                stdout=terminal.slave,
                stderr=terminal.slave,
                env=environment,
            )
            tasks.cancel_scope.cancel()
        measured: dict[str, object] = json.loads(await anyio.Path(result).read_text(encoding="utf-8"))
    return {"benchmark": "monitor_updates", "rate": rate, **measured, "terminal_bytes": terminal.written}


@click.command()
@click.option("--seconds", default=15.0, show_default=True)
@click.option("--rows", default=1000, show_default=True)
@click.option("--rate", default=100, show_default=True, help="Changes a second.")
@click.option("--measure", "inside", nargs=3, hidden=True)
def main(seconds: float, rows: int, rate: int, inside: tuple[str, str, str] | None) -> None:
    """Measure the monitor."""
    if inside:
        socket, result, duration = inside
        MeasuredMonitor(Path(socket), Path(result), float(duration)).run()
    else:
        click.echo(json.dumps(anyio.run(measure, seconds, rows, rate)))


if __name__ == "__main__":
    main()
