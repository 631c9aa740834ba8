"""Marketplaces in which Amazon refuses stock: only these are left out for a while, the others go on.

It is a cache: whoever starts again tries them again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from channeld.amazon.errors import AccessDenied

__all__ = ["ASIDE", "RefusedMarket", "RefusedMarkets"]

ASIDE = timedelta(hours=1)


class RefusedMarket(msgspec.Struct, frozen=True, kw_only=True):
    """One channel that one concern leaves out."""

    concern: str
    channel_id: int
    until: datetime
    reason: str
    hint: str


class RefusedMarkets:
    """Which channels a concern leaves out now. Roles differ: another may be granted what it is refused."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], RefusedMarket] = {}

    def note(self, concern: str, channel_id: int, error: AccessDenied, now: datetime) -> None:
        """Amazon has refused a request for this channel's marketplace alone."""
        self._found[concern, channel_id] = RefusedMarket(
            concern=concern,
            channel_id=channel_id,
            until=now + ASIDE,
            reason=error.message,
            hint=error.hint,
        )

    def forget(self, concern: str, channel_ids: Collection[int]) -> None:
        """It begins anew: a person may have helped."""
        for channel_id in channel_ids:
            self._found.pop((concern, channel_id), None)

    def aside(self, concern: str, now: datetime) -> set[int]:
        """Channels that it leaves out."""
        return {each.channel_id for each in self.all(now) if each.concern == concern}

    def all(self, now: datetime) -> list[RefusedMarket]:
        """Those that are left out now."""
        return [each for each in self._found.values() if each.until > now]

    def next_try(self, concern: str, now: datetime) -> datetime | None:
        """When one of them is tried again."""
        return min((each.until for each in self.all(now) if each.concern == concern), default=None)
