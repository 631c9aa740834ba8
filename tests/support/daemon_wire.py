"""The way to the simulated Amazon, inside this process: it can be watched, held, and cut."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager

import anyio
import httpx

from channeld.sandbox import Market, create_app

__all__ = ["Held", "Wire"]

ENDPOINT = "http://127.0.0.1"
"""Never connected to: the transport answers."""


class Held:
    """Exchanges that are held with their answer already made; `release` lets them arrive."""

    def __init__(self, part: str) -> None:
        self.part = part
        """What the URL's path ends with."""
        self.arrived = anyio.Event()
        self.released = anyio.Event()

    def release(self) -> None:
        self.released.set()


PIECE = 64 * 1024


async def _in_pieces(content: bytes) -> AsyncGenerator[bytes]:
    """As a body comes over a connection, for whoever reads it so."""
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]


class Wire(httpx.AsyncBaseTransport):
    """A transport to one market. Requests are kept, by URL, for tests to look at."""

    def __init__(self, market: Market) -> None:
        self._inner = httpx.ASGITransport(create_app(market))
        self._held: list[Held] = []
        self.requests: list[httpx.Request] = []
        self.rewrite: Callable[[httpx.Request, httpx.Response], httpx.Response | None] | None = None
        """Changes an answer, as the market itself never would."""
        self.cut = False
        """From now on no request arrives."""
        self._searches_left: int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_search = request.url.path.endswith("/orders")
        if self.cut or (is_search and self._searches_left == 0):
            raise httpx.ConnectError("the wire is cut")
        if is_search and self._searches_left:
            self._searches_left -= 1
        self.requests.append(request)
        response = await self._inner.handle_async_request(request)
        arrived = b"".join([piece async for piece in response.aiter_raw()])
        whole = httpx.Response(response.status_code, headers=response.headers, content=arrived)
        changed = self.rewrite(request, whole) if self.rewrite else None
        for held in [held for held in self._held if request.url.path.endswith(held.part)]:
            held.arrived.set()
            await held.released.wait()
        return changed or httpx.Response(
            response.status_code, headers=response.headers, content=_in_pieces(arrived)
        )

    @contextmanager
    def holding(self, part: str) -> Generator[Held]:
        """Hold the answers of an operation; time cannot be moved while one is held."""
        held = Held(part)
        self._held.append(held)
        try:
            yield held
        finally:
            self._held.remove(held)
            held.release()

    def cut_after(self, *, searches: int) -> None:
        """Let so many more order searches through, and then none."""
        self._searches_left = searches

    def searches(self) -> list[httpx.URL]:
        """The order searches that were asked for, oldest first."""
        return [request.url for request in self.requests if request.url.path.endswith("/orders")]

    def reads(self, order_id: str) -> int:
        """How often that order was asked for by its id."""
        return sum(request.url.path.endswith(f"/{order_id}") for request in self.requests)
