"""Binds the control socket with manners: never takes a living daemon's place, never opens it too wide."""

import fcntl
import grp
import os
import socket
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from channeld.errors import ChanneldError

__all__ = ["bind", "check"]

LONGEST_PATH = 103 if sys.platform == "darwin" else 107
"""Bytes; what the kernel's address structure holds, less its final zero."""
BACKLOG = 128
ANSWERS_WITHIN = 1.0
"""Seconds of real time for whoever has the socket to take a connection."""
PRIVATE = 0o177
"""The umask under which a socket has mode 0600 from its first moment."""


@contextmanager
def bind(path: Path, group: str = "") -> Generator[socket.socket]:
    """Listen at `path`: mode 0600, or 0660 for a group. Removes the file at the end if it is still ours.

    Creates the directory with mode 0700 if it is missing, and takes away the file that a killed daemon
    left. Raises `ChanneldError` with the code `socket_in_use`, `socket_path_taken`, `socket_path_too_long`,
    `unknown_group`, `socket_not_permitted` or `socket_path_unusable`.
    """
    _check_length(path)
    gid = _group_id(group)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        with _explained(path):
            file = _listen(listening, path)
        try:
            if gid is not None:
                with _explained(path):
                    os.chown(path, -1, gid)
                    path.chmod(0o660)
            yield listening
        finally:
            with _explained(path):
                _remove(path, file)


def check(path: Path, group: str = "") -> None:
    """Raise what can be said of `bind` without binding. Makes nothing, and connects to nobody."""
    _check_length(path)
    _group_id(group)
    with _explained(path):
        if path.exists() and not path.is_socket():
            raise _path_taken(path)


def _listen(listening: socket.socket, path: Path) -> os.stat_result:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(path.parent):
        _make_way(path)
        _bind_private(listening, path)
    return path.lstat()


def _check_length(path: Path) -> None:
    length = len(os.fsencode(path))
    if length > LONGEST_PATH:
        raise ChanneldError(
            "socket_path_too_long",
            f"The socket's path has {length} bytes, and the system allows {LONGEST_PATH}: {path}.",
            "Choose a shorter path with `--socket` or in the settings file under [socket].",
        )


def _group_id(group: str) -> int | None:
    if not group:
        return None
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise ChanneldError(
            "unknown_group",
            f"There is no group {group!r} on this machine.",
            "Create it, or change `group` in the settings file under [socket].",
        ) from None


@contextmanager
def _explained(path: Path) -> Generator[None]:
    try:
        yield
    except PermissionError as error:
        raise ChanneldError(
            "socket_not_permitted",
            f"The socket {path} cannot be used: {error.strerror} ({error.filename or path}).",
            "Choose another path, or let the daemon's user own the directory and belong to the group.",
        ) from error
    except OSError as error:
        raise ChanneldError(
            "socket_path_unusable",
            f"The socket {path} cannot be used: {error.strerror} ({error.filename or path}).",
            "Choose another path with `--socket`, in a directory of the daemon's user on a local disk.",
        ) from error


@contextmanager
def _alone_in(directory: Path) -> Generator[None]:
    """Of two daemons that start at once, the second looks when the first listens."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_way(path: Path) -> None:
    """Remove what a killed daemon left; refuse anything else."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise _path_taken(path)
    if _somebody_answers(path):
        raise ChanneldError(
            "socket_in_use",
            f"Another daemon answers at {path}.",
            "Stop it first, or choose another path with `--socket`.",
        )
    path.unlink(missing_ok=True)


def _path_taken(path: Path) -> ChanneldError:
    return ChanneldError(
        "socket_path_taken",
        f"{path} exists and is not a socket.",
        "Move it away, or choose another path with `--socket`.",
    )


def _somebody_answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(ANSWERS_WITHIN)
        try:
            probe.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True  # a full queue, no permission, another kind of socket: it is somebody's
        return True


def _bind_private(listening: socket.socket, path: Path) -> None:
    former = os.umask(PRIVATE)
    try:
        listening.bind(os.fspath(path))
    finally:
        os.umask(former)
    listening.listen(BACKLOG)


def _remove(path: Path, ours: os.stat_result) -> None:
    try:
        if os.path.samestat(path.lstat(), ours):
            path.unlink()
    except FileNotFoundError:
        pass
