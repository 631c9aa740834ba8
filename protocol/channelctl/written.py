"""A file that is there whole or not at all: written under another name beside it, renamed at the end."""

import errno
import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from channel_protocol.errors import ClientError

__all__ = ["written"]

SHARED = 0o666
"""The mode of a file that is not private, less what the user's umask takes away."""
ENDING = signal.SIGTERM, signal.SIGHUP
"""Signals that end a process which does nothing about them, and leave its files behind."""
LONGEST_START = 40
"""Characters of the file's name that the temporary one begins with, so that it stays short enough."""
FULL = errno.ENOSPC, errno.EDQUOT, errno.EFBIG
MAKE_ROOM = "Make room, or name a file elsewhere."
ELSEWHERE = "Name a file in a directory that exists and that you may write to."


@contextmanager
def written(path: Path, *, private: bool = False) -> Generator[TextIO]:
    """A stream whose text replaces the file when the block has ended well; else nothing is left of it.

    Only a process that is killed leaves something: a file whose name ends in `.part`. `private`: for the user
    alone, from the first moment. SIGTERM and SIGHUP raise `SystemExit` while the block runs. Raises
    `ClientError` (`not_a_file`, `failed`), also for an `OSError` of the block.
    """
    try:
        if path.exists() and not path.is_file():
            raise ClientError("not_a_file", f"{path} is not a file.", "Name another one, or leave it out.")
        with _signals_raise(), _replacing(Path(os.path.realpath(path)), private=private) as stream:
            yield stream
    except OSError as error:
        hint = MAKE_ROOM if error.errno in FULL else ELSEWHERE
        raise ClientError("failed", f"{path} cannot be written: {error.strerror or error}.", hint) from error


@contextmanager
def _replacing(path: Path, *, private: bool) -> Generator[TextIO]:
    """The temporary file has a name that nobody could know before, and is made, never opened."""
    from tempfile import mkstemp  # here, as few commands write a file

    descriptor, name = mkstemp(prefix=f"{path.name[:LONGEST_START]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            if not private:
                os.fchmod(descriptor, SHARED & ~_umask())
            yield stream
            stream.flush()
            os.fsync(descriptor)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _signals_raise() -> Generator[None]:
    """Whoever had a signal ignored, as `nohup` does, keeps it so; only a main thread may handle any."""
    ours = ENDING if threading.current_thread() is threading.main_thread() else ()
    handled = [number for number in ours if signal.getsignal(number) == signal.SIG_DFL]
    for number in handled:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # a second one must not break off the tidying
    raise SystemExit(128 + number)


def _umask() -> int:
    """It can only be read by setting it."""
    former = os.umask(0o077)
    os.umask(former)
    return former
