"""What a daemon costs that has nothing to do: `python -m tests.bench.many_channels`, one JSON line.

1,000 channels on 300 accounts, every poll and listing download done and the next one an hour away, the
simulated Amazon in another process. Measured on the daemon's process:

idle_rss_mb            resident memory when the daemon is empty, with 10 channels, with all of them
idle_cpu_share         share of one core that it takes to do nothing, with 10 channels and with all of them
channel_rss_kb         memory of one more channel with its part of an account: the first ten, the last 100
add_ms, add_cpu_ms     adding, setting and enabling one more, its first search included: median of ten
                       around the 10th, and of the last ten
add_cpu_ratio          the second through the first
"""

import json
import os
import statistics
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import anyio
import click
import msgspec

from channel_protocol.accounts import AddAccount, SetAccount
from channel_protocol.actors import ActorRow
from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channel_protocol.client import Client
from channel_protocol.listings import DownloadList, ListDownloads
from channel_protocol.session import Subscribe
from channeld.runtime.clock import SystemClock
from channeld.sandbox import AccountSpec, Market, SandboxOptions
from channeld.sandbox.server import serve
from tests.support.daemon import new_id
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached

COUNTRIES = ("GB", "DE", "FR", "IT")
EARLY = 10
LATEST = 10
LATE = 100
LANES = 8
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1 << 20


def specs(accounts: int) -> tuple[AccountSpec, ...]:
    """As many sellers in Europe."""
    return tuple(
        AccountSpec(
            seller_id=f"A{number:012d}",
            region="EU",
            countries=COUNTRIES,
            client_id=f"amzn1.application-oa2-client.{number}",
            client_secret=f"secret-{number}",
            refresh_token=f"Atzr|{number}",
        )
        for number in range(accounts)
    )


def shared_out(channels: int, accounts: int) -> list[tuple[int, str]]:
    """(account, country) of each channel, in the order in which they are added."""
    each, more = divmod(channels, accounts)
    return [(n, country) for n in range(accounts) for country in COUNTRIES[: each + (n < more)]]


class Meter:
    """A process as the kernel counts it."""

    def __init__(self, pid: int) -> None:
        self._folder = Path("/proc") / str(pid)

    def cpu(self) -> float:
        """Seconds so far."""
        fields = (self._folder / "stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss(self) -> int:
        """Bytes."""
        return int((self._folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def idle_share(self, seconds: float) -> float:
        cpu, began = self.cpu(), perf_counter()
        await anyio.sleep(seconds)
        return round((self.cpu() - cpu) / (perf_counter() - began), 4)


class Grower:
    """Adds one channel after another, and notes what each of them cost."""

    def __init__(
        self, client: Client, meter: Meter, endpoint: str, accounts: tuple[AccountSpec, ...]
    ) -> None:
        self._client, self._meter, self._endpoint, self._accounts = client, meter, endpoint, accounts
        self._known: set[int] = set()
        self._states: dict[str, str] = {}
        self._moved = anyio.Event()
        self.milliseconds: list[float] = []
        self.cpu_milliseconds: list[float] = []

    async def grow(self, wanted: list[tuple[int, str]]) -> None:
        for number, country in wanted:
            began, cpu = perf_counter(), self._meter.cpu()
            await self._add(number, country)
            await self._quiet(f"a{number}-{country.lower()}", f"a{number}")
            self.milliseconds.append((perf_counter() - began) * 1000)
            self.cpu_milliseconds.append((self._meter.cpu() - cpu) * 1000)

    async def fill(self, wanted: list[tuple[int, str]]) -> None:
        """Add many at once, in no hurry to know what each of them costs."""
        async with anyio.create_task_group() as tasks:
            for lane in range(LANES):
                tasks.start_soon(self._fill, [each for each in wanted if each[0] % LANES == lane])
        for number, country in wanted:
            await self._quiet(f"a{number}-{country.lower()}", f"a{number}")

    async def _fill(self, wanted: list[tuple[int, str]]) -> None:
        for number, country in wanted:
            await self._add(number, country)

    async def _add(self, number: int, country: str) -> None:
        account, channel = f"a{number}", f"a{number}-{country.lower()}"
        if number not in self._known:
            self._known.add(number)
            await self._add_account(account, self._accounts[number])
        ask = self._client.request
        await ask(AddChannel(command_id=new_id(), channel=channel, account=account, marketplace=country))
        await ask(SetChannel(command_id=new_id(), channel=channel, values={"order_look_back_days": "0"}))
        await ask(EnableChannel(command_id=new_id(), channel=channel))

    async def _add_account(self, account: str, spec: AccountSpec) -> None:
        await self._client.request(
            AddAccount(
                command_id=new_id(),
                account=account,
                region="eu",
                seller_id=spec.seller_id,
                client_id=spec.client_id,
                client_secret=spec.client_secret,
                refresh_token=spec.refresh_token,
                endpoint=self._endpoint,
                auth_endpoint=f"{self._endpoint}/auth/o2/token",
            )
        )
        values = {"order_poll_seconds": "3600"}
        await self._client.request(SetAccount(command_id=new_id(), account=account, values=values))

    async def _quiet(self, channel: str, account: str) -> None:
        """The actors that the new channel set in motion wait for the next poll."""
        mine = f"{account}/order_download", f"{channel}/order_intake"
        while {self._states.get(actor) for actor in mine} != {"waiting"}:
            await self._moved.wait()
            self._moved = anyio.Event()

    async def rest(self) -> None:
        """The listing downloads that each channel begins with are done."""
        while True:
            rows = (await self._client.request(ListDownloads(), DownloadList)).rows
            if all(row.outcome and not row.in_progress for row in rows):
                return
            await anyio.sleep(1)

    def figures(self) -> dict[str, object]:
        wall, cpu = (_first_and_last(each) for each in (self.milliseconds, self.cpu_milliseconds))
        return {"add_ms": wall, "add_cpu_ms": cpu, "add_cpu_ratio": round(cpu[1] / max(cpu[0], 1.0), 2)}

    async def watch(self) -> None:
        """Follow the actors, as a monitor does."""
        async for message in self._client.events():
            for row in msgspec.json.decode(message.rows, type=list[ActorRow]):
                self._states[row.actor] = row.state
            self._moved.set()


@asynccontextmanager
async def amazon(accounts: tuple[AccountSpec, ...]) -> AsyncGenerator[str]:
    """A simulated Amazon without orders, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.many_channels", "--serve", str(len(accounts))]
    async with await anyio.open_process(command, stderr=None) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(await process.stdout.receive())}"
        finally:
            process.kill()


async def measure(channels: int, accounts: int, idle: float) -> dict[str, object]:
    known = specs(accounts)
    figures: dict[str, object] = {}
    with TemporaryDirectory() as name:
        daemon = DaemonProcess(Path(name))
        with ended_afterwards([daemon.process]):
            async with (
                amazon(known) as endpoint,
                reached(daemon) as client,
                anyio.create_task_group() as tasks,
            ):
                meter = Meter(daemon.process.pid)
                grower = Grower(client, meter, endpoint, known)
                await client.request(Subscribe(topics=("actors",)))
                tasks.start_soon(grower.watch)
                figures |= await memory_and_idleness(grower, meter, shared_out(channels, accounts), idle)
                figures |= grower.figures()
                tasks.cancel_scope.cancel()
    return figures


async def memory_and_idleness(
    grower: Grower, meter: Meter, wanted: list[tuple[int, str]], idle: float
) -> dict[str, object]:
    """Let the daemon grow to all of them, and look at it where it rests."""
    empty = meter.rss()
    await grower.grow(wanted[:EARLY])
    await grower.rest()
    early, early_share = meter.rss(), await meter.idle_share(idle)
    await grower.grow(wanted[EARLY : 2 * EARLY])
    await grower.fill(wanted[2 * EARLY : -LATE])
    await grower.rest()
    late = meter.rss()
    await grower.fill(wanted[-LATE:-LATEST])
    await grower.grow(wanted[-LATEST:])
    await grower.rest()
    full, full_share = meter.rss(), await meter.idle_share(idle)
    return {
        "idle_rss_mb": [round(each / MB, 1) for each in (empty, early, full)],
        "idle_cpu_share": [early_share, full_share],
        "channel_rss_kb": [round((early - empty) / EARLY / 1024), round((full - late) / LATE / 1024)],
    }


def _first_and_last(each: list[float]) -> list[float]:
    return [round(statistics.median(part), 1) for part in (each[EARLY - 5 : EARLY + 5], each[-LATEST:])]


async def serve_alone(accounts: int) -> None:
    """Be Amazon, and print the port."""
    market = Market(SystemClock(), SandboxOptions(accounts=specs(accounts), report_seconds=0))
    async with anyio.create_task_group() as tasks:
        click.echo(await tasks.start(serve, market))


@click.command()
@click.option("--channels", default=1000, show_default=True)
@click.option("--accounts", default=300, show_default=True)
@click.option("--idle", default=20.0, show_default=True, help="Seconds to watch it do nothing.")
@click.option("--serve", "alone", type=int, hidden=True)
def main(channels: int, accounts: int, idle: float, alone: int | None) -> None:
    """Measure a daemon that has nothing to do."""
    if alone:
        anyio.run(serve_alone, alone)
    else:
        click.echo(json.dumps(anyio.run(measure, channels, accounts, idle)))


if __name__ == "__main__":
    main()
