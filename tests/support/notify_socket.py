"""systemd's side: a datagram socket that hears what a service says about itself."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Ear", "listening"]


class Ear:
    """What was heard, without waiting."""

    def __init__(self, heard: socket.socket, address: str) -> None:
        self._socket = heard
        self.environ = {"NOTIFY_SOCKET": address}

    def heard(self) -> list[str]:
        """Every message since the last time."""
        messages: list[str] = []
        while True:
            try:
                messages.append(self._socket.recv(65536, socket.MSG_DONTWAIT).decode())
            except BlockingIOError:
                return messages


@contextmanager
def listening(folder: Path, *, abstract: bool = False) -> Generator[Ear]:
    """An ear in that folder, or at an address outside the file system."""
    name = f"channeld-test-{os.getpid()}-{folder.name}" if abstract else str(folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{name}" if abstract else name)
        yield Ear(heard, f"@{name}" if abstract else name)
