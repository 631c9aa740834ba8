"""The service as a process: one daemon a socket and a book, signals, exit codes, the demo."""

import json
import signal
import subprocess
from pathlib import Path

import anyio.to_thread

from channel_protocol.actors import GetStatus, Status
from tests.support.daemon_process import DaemonProcess, channeld, ended_afterwards, reached
from tests.support.heard_signals import signals_heard


async def test_a_second_daemon_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    first = DaemonProcess(tmp_path)
    with ended_afterwards([first.process]):
        async with reached(first) as client:
            same_socket = DaemonProcess(tmp_path, database="other.db")
            same_log = same_socket.log
            same_book = DaemonProcess(tmp_path, socket="t")
            with ended_afterwards([same_socket.process, same_book.process]):
                assert (await same_socket.wait(), await same_book.wait()) == (1, 1)
            refused = same_log.read_text()
            assert f"Another daemon answers at {first.socket}" in refused
            assert f"is in use by another channeld (process {first.process.pid})" in same_book.said()
            for text in (refused, same_book.said()):
                assert "hint:" in text
                assert "Traceback" not in text
            assert not same_book.socket.exists()
            await client.request(GetStatus(), Status)
            assert first.socket.exists()
        assert await first.end(signal.SIGTERM) == 0
        assert not first.socket.exists()


async def test_what_a_killed_daemon_left_is_cleaned_up_by_the_next(tmp_path: Path) -> None:
    killed = DaemonProcess(tmp_path)
    with ended_afterwards([killed.process]):
        async with reached(killed):
            pass
        assert await killed.end(signal.SIGKILL) == -signal.SIGKILL
        assert killed.socket.exists()
    with signals_heard():
        following = DaemonProcess(tmp_path)
    with ended_afterwards([following.process]):
        async with reached(following) as client:
            await client.request(GetStatus(), Status)
            assert following.socket.stat().st_mode & 0o777 == 0o600
        assert await following.end(signal.SIGINT) == 0
        assert not following.socket.exists()


async def test_the_demo_runs_and_says_what_it_came_to(tmp_path: Path) -> None:
    process = channeld("demo", "--headless", "--seconds", "3", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with ended_afterwards([process]):
        output, errors = await anyio.to_thread.run_sync(process.communicate)
    assert process.returncode == 0, errors.decode()
    lines = [json.loads(line) for line in output.splitlines()]
    assert {"order", "audit", "channel"} <= {line["type"] for line in lines}
    summary = lines[-1]
    assert summary["type"] == "summary"
    assert summary["orders"] > 0
    assert summary["audit_entries"] > summary["orders"]
    assert summary["channels"] == 5
    assert (summary["requests_over_budget"], summary["invalid_requests"]) == (0, 0)
