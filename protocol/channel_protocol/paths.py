"""Where the socket is (design, section 7)."""

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["SOCKET_NAME", "client_socket", "runtime_directory"]

SOCKET_NAME = "channeld.sock"
SYSTEM_SOCKET = Path("/run/channeld") / SOCKET_NAME
"""Where the service of `config/channeld.service` listens."""


def runtime_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """The directory for the socket: systemd's, else the user session's, else one below the home."""
    if given := environ.get("RUNTIME_DIRECTORY"):
        return Path(given.split(":")[0])
    if session := environ.get("XDG_RUNTIME_DIR"):
        return Path(session) / "channeld"
    return Path("~/.channeld/run").expanduser()


def client_socket(
    given: str | None = None, environ: Mapping[str, str] = os.environ, service: Path = SYSTEM_SOCKET
) -> Path:
    """Where a client looks: what it was told, `CHANNELD_SOCKET`, the user's own daemon, then the service."""
    if told := given or environ.get("CHANNELD_SOCKET"):
        return Path(told).expanduser()
    own = runtime_directory(environ) / SOCKET_NAME
    return service if not _is_there(own) and _is_there(service) else own


def _is_there(path: Path) -> bool:
    """Also when a closed directory hides it: the client then hears that it has no permission."""
    try:
        return path.exists()
    except PermissionError:
        return True
