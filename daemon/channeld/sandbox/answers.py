"""Answers as they leave: JSON with a request id and a date, or cut short, or none at all."""

import json
from asyncio import Transport
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import anyio
import httpx
from starlette.requests import Request
from starlette.responses import Response

from channeld.sandbox.market import Market

__all__ = ["Connections", "answer", "hold", "request_id", "reset"]

SKEW = timedelta(minutes=15)


class Connections:
    """What the server has open, by the client's address, and the event that ends what is held."""

    def __init__(self) -> None:
        self.open: dict[tuple[str, int], Transport] = {}
        self.closing = anyio.Event()


def answer(
    market: Market,
    where: Mapping[str, str],
    status: int,
    body: object,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A JSON answer (empty for None) with the headers that every answer of Amazon has.

    `where` says whose faults apply.
    """
    content = b""
    if body is not None:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if status < 300 and market.faults.fires("truncated", **where):
        content = content[: len(content) // 2]
    now = market.clock.now()
    if market.faults.fires("clock_skew", **where):
        now += SKEW
    always = {"x-amzn-RequestId": request_id(market), "Date": format_datetime(now, usegmt=True)}
    return Response(content, status, {**always, **(headers or {})}, "application/json")


def request_id(market: Market) -> str:
    """A new one, as Amazon's support asks for."""
    return str(UUID(int=market.request_ids.getrandbits(128), version=4))


async def hold(request: Request, connections: Connections | None) -> Response:
    """Give no answer until the client gives up or the sandbox ends."""
    if connections is None:
        raise httpx.ReadTimeout("the sandbox holds its answer")
    async with anyio.create_task_group() as group:

        async def until(event: Callable[[], Any]) -> None:
            await event()
            group.cancel_scope.cancel()

        group.start_soon(until, connections.closing.wait)
        group.start_soon(until, lambda: _gone(request))
    return Response(status_code=504)


async def reset(request: Request, connections: Connections | None) -> Response:
    """Close the connection without an answer."""
    client = request.client
    if connections is None or client is None:
        raise httpx.ReadError("the sandbox closed the connection")
    connections.open[client.host, client.port].abort()
    await _gone(request)
    return Response(status_code=504)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
