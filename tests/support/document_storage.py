"""Amazon's storage as a server on a real port, which answers with whatever bytes a test gives it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import anyio.abc

__all__ = ["SIGNED", "Storage", "answer", "storage"]

SIGNED = "X-Amz-Signature=CANARY-SIGNATURE"


class Storage:
    """A server that answers each request with the same bytes, and keeps what it was sent."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/documents/1?{SIGNED}"

    async def serve(self, stream: anyio.abc.SocketStream) -> None:
        async with stream:
            request = b""
            while b"\r\n\r\n" not in request or not _is_whole(request):
                try:
                    request += await stream.receive()
                except anyio.EndOfStream:
                    return
            self.requests.append(request)
            if self.answer:
                await stream.send(self.answer)


def _is_whole(request: bytes) -> bool:
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length" in line]
    return len(body) >= (int(lengths[0]) if lengths else 0)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def storage(reply: bytes) -> AsyncGenerator[Storage]:
    at = Storage(reply)
    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(listener.serve, at.serve)
        at.port = listener.extra(anyio.abc.SocketAttribute.local_port)
        yield at
        tasks.cancel_scope.cancel()
