"""What a complete report lacks is missing, and then gone (semantics H5)."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import anyio.to_thread
from sqlalchemy import Connection

from channeld.book.listings.absence import book_absent
from channeld.concerns.kit import Kit
from channeld.domain.listing.known import Seen
from channeld.domain.listing.presence import LISTED, MISSING, Presence, when_absent
from channeld.store import listings
from channeld.store.downloads import DownloadRecord
from channeld.store.reports import ReportRecord

__all__ = ["ListingAbsence"]

T = TypeVar("T")
_LISTED_AT_ONCE = 5_000
_WRITTEN_AT_ONCE = 1_000


class ListingAbsence:
    """Of one download's report, once all its rows are booked."""

    def __init__(self, kit: Kit, download: DownloadRecord, report: ReportRecord, seen: Seen) -> None:
        self._kit = kit
        self._download = download
        self._asked_at = report.submitted_at or download.started_at
        self._made_at = report.available_at or download.started_at
        self._seen = seen

    async def book(self) -> None:
        """All listings of the channel that it lacks. Raises `DownloadOver`."""
        for presence in (MISSING, LISTED):
            after, is_more = 0, True
            while is_more:
                found = await self._of_presence(presence, after)
                is_more, after, becoming = await self._in_thread(
                    lambda presence=presence, found=found: self._becoming(presence, found)
                )
                await self._write(becoming)

    async def _of_presence(self, presence: str, after: int) -> str:
        def query(connection: Connection) -> str:
            return listings.of_presence(
                connection, self._download.channel_id, presence, after, _LISTED_AT_ONCE
            )

        return await self._kit.store.read(query)

    def _becoming(self, presence: str, found: str) -> tuple[bool, int, dict[int, Presence]]:
        """Whether there may be more behind which id, and what those become that the report lacks."""
        page = listings.read_absent(found)
        becoming: dict[int, Presence] = {}
        for id_, since in page:
            becomes = None if id_ in self._seen else when_absent(presence, since, self._asked_at)
            if becomes is not None:
                becoming[id_] = becomes
        return len(page) == _LISTED_AT_ONCE, page[-1][0] if page else 0, becoming

    async def _write(self, becoming: Mapping[int, Presence]) -> None:
        entries, made_at, now = list(becoming.items()), self._made_at, self._kit.clock.now()
        for start in range(0, len(entries), _WRITTEN_AT_ONCE):
            some = dict(entries[start : start + _WRITTEN_AT_ONCE])
            await self._kit.store.write(
                lambda unit, some=some: book_absent(unit, self._download.id, some, made_at, now)
            )

    async def _in_thread(self, act: Callable[[], T]) -> T:
        with self._kit.clock.working():
            return await anyio.to_thread.run_sync(act)
