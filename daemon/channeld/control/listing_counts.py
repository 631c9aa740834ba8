"""How many listings a channel has, for rows that are read more often than a large channel can be counted."""

from collections import Counter
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
"""Whatever is not told of is seen by then."""


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
        self._noted: Counter[tuple[str, Hashable]] = Counter()

    def note(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """These rows were committed: links by their account, downloads by their channel."""
        for kind in ("link", "listing_download"):
            self._noted.update((kind, key) for key in changes.get(kind, ()))

    def asked(self) -> CountOf:
        """To be called before anything is read: what is committed later does not count as noted."""
        noted = self._noted.copy()

        def count(
            connection: Connection, channel: Channel, last: DownloadRecord | None, now: datetime
        ) -> Counts:
            changes = noted["link", channel.account_id] + noted["listing_download", channel.id]
            is_running = last is not None and last.is_running
            known = self._counted.get(channel.id)
            if known is not None and self._is_good(known, changes, is_running, now - known.at):
                return known.counts
            counts = listing_queries.counts(connection, channel.account_id, channel.id)
            self._counted[channel.id] = _Counted(now, changes, counts)
            return counts

        return count

    def before(self, connection: Connection, channel_name: str, now: datetime) -> CountOf:
        """That channel's counts as they are now, for a unit of work, which must not count."""
        count = self.asked()
        channel, known = channels.by_name(connection, channel_name), Counts()
        if channel is not None:
            last = downloads.latest(connection, [channel.id]).get(channel.id)
            known = count(connection, channel, last, now)
        return lambda connection, channel, last, now: known

    def _is_good(self, known: _Counted, noted: int, is_running: bool, age: timedelta) -> bool:
        if is_running:
            return timedelta(0) <= age < RECOUNT
        return self._is_told and known.noted == noted and timedelta(0) <= age < RECOUNT_IDLE
