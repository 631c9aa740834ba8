"""Lines from a client: bounded, and understood or refused with a reason."""

from difflib import get_close_matches
from typing import Any

import msgspec
from anyio import EndOfStream
from anyio.abc import ByteReceiveStream

from channel_protocol.base import Problem, Refused, Request
from channel_protocol.codec import decode_request, requests, tag_of
from channeld.control.sizes import LARGEST_NUMBER, excesses

__all__ = ["LineReader", "LineTooLong", "understand"]

CHUNK = 1 << 16


class LineTooLong(Exception):
    """The line is longer than the limit, so where the next one begins is not known."""


class LineReader:
    """Splits a stream at newlines. Holds at most one line of `limit` bytes, plus one chunk."""

    def __init__(self, stream: ByteReceiveStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._buffer = bytearray()
        self._searched = 0

    async def next(self) -> bytes | None:
        """The next line that is not empty, without its newline; None at the end, where a line without
        newline is dropped. Raises `LineTooLong`."""
        while True:
            end = self._buffer.find(b"\n", self._searched)
            if (end if end >= 0 else len(self._buffer)) > self._limit:
                raise LineTooLong
            if end < 0:
                if not await self._fill():
                    return None
            elif line := self._cut(end).strip():
                return line

    async def _fill(self) -> bool:
        self._searched = len(self._buffer)
        try:
            self._buffer += await self._stream.receive(CHUNK)
        except EndOfStream:
            return False
        return True

    def _cut(self, end: int) -> bytes:
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return line


def understand(line: bytes) -> Request | Refused:
    """The request that a line is, or why it is none, with its id if one can be found."""
    try:
        request = decode_request(line)
    except msgspec.ValidationError as error:
        return _refuse(line, str(error))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _bad_request(0, "The line is not JSON.")
    problems = excesses(request)
    return _too_much(request, problems) if problems else request


def _refuse(line: bytes, why: str) -> Refused:
    fields = _fields(line)
    id_, tag = _whole(fields.get("id")), fields.get("type")
    known = [tag_of(kind) for kind in requests()]
    if not isinstance(tag, str):
        return _bad_request(id_, "The request has no type.")
    if tag not in known:
        return _unknown_request(id_, tag, known)
    return _bad_request(id_, f"{tag}: {why}")


def _fields(line: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER:
        return value
    return 0


def _too_much(request: Request, problems: tuple[Problem, ...]) -> Refused:
    what = ", ".join(f"{problem.key} {problem.message}" for problem in problems)
    refused = _bad_request(_whole(request.id), f"{tag_of(type(request))}: {what}.")
    return msgspec.structs.replace(refused, problems=problems)


def _bad_request(id_: int, message: str) -> Refused:
    return Refused(
        id=id_, code="bad_request", message=message, hint="`channelctl protocol` describes every request."
    )


def _unknown_request(id_: int, tag: str, known: list[str]) -> Refused:
    close = get_close_matches(tag, known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else "`channelctl protocol` describes every request."
    return Refused(id=id_, code="unknown_request", message=f"There is no request {tag[:80]!r}.", hint=hint)
