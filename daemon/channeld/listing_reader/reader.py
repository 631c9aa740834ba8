"""Asking whoever reads a report: a process if it is large, else a thread."""

import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from subprocess import DEVNULL, PIPE
from typing import TypeAlias

import anyio
import anyio.to_thread
import msgspec
from anyio.streams.buffered import BufferedByteReceiveStream

from channeld.amazon.errors import UnreadableReport
from channeld.errors import ChanneldError
from channeld.listing_reader.frames import LENGTH, decode_answer, frame
from channeld.listing_reader.messages import Answer, Failed, Outcome, Question, Sorted
from channeld.listing_reader.reading import Reading
from channeld.runtime.clock import Clock

__all__ = ["LARGE", "Ask", "reader"]

LARGE = 8 * 1024 * 1024
"""Bytes from which on a process reads a report: some 30,000 rows; to start one takes as long as 10,000."""
ANSWERS_WITHIN = 120
"""Seconds; a page takes some hundredths of one."""
_COMMAND = (sys.executable, "-P", "-m", "channeld.listing_reader")
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
"""Of the environment: there may be secrets in the rest of it."""

Ask: TypeAlias = Callable[[Question], Awaitable[Sorted | Outcome]]
"""Raises `UnreadableReport`, `ChanneldError` with `spool_failed`, `reader_ended` or `reader_failed`."""


@asynccontextmanager
async def reader(clock: Clock, size: int) -> AsyncGenerator[Ask]:
    """Whoever reads one report of that many bytes; he is gone with the block."""
    asking = _process if size >= LARGE else _thread
    async with asking(clock) as exchange:

        async def ask(question: Question) -> Sorted | Outcome:
            answer = await exchange(question)
            if isinstance(answer, Failed):
                raise _error(answer)
            return answer

        yield ask


@asynccontextmanager
async def _thread(clock: Clock) -> AsyncGenerator[Callable[[Question], Awaitable[Answer]]]:
    reading = Reading()

    async def exchange(question: Question) -> Answer:
        with clock.working():
            return await anyio.to_thread.run_sync(reading.answer, question)

    yield exchange


@asynccontextmanager
async def _process(clock: Clock) -> AsyncGenerator[Callable[[Question], Awaitable[Answer]]]:
    with clock.working():
        try:
            process = await anyio.open_process(
                _COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment(), start_new_session=True
            )
        except OSError as error:
            raise _ended(f"cannot be started: {error.strerror}") from error
    questions, answers = process.stdin, process.stdout
    assert questions is not None and answers is not None
    buffered = BufferedByteReceiveStream(answers)

    async def exchange(question: Question) -> Answer:
        try:
            with clock.working(), clock.deadline(ANSWERS_WITHIN):
                await questions.send(frame(question))
                head = await buffered.receive_exactly(LENGTH)
                return decode_answer(await buffered.receive_exactly(int.from_bytes(head, "big")))
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.IncompleteRead) as error:
            raise _ended("has ended before its time") from error
        except msgspec.DecodeError as error:
            raise _ended("is of another version than the daemon: start that anew") from error
        raise _ended(f"has said nothing for {ANSWERS_WITHIN} seconds")

    try:
        yield exchange
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        with anyio.CancelScope(shield=True), clock.working():
            await process.aclose()


def _environment() -> Mapping[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def _error(failed: Failed) -> ChanneldError:
    if failed.code == "unreadable_report":
        return UnreadableReport(failed.message, failed.hint)
    if failed.code == "reader_failed":
        return ChanneldError(
            "reader_failed",
            f"The process that reads a large listing report has failed: {failed.message}.",
            "This is a mistake in channeld: please report it, with these words. It is tried again by itself.",
        )
    return ChanneldError(failed.code, failed.message, failed.hint)


def _ended(how: str) -> ChanneldError:
    return ChanneldError(
        "reader_ended",
        f"The process that reads a large listing report {how}.",
        "It is started again by itself. If it stays so, look whether the machine is short of memory.",
    )
