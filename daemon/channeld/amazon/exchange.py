"""One HTTP exchange with Amazon: bytes out, bytes in, or one kind of failure."""

from collections.abc import Mapping
from datetime import datetime

import anyio
import httpx
import msgspec

from channeld.amazon.outages import Outage, outage_of, unusable_url
from channeld.amazon.server_time import date_of
from channeld.runtime.clock import Clock

__all__ = ["BadBody", "ExchangeFailed", "Received", "exchange", "prepared"]

LARGEST_BODY = 64 * 2**20
_LONGEST = 120.0
"""Seconds of real time for one exchange, however slowly its bytes arrive."""

_ENCODINGS = ("", "identity", "gzip", "deflate")
"""Several on top of one another would let a small answer grow to any size within one piece."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: status, headers with lower-case names, the whole body (decompressed)."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Received({self.status}, …)"

    @property
    def date(self) -> datetime | None:
        """The server's clock, UTC, from its `Date` header."""
        return date_of(self.headers)


class ExchangeFailed(Exception):
    """No whole answer came; `outage` says why, without any text of anybody's."""

    def __init__(self, outage: Outage) -> None:
        super().__init__(outage.what)
        self.outage = outage


class BadBody(Exception):
    """The body is not read to its end; the text says why."""


def prepared(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> httpx.Request:
    """A request to be sent. Raises `ExchangeFailed` for an address that is none."""
    try:
        return http.build_request(method, url, headers=headers, data=form, content=body or None)
    except httpx.InvalidURL:
        raise ExchangeFailed(unusable_url()) from None


async def exchange(http: httpx.AsyncClient, clock: Clock, request: httpx.Request) -> Received:
    """Send and read to the end. Raises `ExchangeFailed`, `BadBody`; its time-outs are real time."""
    with clock.working():
        try:
            with anyio.fail_after(_LONGEST):
                response = await http.send(request, stream=True)
                try:
                    body = await _read(response)
                finally:
                    with anyio.move_on_after(1, shield=True):
                        await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError) as failure:
            raise ExchangeFailed(outage_of(failure, request.url)) from None
    return Received(status=response.status_code, headers=dict(response.headers), body=body)


async def _read(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise BadBody("it is compressed in a way that was not asked for")
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > LARGEST_BODY:
            raise BadBody("it is too large")
        parts.append(part)
    return b"".join(parts)
