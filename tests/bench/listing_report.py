"""A large listing report through the whole daemon: `python -m tests.bench.listing_report`, one JSON line.

A daemon, an Amazon with the report, and pandas are processes of their own. The first report fills an empty
book; in the second a tenth of the rows is another. pandas then reads the second file and writes it into a
table of SQLite. Needs the dependency group `bench`, or `--python PATH` of one that has pandas.

first_rows_per_second     from the first row to the last, what is missing and all counters included
changed_rows_per_second   the same of the second report
fetched_rows_per_second   how fast the second one came into its file, unpacked and counted
pandas_rows_per_second    `read_csv(dtype=str)` and `to_sql` of the second report
times_pandas              changed_rows_per_second through pandas_rows_per_second; wanted: at least 1
first_times_pandas        the same of the first report
memory_mb                 the most that the daemon and its children had above its idle state; wanted: < 100
socket_p99_ms, _max_ms    how long requests at the control socket took during the second; wanted: p99 < 100
first_socket_p99_ms       the same during the first
idle_p99_ms               the same before anything was to be done: what the machine and its other users cost
"""

import argparse
import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import anyio.to_thread

from channel_protocol.actors import GetStatus, Status
from channel_protocol.base import Reply, Request
from channel_protocol.channels import EnableChannel
from channel_protocol.client import Client, connect
from channel_protocol.listings import (
    DownloadList,
    DownloadListings,
    ListDownloads,
    ListingList,
    ListingsDownloaded,
    ListListings,
)
from tests.bench.listing_rows import write_report
from tests.bench.scripts.whole_channeld import add_shop
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached

ROWS = 500_000
EVERY = 0.05
"""Seconds between two requests, and between two looks at the memory."""
SETTLED = 3.0
"""Seconds after which a daemon with nothing to do is idle."""


class Watch:
    """Requests at the socket, and the daemon's memory, all the while."""

    def __init__(self, daemon: DaemonProcess) -> None:
        self._daemon = daemon
        self.waits: list[float] = []
        self.memory: list[float] = []

    async def ask(self) -> None:
        """Small questions, and a page of listings, in turns."""
        questions: list[tuple[Request, type[Reply]]] = [
            (GetStatus(), Status),
            (ListDownloads(), DownloadList),
            (ListListings(), ListingList),
        ]
        async with connect(self._daemon.socket) as client:
            while True:
                for question, answer in questions:
                    began = time.perf_counter()
                    await client.request(question, answer)
                    self.waits.append(time.perf_counter() - began)
                    await anyio.sleep(EVERY)

    async def look(self) -> None:
        while True:
            self.memory.append(self.resident())
            await anyio.sleep(EVERY)

    def resident(self) -> float:
        """Megabytes of the daemon and its children."""
        pid = self._daemon.process.pid
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(child) for task in tasks for child in _read(task).split()]
        return sum(map(_resident, (pid, *children)))


def _p99_ms(waits: list[float]) -> float:
    """Of sorted seconds."""
    return waits[len(waits) * 99 // 100] * 1000


def _resident(pid: int) -> float:
    """Megabytes; none of a process that is gone."""
    lines = (line.split() for line in _read(Path(f"/proc/{pid}/status")).splitlines())
    return sum(int(words[1]) for words in lines if words[0] == "VmRSS:") / 1024


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def put(report: Path, folder: Path) -> None:
    """From now on Amazon's report is this one."""
    packed = folder / "now.part"
    with report.open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as file:
        shutil.copyfileobj(plain, file)
    packed.replace(folder / "now.tsv.gz")


async def finished(client: Client) -> None:
    """Until the running download has ended well."""
    while True:
        row = (await client.request(ListDownloads(), DownloadList)).rows[0]
        if row.started_at and not row.in_progress:
            if row.outcome != "done":
                raise SystemExit(f"{row.outcome}: {row.reason}")
            return
        await anyio.sleep(0.2)


def speeds(database: Path) -> list[dict[str, float]]:
    """Rows a second of each download, by what it has written down."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as book:
        query = "SELECT rows_done, fetch_at, process_at, ended_at FROM listing_downloads ORDER BY id"
        found = book.execute(query).fetchall()
    return [
        {"fetched": rows / (processed - fetched) * 1e6, "booked": rows / (ended - processed) * 1e6}
        for rows, fetched, processed, ended in found
    ]


def pandas_speed(python: str, report: Path, folder: Path) -> float:
    command = [python, "-m", "tests.bench.scripts.pandas_load", str(report), str(folder / "pandas.db")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603 (our own program, no shell)
    return int(said[0]) / float(said[1])


async def through_the_daemon(folder: Path, url: str, reports: list[Path]) -> dict[str, float]:
    daemon = DaemonProcess(folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon) as client:
            await add_shop(client, url)
            watch = Watch(daemon)
            await anyio.sleep(SETTLED)
            idle = watch.resident()
            with anyio.move_on_after(SETTLED):
                await watch.ask()
            waits_idle, watch.waits = sorted(watch.waits), []
            waits_first: list[float] = []
            put(reports[0], folder)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(watch.ask)
                tasks.start_soon(watch.look)
                await client.request(EnableChannel(command_id=uuid.uuid4().hex, channel="uk"))
                await finished(client)
                waits_first, watch.waits = sorted(watch.waits), []
                await anyio.to_thread.run_sync(put, reports[1], folder)
                again = DownloadListings(command_id=uuid.uuid4().hex, channel="uk", again=True)
                await client.request(again, ListingsDownloaded)
                await finished(client)
                tasks.cancel_scope.cancel()
        first, second = speeds(daemon.database)
        await daemon.end()
    waits = sorted(watch.waits)
    return {
        "first_rows_per_second": first["booked"],
        "changed_rows_per_second": second["booked"],
        "fetched_rows_per_second": second["fetched"],
        "memory_mb": max(watch.memory) - idle,
        "socket_p99_ms": _p99_ms(waits),
        "socket_max_ms": waits[-1] * 1000,
        "first_socket_p99_ms": _p99_ms(waits_first),
        "idle_p99_ms": _p99_ms(waits_idle),
    }


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        reports = [folder / "first.tsv", folder / "second.tsv"]
        for turn, report in enumerate(reports):
            write_report(report, options.rows, turn)
        command = [sys.executable, "-m", "tests.bench.scripts.listing_amazon", str(folder)]
        amazon = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: ASYNC220, S603 (our own program; starting it blocks nobody who is measured)
        with ended_afterwards([amazon]):
            url = amazon.stdout.readline().decode().strip() if amazon.stdout else ""
            figures: dict[str, Any] = await through_the_daemon(folder, url, reports)
        pandas = pandas_speed(options.python, reports[1], folder)
    figures |= {
        "pandas_rows_per_second": pandas,
        "times_pandas": figures["changed_rows_per_second"] / pandas,
        "first_times_pandas": figures["first_rows_per_second"] / pandas,
    }
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in figures.items()}) + "\n")


if __name__ == "__main__":
    anyio.run(main)
