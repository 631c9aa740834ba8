"""The service as systemd sees it: a real process, its messages, its journal entries, its end."""

import os
import signal
from pathlib import Path

import anyio
import pytest

from channel_protocol.actors import GetStatus, Status
from tests.support.daemon_process import WITHIN, DaemonProcess, ended_afterwards, reached
from tests.support.notify_socket import listening


async def test_it_is_ready_when_it_answers_lives_and_says_that_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(tmp_path) as ear:
        for name, value in {**ear.environ, "WATCHDOG_USEC": "400000"}.items():
            monkeypatch.setenv(name, value)
        daemon = DaemonProcess(tmp_path)
        heard: list[str] = []
        with ended_afterwards([daemon.process]), anyio.fail_after(WITHIN):
            while "READY=1" not in heard or heard.count("WATCHDOG=1") < 2:
                assert daemon.process.poll() is None, daemon.said()
                heard += ear.heard()
                await anyio.sleep(0.01)
            assert heard.index("STATUS=opening the database") < heard.index("READY=1")
            assert heard.index("READY=1") < heard.index("WATCHDOG=1")
            assert [message for message in heard if message.startswith("STATUS=0 channels; actors: ")]
            async with reached(daemon) as client:
                await client.request(GetStatus(), Status)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.wait() == 0
            assert "STOPPING=1" in ear.heard()


async def test_a_start_that_fails_is_never_called_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(tmp_path) as ear:
        monkeypatch.setenv("NOTIFY_SOCKET", ear.environ["NOTIFY_SOCKET"])
        (tmp_path / "channeld.db").mkdir()
        daemon = DaemonProcess(tmp_path)
        with ended_afterwards([daemon.process]):
            assert await daemon.wait() == 1
        assert "READY=1" not in ear.heard()
        assert "hint:" in daemon.said()
        assert "Traceback" not in daemon.said()


async def test_a_daemon_that_hangs_tells_where_when_the_watchdog_ends_it(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)
    with ended_afterwards([daemon.process]):
        async with reached(daemon):
            os.kill(daemon.process.pid, signal.SIGABRT)
            assert await daemon.wait() == -signal.SIGABRT
    assert "asyncio" in daemon.said()
