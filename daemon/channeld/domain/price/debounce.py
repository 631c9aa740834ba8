"""A price is often saved several times in a row: it leaves when that has come to rest (semantics G1)."""

from datetime import datetime, timedelta

import msgspec

__all__ = ["Saved", "saved"]

REST = timedelta(seconds=5)
LONGEST = timedelta(seconds=60)
"""A program that saves without end does not keep a price back for longer."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """The newest price of a row of saves, in minor units."""

    minor: int
    first_at: datetime
    """When the row began."""
    at: datetime

    @property
    def due_at(self) -> datetime:
        """When it may leave."""
        return min(self.at + REST, self.first_at + LONGEST)


def saved(before: Saved | None, minor: int, now: datetime) -> Saved:
    """The newest wins. `before`: what was saved and has not left yet."""
    return Saved(minor=minor, first_at=before.first_at if before else now, at=now)
