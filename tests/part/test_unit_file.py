"""The unit file, the sysusers file and the program agree with one another."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from channel_protocol.paths import SYSTEM_SOCKET
from channeld.config import SERVICE_DATABASE
from channeld.service import STOP_DEADLINE
from channeld.store.keys import KEY_FILE

FOLDER = Path(__file__).parents[2] / "config"
UNIT = FOLDER / "channeld.service"
LINES = [line for line in UNIT.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
SAID = {name: value for name, _, value in (line.partition("=") for line in LINES)}


def test_the_program_finds_socket_and_database_where_the_unit_puts_them() -> None:
    assert Path("/run") / SAID["RuntimeDirectory"] == SYSTEM_SOCKET.parent
    assert Path("/var/lib") / SAID["StateDirectory"] == SERVICE_DATABASE.parent
    assert SAID["LoadCredential"].partition(":")[0] == KEY_FILE
    assert SAID["ExecStart"].endswith("/channeld run")


def test_the_group_reaches_the_socket_and_not_the_database() -> None:
    assert SAID["RuntimeDirectoryMode"] == "0750"
    assert SAID["StateDirectoryMode"] == "0700"
    assert SAID["UMask"] == "0077"
    users = (FOLDER / "channeld.sysusers").read_text("utf-8")
    assert re.search(rf"^u {SAID['User']} ", users, re.MULTILINE)
    assert SAID["User"] == SAID["Group"], "sysusers makes the group of the user's name"


def test_systemd_waits_longer_than_the_daemon() -> None:
    assert SAID["Type"] == "notify"
    assert float(SAID["TimeoutStopSec"].removesuffix("s")) > STOP_DEADLINE
    assert float(SAID["WatchdogSec"].removesuffix("s")) > STOP_DEADLINE


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_no_mistake_and_little_to_attack(tmp_path: Path) -> None:
    copy = tmp_path / "channeld.service"
    copy.write_text(
        re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text("utf-8"), flags=re.MULTILINE)
    )
    verified = analyze("verify", str(copy))
    assert not [line for line in verified.stderr.splitlines() if "channeld.service" in line]
    rated = analyze("security", "--offline=true", "--threshold=20", str(copy))
    assert rated.returncode == 0, rated.stdout[-500:]


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (the system's own)
