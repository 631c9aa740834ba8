"""The command line's connection: blocking, one request at a time.

A command asks once and ends, so an event loop would only delay it: importing one and starting it takes longer
than everything else that `channelctl status` does together. For the same reason only messages that may come
are prepared for. Programs that stay use `channel_protocol.client`.
"""

import socket
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, Union

import msgspec

from channel_protocol import MAX_CLIENT_LINE, MAX_DAEMON_LINE
from channel_protocol.base import Message, Refused, Reply, Request, encode
from channel_protocol.errors import (
    DaemonLost,
    DaemonUnreachable,
    RequestRefused,
    check_hello,
    refusal,
    unknown_reply,
    unreachable,
)
from channel_protocol.session import Delta, Hello, Snapshot

__all__ = ["Link"]

HELLO_WITHIN = 5.0
HELLO = (Hello, Refused)
EVENTS = (Snapshot, Delta)
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)

R = TypeVar("R", bound=Reply)
Event = tuple[Snapshot | Delta, bytes]
"""A message and the line it came in."""


class Link:
    """A connection whose daemon has said hello; `with Link(path) as link`. Raises `DaemonUnreachable`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_id = 0
        self._events: deque[Event] = deque()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise unreachable(path, error) from error
        self._lines = self._socket.makefile("rb")
        self.hello = self._greeted()

    def __enter__(self) -> "Link":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def request(self, request: Request, answer: type[R]) -> R:
        """Send a request and wait for its reply.

        Raises `RequestRefused` when the daemon says no, and `DaemonLost` when it goes before it has answered.
        """
        self._last_id += 1
        try:
            line = encode(msgspec.structs.replace(request, id=self._last_id))
        except UnicodeEncodeError:  # it holds the text, which may be a secret
            raise RequestRefused("not_text", "Something that was given is not valid UTF-8 text.") from None
        if len(line) > MAX_CLIENT_LINE:
            raise RequestRefused("too_long", f"The request has {len(line)} bytes, more than a line may have.")
        try:
            self._socket.sendall(line)
        except OSError:
            raise _lost() from None
        return self._reply(answer)

    def events(self) -> Iterator[Event]:
        """Snapshots and deltas with their lines, in order, until `DaemonLost`."""
        decoder = _decoder(*EVENTS)
        while True:
            while self._events:
                yield self._events.popleft()
            message, line = self._receive(decoder)
            if isinstance(message, EVENTS):
                yield message, line

    def _reply(self, answer: type[R]) -> R:
        decoder = _decoder(answer, Refused, *EVENTS)
        while True:
            message, line = self._receive(decoder)
            if isinstance(message, EVENTS):
                self._events.append((message, line))
            elif isinstance(message, Refused):
                raise refusal(message)
            elif isinstance(message, answer):
                return message
            else:
                raise unknown_reply()

    def _receive(self, decoder: "msgspec.json.Decoder[Any]") -> tuple[Message | None, bytes]:
        """The next message; None for one that was not asked for, or that this client does not know."""
        try:
            line = self._lines.readline(MAX_DAEMON_LINE)
        except OSError:
            raise _lost() from None
        if not line.endswith(b"\n"):
            raise _lost()
        try:
            return decoder.decode(line), line
        except msgspec.ValidationError:
            return None, line
        except UNREADABLE:
            raise DaemonLost("daemon_lost", "channeld sent something that is not its protocol.") from None

    def _greeted(self) -> Hello:
        self._socket.settimeout(HELLO_WITHIN)
        try:
            message, _ = self._receive(_decoder(*HELLO))
            hello = check_hello(message, self._path)
        except DaemonLost:
            self.close()
            message = f"Whatever listens at {self._path} says nothing, or nothing that is channeld's."
            hint = "Is it channeld, and may you use it? See its log."
            raise DaemonUnreachable("not_channeld", message, hint) from None
        except DaemonUnreachable:
            self.close()
            raise
        self._socket.settimeout(None)
        return hello


def _lost() -> DaemonLost:
    return DaemonLost("daemon_lost", "channeld closed the connection.", "Is it still running?")


def _decoder(*kinds: type[Message]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(Union[kinds])  # noqa: UP007 (a union of types known only at run time)
