"""A listing report's rows go from its file into the book, a page at a time (semantics H5).

Begun again after a death, it finds what was booked unchanged, and so books nothing twice.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup
from sqlalchemy import Connection

from channeld.book.listings.absence import book_absent
from channeld.book.listings.page import PageOfRows, Place, book_page
from channeld.concerns.kit import Kit
from channeld.concerns.listing_source import PAGE, Page, RowSource, Seen
from channeld.domain.listing.presence import LISTED, MISSING, Brought, Presence, when_absent
from channeld.domain.marketplaces import BY_ID
from channeld.store import listings
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.reports import ReportRecord
from channeld.store.spool import Spool, SpoolFacts

__all__ = ["ListingRows"]

T = TypeVar("T")
QUIET_PAGES = 20
"""After so many pages without news it is written down how far it is."""
_LISTED_AT_ONCE = 5_000


class ListingRows:
    """The rows of one download's report."""

    def __init__(
        self,
        kit: Kit,
        download: DownloadRecord,
        report: ReportRecord,
        channel: Channel,
        spool: Spool,
        facts: SpoolFacts,
    ) -> None:
        self._kit = kit
        self._download = download
        self._place = Place(download_id=download.id, channel_id=channel.id, account_id=channel.account_id)
        self._asked_at = report.submitted_at or download.started_at
        self._made_at = report.available_at or download.started_at
        self._truncated, self._report_id = facts.truncated, report.report_id
        self._seen = Seen()
        self.source = RowSource(spool, facts, BY_ID[channel.marketplace_id])

    async def book(self) -> None:
        """Book all rows: a page is read while the one before is written. Raises `UnreadableReport`,
        `DownloadOver`."""
        page, quiet = await self._in_thread(self.source.next_page), 0
        async with _behind() as writing:
            while page:
                known = await self._known(page)
                news, page = await self._in_thread(lambda page=page, known=known: self._sorted(page, known))
                quiet = 0 if news.is_news else quiet + 1
                if news.is_news or quiet % QUIET_PAGES == 0:
                    await writing.begin(lambda news=news: self._write(news))

    def brought(self) -> Brought:
        """What there is to be judged, once all rows are booked."""
        return Brought(
            listed=self.source.listed,
            unreadable=self.source.unreadable,
            truncated=self._truncated,
            report_id=self._report_id,
            digest=self.source.digest,
            asked_at=self._asked_at,
        )

    async def book_absent(self) -> None:
        """What the report lacks. Raises `DownloadOver`."""
        await self._spare_bad_rows()
        for presence in (MISSING, LISTED):
            after, is_more = 0, True
            while is_more:
                found = await self._of_presence(presence, after)
                is_more, after, becoming = await self._in_thread(
                    lambda presence=presence, found=found: self._becoming(presence, found)
                )
                for some in _in_pages(becoming):
                    await self._write_absent(some)

    def _sorted(self, page: Page, found: str) -> tuple[PageOfRows, Page]:
        """What of this page is news; and the next page, in the same visit to the thread."""
        return self.source.sort_out(page, listings.read_known(found), self._seen), self.source.next_page()

    async def _known(self, skus: Collection[str]) -> str:
        channel_id = self._download.channel_id
        return await self._kit.store.read(lambda c: listings.known(c, channel_id, skus))

    async def _write(self, news: PageOfRows) -> None:
        now = self._kit.clock.now()
        new = await self._kit.store.write(lambda unit: book_page(unit, self._place, news, now))
        self._seen.add(new)

    async def _write_absent(self, becoming: Mapping[int, Presence]) -> None:
        made_at, now = self._made_at, self._kit.clock.now()
        await self._kit.store.write(lambda unit: book_absent(unit, self._download.id, becoming, made_at, now))

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

    async def _spare_bad_rows(self) -> None:
        """A listing whose row cannot be read is not missing: its SKU is one of the row's values."""
        for some in _in_pages(dict.fromkeys(self.source.spared, b"")):
            found = listings.read_known(await self._known(some))
            self._seen.add([id_ for id_, _, _ in found.values()])

    async def _in_thread(self, act: Callable[[], T]) -> T:
        with self._kit.clock.working():
            return await anyio.to_thread.run_sync(act)


class _Behind:
    """One thing at a time, done behind the back of whoever begins it; the next one waits for it."""

    def __init__(self, tasks: TaskGroup, failures: list[Exception]) -> None:
        self._tasks = tasks
        self._failures = failures
        self._free = anyio.Semaphore(1)

    async def begin(self, act: Callable[[], Awaitable[None]]) -> None:
        """Raises what the one before raised."""
        await self._free.acquire()
        if self._failures:
            raise self._failures[0]
        self._tasks.start_soon(self._see_through, act)

    async def _see_through(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except Exception as error:
            self._failures.append(error)
        finally:
            self._free.release()


@asynccontextmanager
async def _behind() -> AsyncGenerator[_Behind]:
    """Whoever fails inside the block or behind it fails as he is, in no exception group."""
    failures: list[Exception] = []
    async with anyio.create_task_group() as tasks:
        try:
            yield _Behind(tasks, failures)
        except Exception as error:
            failures.append(error)
    if failures:
        raise failures[0]


K = TypeVar("K")
V = TypeVar("V")


def _in_pages(whole: Mapping[K, V]) -> Iterator[dict[K, V]]:
    entries = list(whole.items())
    for start in range(0, len(entries), PAGE):
        yield dict(entries[start : start + PAGE])
