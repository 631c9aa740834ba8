"""A file that is there whole or not at all: written as FILE.part, renamed when it is complete."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from channel_protocol.errors import ClientError

__all__ = ["written"]

PRIVATE, SHARED = 0o600, 0o666
"""Modes; the second less what the user's umask takes away."""


@contextmanager
def written(path: Path, *, private: bool = False) -> Generator[TextIO]:
    """A stream whose text replaces the file when the block has ended well; else nothing is left of it.

    What a killed process leaves is FILE.part, which the next one takes over. `private`: for the user alone,
    from the first moment. Raises `ClientError` (`not_a_file`, `busy`) or `OSError`.
    """
    if path.exists() and not path.is_file():
        raise ClientError("not_a_file", f"{path} is not a file.", "Name another one, or leave it out.")
    path = path.resolve()
    part = path.with_name(f"{path.name}.part")
    with _locked(part, PRIVATE if private else SHARED) as descriptor:
        try:
            if private:
                os.fchmod(descriptor, PRIVATE)
            os.ftruncate(descriptor, 0)
            with open(descriptor, "w", encoding="utf-8", newline="", closefd=False) as stream:
                yield stream
            os.fsync(descriptor)
            part.replace(path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise


@contextmanager
def _locked(part: Path, mode: int) -> Generator[int]:
    """One writer at a time; the lock ends with its process, however that ends."""
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(part) from None
        if not _is_still(part, descriptor):
            raise _busy(part)
        yield descriptor
    finally:
        os.close(descriptor)


def _is_still(part: Path, descriptor: int) -> bool:
    """Whether the name still is that file: the one who held the lock may have renamed it meanwhile."""
    try:
        return os.path.samestat(part.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _busy(part: Path) -> ClientError:
    return ClientError("busy", f"Another process writes {part}.", "Wait for it, or name another file.")
