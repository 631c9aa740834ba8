"""What the daemon tells systemd about itself: datagrams to the socket that `NOTIFY_SOCKET` names.

Without that variable nothing is sent. A message that cannot be delivered is dropped: systemd's own time-outs
tell when too many are.
"""

import os
import socket
from collections.abc import Mapping

__all__ = ["Notifier", "watchdog_seconds"]

MICROSECONDS = 1_000_000
LONGEST_STATUS = 300
"""Characters; `systemctl status` shows them on one line."""


class Notifier:
    """Sends; never waits and never fails."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        path = environ.get("NOTIFY_SOCKET", "")
        # An @ stands for the zero byte with which addresses outside the file system begin.
        self._address = f"\0{path[1:]}" if path.startswith("@") else path

    @property
    def is_heard(self) -> bool:
        """Whether anybody asked to be told."""
        return bool(self._address)

    def ready(self) -> None:
        """Requests are answered from now on."""
        self._send("READY=1")

    def stopping(self) -> None:
        """No new work is begun."""
        self._send("STOPPING=1")

    def alive(self) -> None:
        """For the watchdog."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for people."""
        line = " ".join(text.split())
        self._send(f"STATUS={line if len(line) <= LONGEST_STATUS else line[: LONGEST_STATUS - 1] + '…'}")

    def extend(self, seconds: float) -> None:
        """Starting or stopping takes that much longer, from now."""
        self._send(f"EXTEND_TIMEOUT_USEC={round(seconds * MICROSECONDS)}")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(message.encode(), self._address)
        except OSError:
            return


def watchdog_seconds(environ: Mapping[str, str] = os.environ) -> float | None:
    """After how long a silence systemd ends this process; None when nobody watches it."""
    text, watched = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not text.isdecimal() or int(text) == 0 or watched not in ("", str(os.getpid())):
        return None
    return int(text) / MICROSECONDS
