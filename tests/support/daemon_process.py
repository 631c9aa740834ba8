"""The daemon, and a simulated Amazon, as processes of their own: for signals, exit codes and `kill -9`."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

import anyio

from channel_protocol.client import Client, connect
from channel_protocol.errors import DaemonUnreachable

__all__ = ["PROGRAM", "DaemonProcess", "channeld", "reached", "sandbox_process"]

PROGRAM = "from channeld.entry import main; main()"
WITHIN = 30.0
"""Seconds of real time for a process to do what it should."""


def channeld(
    *words: str | Path, stdout: IO[bytes] | int, stderr: IO[bytes] | int, program: str = PROGRAM
) -> subprocess.Popen[bytes]:
    """Start `channeld WORDS`, without anything of the developer's environment."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CHANNELD_", "PYTHON"))}
    command = [sys.executable, "-c", program, *map(str, words)]
    return subprocess.Popen(command, stdout=stdout, stderr=stderr, env=environment)  # noqa: S603 (our own)


class DaemonProcess:
    """`channeld run` with book and socket in a folder; what it says goes to `log`."""

    def __init__(
        self, folder: Path, *, database: str = "channeld.db", socket: str = "s", program: str = PROGRAM
    ) -> None:
        self.folder = folder
        self.socket = folder / socket
        self.database = folder / database
        self.log = folder / f"{socket}.log"
        config = folder / "channeld.toml"
        config.touch()
        with self.log.open("ab") as log:
            self.process = channeld(
                *("run", "--config", config, "--database", self.database, "--socket", self.socket),
                stdout=log,
                stderr=log,
                program=program,
            )

    async def wait(self) -> int:
        """Its exit code."""
        with anyio.fail_after(WITHIN):
            return await anyio.to_thread.run_sync(self.process.wait)

    async def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return await self.wait()

    def said(self) -> str:
        return self.log.read_text()


@contextmanager
def ended_afterwards(processes: Iterable[subprocess.Popen[bytes]]) -> Generator[None]:
    """No process outlives its test."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@asynccontextmanager
async def reached(daemon: DaemonProcess) -> AsyncGenerator[Client]:
    """A client, as soon as the daemon answers."""
    with anyio.fail_after(WITHIN):
        while True:
            try:
                async with connect(daemon.socket) as client:
                    break
            except DaemonUnreachable:
                assert daemon.process.poll() is None, daemon.said()
                await anyio.sleep(0.02)
    async with connect(daemon.socket) as client:
        yield client


@asynccontextmanager
async def sandbox_process(folder: Path, *options: str, program: str = PROGRAM) -> AsyncGenerator[str]:
    """A simulated Amazon on a port of its own; its base URL."""
    said = folder / "sandbox.log"
    with said.open("wb") as log:
        process = channeld("sandbox", "--port", "0", *options, stdout=log, stderr=log, program=program)
    with ended_afterwards([process]):
        with anyio.fail_after(2 * WITHIN):
            while not (found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text())):
                assert process.poll() is None, said.read_text()
                await anyio.sleep(0.02)
        yield found.group()
