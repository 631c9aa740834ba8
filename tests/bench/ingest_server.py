"""An Amazon for the ingest benchmark: answers made beforehand, no throttling; a process of its own.

`python -m tests.bench.ingest_server ORDERS` prints its base URL and serves until it is ended. It knows the
token exchange, searchOrders, and v0's getOrders and getOrderItems of the same orders.
"""

import asyncio
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from channeld.runtime.clock import SystemClock
from tests.bench.ingest_orders import PAGE, Json, encoded, merchant_orders, old_items, old_order

RATE = 60
"""Requests a second that the header grants for every operation: pages faster than anybody stores them."""
_TOKEN = encoded({"access_token": "Atza|bench", "token_type": "bearer", "expires_in": 3600})
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
SEARCH = "/orders/2026-01-01/orders"
OLD_SEARCH = "/orders/v0/orders"


def whole_answer(body: bytes) -> bytes:
    """Head and body of a success."""
    date = format_datetime(datetime.now(UTC), usegmt=True)
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        f"date: {date}\r\nx-amzn-requestid: 0\r\nx-amzn-ratelimit-limit: {RATE}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Book:
    """Every answer there is, ready to be sent."""

    def __init__(self, orders: Sequence[Json], bound: str) -> None:
        self._newest = max(order["lastUpdatedTime"] for order in orders)
        pages = [orders[start : start + PAGE] for start in range(0, len(orders), PAGE)]
        last = len(pages) - 1
        self._pages = [
            whole_answer(encoded(_page(page, number < last and f"page-{number + 1}", bound)))
            for number, page in enumerate(pages)
        ]
        self._old_pages = [
            whole_answer(encoded(_old_page(page, number < last and f"page-{number + 1}", bound)))
            for number, page in enumerate(pages)
        ]
        self._items = {
            f"{OLD_SEARCH}/{order['orderId']}/orderItems": whole_answer(encoded(_old_items(order)))
            for order in orders
        }
        self._none = whole_answer(encoded(_page((), False, bound)))
        self._token = whole_answer(_TOKEN)

    def answer(self, target: str) -> bytes:
        """What a request for that path and query gets."""
        if found := self._items.get(target.partition("?")[0]):
            return found
        url = urlsplit(target)
        given = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == SEARCH:
            if given.get("lastUpdatedAfter", "") > self._newest:
                return self._none
            return _numbered(self._pages, given, "paginationToken")
        if url.path == OLD_SEARCH:
            return _numbered(self._old_pages, given, "NextToken")
        return self._token


def _numbered(pages: Sequence[bytes], given: Mapping[str, str], name: str) -> bytes:
    return pages[int(given.get(name, "page-0").removeprefix("page-"))]


def _page(orders: Sequence[Json], token: str | bool, bound: str) -> Json:
    following = {"pagination": {"nextToken": token}} if token else {}
    return {"orders": orders, "lastUpdatedBefore": bound, **following}


def _old_page(orders: Sequence[Json], token: str | bool, bound: str) -> Json:
    following = {"NextToken": token} if token else {}
    return {"payload": {"Orders": [*map(old_order, orders)], "LastUpdatedBefore": bound, **following}}


def _old_items(order: Json) -> Json:
    return {"payload": {"AmazonOrderId": order["orderId"], "OrderItems": old_items(order)}}


class Connection(asyncio.Protocol):
    """One client's connection, kept open; just enough HTTP/1.1 for the benchmark's clients."""

    def __init__(self, book: Book) -> None:
        self._book = book
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
            target = self._received.split(b" ", 2)[1].decode()
            self._received = self._received[end:]
            assert self._transport is not None
            self._transport.write(self._book.answer(target))


async def main(count: int) -> None:
    bound = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    book = Book(await merchant_orders(SystemClock(), count), bound)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(book), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
