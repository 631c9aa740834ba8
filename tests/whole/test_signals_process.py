"""A real process and its signals: asked early, asked twice, hung up on, stopped and continued."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from channel_protocol.actors import GetStatus, Status
from channel_protocol.client import Client
from channel_protocol.errors import ClientError, DaemonLost
from channel_protocol.orders import ListOrders, OrderList, SyncOrders
from channeld.sandbox import demo_accounts
from tests.support.daemon import new_id
from tests.support.daemon_process import DaemonProcess, channeld, ended_afterwards, reached, sandbox_process
from tests.support.heard_signals import signals_heard
from tests.support.seller_process import orders_of_amazon, set_up


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    with signals_heard():
        yield


def has_begun(process: "subprocess.Popen[bytes]") -> bool:
    """Whether Python has come to our first line: it then catches signals."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1], 16)
    return bool(caught & 1 << (signal.SIGTERM - 1))


def core_limit(pid: int) -> str:
    """The largest core dump that it may leave."""
    limits = Path(f"/proc/{pid}/limits").read_text()
    return re.findall(r"Max core file size +(\S+)", limits)[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_while_it_is_loading_ends_it_with_zero(tmp_path: Path, number: signal.Signals) -> None:
    daemon = DaemonProcess(tmp_path)
    with ended_afterwards([daemon.process]):
        while not has_begun(daemon.process):
            pass
        assert await daemon.end(number) == 0
        assert daemon.said() == ""
        assert not daemon.socket.exists()


async def test_a_terminal_that_goes_away_stops_it_and_nohup_does_not(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)
    with ended_afterwards([daemon.process]):
        async with reached(daemon):
            assert core_limit(daemon.process.pid) == "0", "a crash writes no keys to disk"
        assert await daemon.end(signal.SIGHUP) == 0
        assert not daemon.socket.exists()
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        kept = DaemonProcess(tmp_path)
    finally:
        signal.signal(signal.SIGHUP, former)
    with ended_afterwards([kept.process]):
        async with reached(kept) as client:
            kept.process.send_signal(signal.SIGHUP)
            await client.request(GetStatus(), Status)
        assert await kept.end(signal.SIGTERM) == 0


async def orders(client: Client) -> set[str]:
    return {row.order_id for row in (await client.request(ListOrders(limit=10_000), OrderList)).rows}


@pytest.mark.timeout(120)
async def test_stopped_in_mid_sync_by_each_signal_it_goes_on_where_it_was(tmp_path: Path) -> None:
    """Also a client that waits for the sync is told, and a daemon that is frozen meanwhile just goes on."""
    spec = demo_accounts()[0]
    options = ("--orders", "900", "--orders-per-hour", "0", "--rate", "searchOrders=20")
    async with sandbox_process(tmp_path, *options, "--faults", "latency=0.1") as endpoint:
        waited: list[ClientError] = []

        async def wait_for_sync(client: Client) -> None:
            try:
                await client.request(SyncOrders(command_id=new_id(), wait=60))
            except ClientError as error:
                waited.append(error)

        first = DaemonProcess(tmp_path)
        with ended_afterwards([first.process]):
            async with reached(first) as client, anyio.create_task_group() as group:
                await set_up(client, spec, endpoint)
                group.start_soon(wait_for_sync, client)
                while not await orders(client):
                    pass
                assert await first.end(signal.SIGTERM) == 0
        assert [type(error) for error in waited] in ([], [DaemonLost])
        second = DaemonProcess(tmp_path)
        with ended_afterwards([second.process]):
            async with reached(second) as client:
                before = await orders(client)
                assert before, "what was confirmed is there"
                second.process.send_signal(signal.SIGSTOP)
                await anyio.to_thread.run_sync(os.waitid, os.P_PID, second.process.pid, os.WSTOPPED)
                await anyio.sleep(1)
                second.process.send_signal(signal.SIGCONT)
                await client.request(SyncOrders(command_id=new_id(), wait=60))
                found = await orders(client)
                assert before <= found == await orders_of_amazon(endpoint, spec)
            assert await second.end(signal.SIGINT) == 0
        assert "Traceback" not in first.said() + second.said()


def test_other_subcommands_hear_signals_as_any_program(tmp_path: Path) -> None:
    with (tmp_path / "said").open("wb") as said:
        process = channeld("sandbox", "--port", "0", stdout=said, stderr=said)
    with ended_afterwards([process]):
        while b"answers at" not in (tmp_path / "said").read_bytes():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
