"""What systemd hears: ready, alive, how it goes, and the end."""

import os
from pathlib import Path

import pytest

from channeld.runtime.notify import Notifier, watchdog_seconds
from tests.support.notify_socket import listening


@pytest.mark.parametrize("abstract", [False, True])
def test_messages_reach_a_socket_in_the_file_system_and_outside_it(tmp_path: Path, abstract: bool) -> None:
    with listening(tmp_path, abstract=abstract) as ear:
        notifier = Notifier(ear.environ)
        notifier.ready()
        notifier.alive()
        notifier.extend(2.5)
        notifier.stopping()
        assert ear.heard() == ["READY=1", "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=2500000", "STOPPING=1"]


def test_a_status_is_one_short_line(tmp_path: Path) -> None:
    with listening(tmp_path) as ear:
        Notifier(ear.environ).status("first\nREADY=1 " + "x" * 1000)
        (message,) = ear.heard()
    assert message.startswith("STATUS=first READY=1 xxx")
    assert "\n" not in message
    assert len(message) < 320


def test_without_anybody_who_listens_nothing_happens(tmp_path: Path) -> None:
    silent = Notifier({})
    silent.ready()
    assert not silent.is_heard
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "90000000"}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}, 90.0),
        ({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_for_this_process(environ: dict[str, str], seconds: float | None) -> None:
    assert watchdog_seconds(environ) == seconds
