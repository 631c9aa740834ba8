"""Checks of what is around the database: directory, disk, socket, and who uses it."""

import os
import shutil
from pathlib import Path

import anyio

from channel_protocol.client import DaemonUnreachable, connect
from channel_protocol.errors import ClientError
from channel_protocol.session import Hello
from channeld.admin.check_result import CheckResult, failed, fine, warning
from channeld.admin.subject import Subject
from channeld.control import binding
from channeld.store.files import check_path
from channeld.store.lock import holder

__all__ = ["daemon", "database", "disk", "socket"]

MEBIBYTE = 1024 * 1024
LEAST_FREE = 100 * MEBIBYTE
"""Below it the write-ahead log may not fit any more."""


def database(subject: Subject) -> CheckResult:
    """Whether the file is where it should be, and may be written by who asks."""
    path = subject.database
    check_path(path)
    if not path.exists():
        return fine("database", f"{path} does not exist yet; the first start makes it.")
    unwritable = [each for each in (path, path.parent) if not _may_write(each)]
    if unwritable:
        return failed(
            "database",
            f"{unwritable[0]} may not be written by user {os.geteuid()}.",
            "Let the service's user own the database and its directory; check as that user, or as root.",
        )
    if path.stat().st_mode & 0o077:
        return warning("database", f"{path} can be read by others.", f"chmod 600 {path}")
    return fine("database", f"{path}, {path.stat().st_size / MEBIBYTE:,.1f} MiB.")


def disk(subject: Subject) -> CheckResult:
    """Whether there is room for the log, and for a copy."""
    place = next(each for each in subject.database.absolute().parents if each.exists())
    free = shutil.disk_usage(place).free
    size = subject.database.stat().st_size if subject.database.exists() else 0
    told = f"{free / MEBIBYTE:,.0f} MiB free at {place}"
    if free < LEAST_FREE:
        return failed("disk", f"Only {told}.", "Free some space before work stops.")
    if free < 2 * size:
        hint = "An upgrade or a backup on this disk needs as much as the database has."
        return warning("disk", f"{told}, less than twice the database.", hint)
    return fine("disk", f"{told}.")


def socket(subject: Subject) -> CheckResult:
    """Whether a daemon could listen there."""
    binding.check(subject.socket, subject.settings.socket.group)
    place = next(each for each in subject.socket.absolute().parents if each.exists())
    if not _may_write(place):
        return failed(
            "socket",
            f"{place} may not be written by user {os.geteuid()}.",
            "Check as the service's user, or choose another path under [socket].",
        )
    return fine("socket", f"{subject.socket} can be used.")


def daemon(subject: Subject) -> CheckResult:
    """Whether one runs. Neither is a fault, but one that does not answer is."""
    process = holder(subject.database)
    by = f" (process {process})" if process else ""
    try:
        hello = anyio.run(_hello, subject.socket)
    except DaemonUnreachable as error:
        if error.code != "not_running":
            return failed("daemon", f"{error.message}{by}", error.hint)
        if process:
            hint = "Name its socket with --socket. If it is just starting, check again."
            return warning("daemon", f"A daemon uses the database{by}, but not this socket.", hint)
        return fine("daemon", "None is running.")
    except ClientError as error:
        return failed("daemon", f"{error.message}{by}", error.hint)
    return fine("daemon", f"channeld {hello.daemon} is running{by}.")


async def _hello(path: Path) -> Hello:
    async with connect(path) as client:
        return client.hello


def _may_write(path: Path) -> bool:
    mode = os.W_OK | os.X_OK if path.is_dir() else os.W_OK
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
