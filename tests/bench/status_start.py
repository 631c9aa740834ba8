"""How long `channelctl status` takes as a whole process, against `python -c 'import msgspec, anyio'`.

Run: `python -m tests.bench.status_start`. Prints one JSON line. They are started in turns against one daemon
with channels to show, so that a busy machine slows all alike. Quote the ratios of the medians; those of CPU
times say the same with less noise.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from channel_protocol.accounts import AccountAdded, AddAccount
from channel_protocol.actors import GetStatus, Status
from channel_protocol.channels import AddChannel, ChannelAdded
from channel_protocol.errors import DaemonUnreachable
from channelctl.link import Link
from tests.support.daemon_process import DaemonProcess, ended_afterwards

RUNS = 30
WARM_UP = 2
CHANNELS = ("UK", "DE", "FR", "ES", "IT")
START_WITHIN = 600
"""Attempts, a twentieth of a second apart."""
CTL = ("-c", "from channelctl.main import main; main()", "status")
COMMANDS = {
    "imports": ("-c", "import msgspec, anyio"),
    "status": CTL,
    "status_json": (*CTL, "--json"),
}


def linked(daemon: DaemonProcess) -> Link:
    """A connection, as soon as the daemon answers."""
    for _ in range(START_WITHIN):
        try:
            return Link(daemon.socket)
        except DaemonUnreachable:
            time.sleep(0.05)  # another process starts, and has no way to tell us
    raise SystemExit(daemon.said())


def furnish(link: Link) -> None:
    """An account and its channels, switched off, so that nothing is sent anywhere."""
    account = AddAccount(
        command_id="bench-account",
        account="eu",
        region="eu",
        seller_id="A1BENCHSELLER",
        client_id="client",
        client_secret="nobody's",  # noqa: S106 (nobody's)
        refresh_token="nobody's",  # noqa: S106 (nobody's)
    )
    link.request(account, AccountAdded)
    for code in CHANNELS:
        channel = AddChannel(command_id=f"bench-{code}-channel", channel=code, account="eu", marketplace=code)
        link.request(channel, ChannelAdded)
    assert link.request(GetStatus(), Status).rows


class Run(NamedTuple):
    """One whole process, in seconds."""

    wall: float
    cpu: float


def run(words: Sequence[str], environment: dict[str, str]) -> Run:
    began, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, *words], env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 (our own)
    wall, after = time.perf_counter() - began, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, spent)


def measured(socket: Path) -> dict[str, list[Run]]:
    """Runs of all commands, in turns. What the developer's environment tells Python does not count."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = inherited | {"CHANNELD_SOCKET": str(socket)}
    taken: dict[str, list[Run]] = {name: [] for name in COMMANDS}
    for number in range(WARM_UP + RUNS):
        for name, words in COMMANDS.items():
            each = run(words, environment)
            if number >= WARM_UP:
                taken[name].append(each)
    return taken


def figures(taken: dict[str, list[Run]]) -> dict[str, float]:
    """Milliseconds, and ratios to the imports."""
    shown: dict[str, float] = {"runs": RUNS}
    wall = {name: [each.wall for each in runs] for name, runs in taken.items()}
    cpu = {name: [each.cpu for each in runs] for name, runs in taken.items()}
    for name, times in wall.items():
        shown[f"{name}_min_ms"] = round(min(times) * 1000, 1)
        shown[f"{name}_median_ms"] = round(median(times) * 1000, 1)
    for name in ("status", "status_json"):
        shown[f"{name}_ratio"] = round(median(wall[name]) / median(wall["imports"]), 2)
        shown[f"{name}_ratio_of_min"] = round(min(wall[name]) / min(wall["imports"]), 2)
        shown[f"{name}_cpu_ratio"] = round(median(cpu[name]) / median(cpu["imports"]), 2)
    return shown


def main() -> None:
    with TemporaryDirectory() as folder:
        daemon = DaemonProcess(Path(folder))
        with ended_afterwards([daemon.process]):
            with closing(linked(daemon)) as link:
                furnish(link)
            sys.stdout.write(json.dumps(figures(measured(daemon.socket))) + "\n")


if __name__ == "__main__":
    main()
