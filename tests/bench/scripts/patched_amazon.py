"""An Amazon that takes quantities at its published budget and notes when each came; a process of its own.

`python -m tests.bench.scripts.patched_amazon FILE` prints its base URL. Each request that changes a listing
is one JSON line of the file: monotonic seconds, SKU, quantity, status. It answers after 300 ms; nothing else
than tokens, orders (there are none), those changes and, with `--feeds`, feeds is allowed.
"""

import asyncio
import json
import re
import sys
import time
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote

from tests.bench.scripts.fed_amazon import Feeds

LATENCY = 0.3
RATE, BURST = 5.0, 5.0
"""Of patchListingsItem, as published."""
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_QUANTITY = re.compile(rb'"quantity":(\d+)')
_TOKEN = {"access_token": "Atza|bench", "token_type": "bearer", "expires_in": 3600}


class Shop:
    """The bucket, kept exactly, and the notes."""

    def __init__(self, notes: TextIO, feeds: Feeds | None) -> None:
        self._notes, self._feeds = notes, feeds
        self._tokens, self._at = BURST, time.monotonic()

    def answer(self, method: bytes, target: str, body: bytes, host: str) -> tuple[int, object]:
        path = target.partition("?")[0]
        if path == "/auth/o2/token":
            return 200, _TOKEN
        if path.endswith("/orders"):
            return 200, {"orders": [], "lastUpdatedBefore": "2026-01-01T00:00:00Z"}
        if method == b"PATCH":
            return self._patched(unquote(path.rpartition("/")[2]), body)
        about_feeds = self._feeds and self._feeds.answer(method, host, path, body)
        return about_feeds or (403, {"errors": [{"code": "Unauthorized", "message": "not here"}]})

    def _patched(self, sku: str, body: bytes) -> tuple[int, object]:
        now = time.monotonic()
        self._tokens, self._at = min(BURST, self._tokens + RATE * (now - self._at)), now
        quantity = _QUANTITY.search(body)
        status = 200 if self._tokens >= 1 else 429
        self._tokens -= status == 200
        note = [now, sku, int(quantity[1]) if quantity else None, status]
        self._notes.write(json.dumps(note) + "\n")
        self._notes.flush()
        if status == 429:
            return 429, {"errors": [{"code": "QuotaExceeded", "message": "too many"}]}
        return 200, {"sku": sku, "status": "ACCEPTED", "submissionId": "s1", "issues": []}


class Connection(asyncio.Protocol):
    """One client's connection, kept open; just enough HTTP/1.1."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (head := self._received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._received, 0, head)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._received) < end:
                return
            method, target = self._received.split(b" ", 2)[:2]
            body, self._received = self._received[head + 4 : end], self._received[end:]
            address, port = self._transport.get_extra_info("sockname") if self._transport else ("", 0)
            host = f"http://{address}:{port}"
            answer = _whole(*self._shop.answer(method, target.decode(), body, host))
            asyncio.get_running_loop().call_later(LATENCY, self._write, answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _whole(status: int, value: object) -> bytes:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def main(file: Path, *, feeds: bool) -> None:
    with file.open("w") as notes:
        shop = Shop(notes, Feeds() if feeds else None)
        server = await asyncio.get_running_loop().create_server(lambda: Connection(shop), "127.0.0.1", 0)
        sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), feeds="--feeds" in sys.argv))
