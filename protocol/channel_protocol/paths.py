"""Where the socket is (design, section 7)."""

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["SOCKET_NAME", "client_socket", "runtime_directory"]

SOCKET_NAME = "channeld.sock"
SYSTEM_SOCKET = Path("/run/channeld") / SOCKET_NAME


def runtime_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """The directory for the socket: systemd's, else the user session's, else one below the home."""
    if given := environ.get("RUNTIME_DIRECTORY"):
        return Path(given.split(":")[0])
    if session := environ.get("XDG_RUNTIME_DIR"):
        return Path(session) / "channeld"
    return Path("~/.channeld/run").expanduser()


def client_socket(given: str | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where a client looks: what it was told, `CHANNELD_SOCKET`, the user's own daemon, then the system's."""
    if told := given or environ.get("CHANNELD_SOCKET"):
        return Path(told).expanduser()
    own = runtime_directory(environ) / SOCKET_NAME
    return SYSTEM_SOCKET if not own.exists() and SYSTEM_SOCKET.exists() else own
