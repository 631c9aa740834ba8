"""Why a client did not get what it asked for, and what to do about it.

ClientError                  a code, what happened, and a hint
├── DaemonUnreachable        no daemon at that socket, or none this client may talk to
│   └── ProtocolMismatch     client and daemon speak different protocols
├── DaemonLost               the connection ended; whatever was not answered may or may not have happened
└── RequestRefused           the daemon said no, and did nothing
"""

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from channel_protocol import PROTOCOL_VERSION
from channel_protocol.base import Problem, Refused
from channel_protocol.session import Hello

__all__ = [
    "ClientError",
    "DaemonLost",
    "DaemonUnreachable",
    "ProtocolMismatch",
    "RequestRefused",
    "check_hello",
    "refusal",
    "unknown_reply",
    "unreachable",
]


class ClientError(Exception):
    """Something a person can read: `message` says what happened, `hint` what to do next."""

    def __init__(self, code: str, message: str, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.code = code
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)


class DaemonUnreachable(ClientError):
    """There is no daemon at that socket that this client could talk to."""


class ProtocolMismatch(DaemonUnreachable):
    """Client and daemon speak different protocols; the message names both."""


class DaemonLost(ClientError):
    """The connection ended. A write that was not answered is repeated safely with its own `command_id`."""


class RequestRefused(ClientError):
    """The daemon carried nothing out, and says why (`Refused` on the wire)."""


def refusal(refused: Refused) -> RequestRefused:
    """The error for an answer of the daemon's."""
    return RequestRefused(refused.code, refused.message, refused.hint, refused.problems)


def unknown_reply() -> ClientError:
    """The error for a reply of a newer daemon's that this client cannot read."""
    return ClientError(
        "unknown_reply",
        "channeld answered something this client does not know.",
        "Use the programs of one version of channeld.",
    )


def check_hello(hello: object, path: Path) -> Hello:
    """The first message of a connection. Raises `DaemonUnreachable`, in the daemon's words if it refuses."""
    if isinstance(hello, Refused):
        raise DaemonUnreachable(hello.code, hello.message, hello.hint)
    if not isinstance(hello, Hello):
        message = f"Whatever listens at {path} does not speak channeld's protocol."
        raise DaemonUnreachable("not_channeld", message, "Is it the right socket? See --socket.")
    if hello.protocol != PROTOCOL_VERSION:
        raise ProtocolMismatch(
            "protocol_mismatch",
            f"This client speaks protocol {PROTOCOL_VERSION}, "
            f"channeld {hello.daemon} at {path} speaks protocol {hello.protocol}.",
            "Use the programs of one version of channeld; after an upgrade, restart the daemon.",
        )
    return hello


def unreachable(path: Path, error: OSError) -> DaemonUnreachable:
    """Why a connection to `path` failed, in words."""
    if isinstance(error, PermissionError):
        return DaemonUnreachable("no_permission", *_forbidden(path))
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return DaemonUnreachable(
            "not_running",
            f"channeld is not running: there is no socket at {path}.",
            "Start it with `channeld run`, as a service with `systemctl start channeld`, "
            "or name another socket with --socket or CHANNELD_SOCKET.",
        )
    if isinstance(error, ConnectionRefusedError) or error.errno in (errno.ENOTSOCK, errno.EPROTOTYPE):
        return DaemonUnreachable("not_running", *_deaf(path))
    why = error.strerror or str(error)
    return DaemonUnreachable(
        "unreachable", f"The socket {path} cannot be used: {why}.", "Name another one with --socket."
    )


def _deaf(path: Path) -> tuple[str, str]:
    if not path.is_socket():
        return f"{path} is not a socket.", "Name channeld's socket with --socket or CHANNELD_SOCKET."
    return (
        f"channeld is not running: nobody listens at {path}, which an earlier run left behind.",
        "Start it with `channeld run`; it replaces the file.",
    )


def _forbidden(path: Path) -> tuple[str, str]:
    seen, status = _nearest_visible(path)
    owner, group = _names(status.st_uid, status.st_gid)
    mine, _ = _names(os.geteuid(), os.getegid())
    mode = stat.S_IMODE(status.st_mode)
    message = (
        f"User {mine} may not use the socket {path}: {seen} belongs to user {owner}, group {group}, "
        f"mode {mode:04o}."
    )
    if mode & stat.S_IRGRP and mode & (stat.S_IWGRP | stat.S_IXGRP):
        return message, f"Join the group {group} and log in again, or work as user {owner}."
    return message, f"Work as user {owner}, or let a group in with `[socket] group` in channeld.toml."


def _nearest_visible(path: Path) -> tuple[Path, os.stat_result]:
    """The socket, or the nearest directory above it, that this user can look at."""
    for candidate in (path, *path.absolute().parents):
        try:
            return candidate, candidate.stat()
        except OSError:
            continue
    return Path("/"), Path("/").stat()


def _names(uid: int, gid: int) -> tuple[str, str]:
    import grp  # here, as nearly every start of a client ends without needing a name
    import pwd

    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        user = str(uid)
    try:
        return user, grp.getgrgid(gid).gr_name
    except KeyError:
        return user, str(gid)
