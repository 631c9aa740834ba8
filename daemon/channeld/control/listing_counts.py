"""How many listings a channel has, for rows that are read more often than a large channel can be counted."""

from collections.abc import Callable, Hashable, Mapping, Set
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.store import channels, downloads, listing_queries
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.listing_queries import Counts

__all__ = ["CountOf", "Recount"]

CountOf = Callable[[Connection, Channel, DownloadRecord | None, datetime], Counts]
"""How many listings a channel has; its latest download, and the time."""
RECOUNT = timedelta(seconds=10)
"""While a download runs its row is read often."""
RECOUNT_IDLE = timedelta(minutes=1)
"""A count may begin before a change and end after it was told of: such a one is mended by then."""


class _Counted(msgspec.Struct, frozen=True):
    at: datetime
    noted: int
    """How many changes had been told of before."""
    counts: Counts


class Recount:
    """Counts that may be a few seconds old while a download runs, and else are good until something changes.

    One for all who ask, on any thread.
    """

    def __init__(self, *, is_told: bool = False) -> None:
        """`is_told`: `note` is called after each commit."""
        self._is_told = is_told
        self._counted: dict[int, _Counted] = {}
        self._noted = 0

    def note(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """These rows were committed."""
        if "link" in changes or "listing_download" in changes:
            self._noted += 1

    def __call__(
        self, connection: Connection, channel: Channel, last: DownloadRecord | None, now: datetime
    ) -> Counts:
        is_running = last is not None and last.is_running
        known, noted = self._counted.get(channel.id), self._noted
        if known is not None and self._is_good(known, noted, is_running, now - known.at):
            return known.counts
        counts = listing_queries.counts(connection, channel.account_id, channel.id)
        self._counted[channel.id] = _Counted(now, noted, counts)
        return counts

    def before(self, connection: Connection, channel_name: str, now: datetime) -> CountOf:
        """That channel's counts as they are now, for a unit of work, which must not count."""
        channel, known = channels.by_name(connection, channel_name), Counts()
        if channel is not None:
            last = downloads.latest(connection, [channel.id]).get(channel.id)
            known = self(connection, channel, last, now)

        def counted(
            connection: Connection, channel: Channel, last: DownloadRecord | None, now: datetime
        ) -> Counts:
            return known

        return counted

    def _is_good(self, known: "_Counted", noted: int, is_running: bool, age: timedelta) -> bool:
        if is_running:
            return timedelta(0) <= age < RECOUNT
        return self._is_told and known.noted == noted and timedelta(0) <= age < RECOUNT_IDLE
