"""One HTTP exchange with Amazon: bytes out, bytes in, or one kind of failure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import anyio
import httpx
import msgspec

from channeld.runtime.clock import Clock

__all__ = ["ExchangeFailed", "Received", "TooLarge", "exchange"]

LARGEST_BODY = 64 * 2**20
_LONGEST = 120.0
"""Seconds of real time for one exchange, however slowly its bytes arrive."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


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
        try:
            date = parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, OverflowError):
            return None
        return date.astimezone(UTC) if date.tzinfo else None


class ExchangeFailed(Exception):
    """No whole answer came. `sent` is False when the request certainly never reached the other side."""

    def __init__(self, sent: bool, kind: str) -> None:
        super().__init__(kind)
        self.sent = sent
        self.kind = kind
        """Name of what went wrong, such as `ReadTimeout`; no text of anybody's."""


class TooLarge(Exception):
    """The body passes `LARGEST_BODY`."""


async def exchange(http: httpx.AsyncClient, clock: Clock, request: httpx.Request) -> Received:
    """Send and read to the end. Raises `ExchangeFailed`, `TooLarge`; its time-outs are real time."""
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
            raise ExchangeFailed(not isinstance(failure, _NOT_SENT), type(failure).__name__) from None
    return Received(status=response.status_code, headers=dict(response.headers), body=body)


async def _read(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > LARGEST_BODY:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)
