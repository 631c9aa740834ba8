"""Amazon's clock, as the `Date` header of every answer tells it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

__all__ = ["Heard", "date_of", "noting_time"]

Heard = Callable[[str, datetime], None]
"""Hears which host says what time it is now."""


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """When the answer was made, by the clock of who made it, UTC; None when it does not say."""
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        return date.astimezone(UTC) if date.tzinfo else None
    except (ValueError, OverflowError):
        return None


def noting_time(heard: Heard) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook for the HTTP client, called when the headers of an answer have come."""

    async def on_response(response: httpx.Response) -> None:
        if (date := date_of(response.headers)) is not None:
            heard(response.request.url.host, date)

    return on_response
