"""A daemon that says what it was told to say: the wire without anything behind it."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

import msgspec

from channel_protocol import PROTOCOL_VERSION
from channel_protocol.base import Message, Refused, Reply, Request
from channel_protocol.codec import decode_request, encode
from channel_protocol.session import Hello

__all__ = ["HANG_UP", "FakeDaemon"]

HANG_UP = b""
"""In a script: close the connection."""

Line = Message | bytes
Script = Callable[[Request], Iterable[Line]]


class FakeDaemon:
    """Listens at `path` in threads of its own; `with FakeDaemon(path) as daemon`.

    A reply whose `id` is 0 gets the id of the request it answers. Requests without a script are refused.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hello: Line = Hello(protocol=PROTOCOL_VERSION, daemon="0.1.0", boot_id="boot", may_write=True)
        self.requests: list[Request] = []
        self._scripts: dict[type[Request], Script] = {}
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def on(self, kind: type[Request], *lines: Line) -> None:
        """Answer every request of this kind with these lines."""
        self.script(kind, lambda _: lines)

    def script(self, kind: type[Request], script: Script) -> None:
        """Answer every request of this kind with what `script` makes of it."""
        self._scripts[kind] = script

    def __enter__(self) -> "FakeDaemon":
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._listener, *self._connections):
            _shut(each)
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(lambda connection=connection: self._serve(connection))

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                connection.sendall(_line(self.hello, 0))
                for line in lines:
                    if not self._answer(connection, decode_request(line)):
                        _shut(connection)
                        return
        except OSError:
            return

    def _answer(self, connection: socket.socket, request: Request) -> bool:
        self.requests.append(request)
        script = self._scripts.get(type(request), _refuse)
        for line in script(request):
            if line == HANG_UP:
                return False
            connection.sendall(_line(line, request.id))
        return True


def _refuse(request: Request) -> Iterable[Line]:
    return (Refused(code="not_scripted", message=f"{type(request).__name__} has no script."),)


def _line(line: Line, identity: int) -> bytes:
    if isinstance(line, Reply) and not line.id:
        line = msgspec.structs.replace(line, id=identity)
    return line if isinstance(line, bytes) else encode(line)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
