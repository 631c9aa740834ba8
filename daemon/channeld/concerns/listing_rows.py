"""A listing report's rows go from its file into the book, a page at a time (semantics H5).

Begun again after a death, it finds what was booked unchanged, and so books nothing twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection

from channeld.book.listings.absence import book_absent
from channeld.book.listings.page import Place, book_page
from channeld.concerns.behind import behind
from channeld.concerns.kit import Kit
from channeld.domain.listing.known import Seen, as_question, read_known
from channeld.domain.listing.news import PageOfRows
from channeld.domain.listing.presence import LISTED, MISSING, Brought, Presence, when_absent
from channeld.listing_reader.messages import Begin, End, Outcome, Sort, Sorted
from channeld.listing_reader.reader import reader
from channeld.store import listings
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.reports import ReportRecord
from channeld.store.spool import SpoolFacts, spool_of

__all__ = ["ListingRows"]

T = TypeVar("T")
PAGE = 1_000
"""Rows."""
MOST_UNWRITTEN = 20
"""After so many pages it is written down how far it is, be there little news or none."""
_LISTED_AT_ONCE = 5_000


class ListingRows:
    """The rows of one download's report."""

    def __init__(
        self,
        kit: Kit,
        download: DownloadRecord,
        report: ReportRecord,
        channel: Channel,
        facts: SpoolFacts,
    ) -> None:
        self._kit = kit
        self._download = download
        self._place = Place(download_id=download.id, channel_id=channel.id, account_id=channel.account_id)
        self._asked_at = report.submitted_at or download.started_at
        self._made_at = report.available_at or download.started_at
        self._report_id = report.report_id
        self._marketplace_id = channel.marketplace_id
        self._facts = facts
        self._added: list[int] = []
        self._seen = Seen()

    async def book(self) -> Outcome:
        """Book all rows: pages are read while those before are written, a page's worth of news at once. New
        listings are written with their page: only so is a SKU that comes again far behind known.

        Raises `UnreadableReport`, `DownloadOver`, `ChanneldError` of the reader.
        """
        async with reader(self._kit.clock, self._facts.size) as ask, behind() as writing:
            page, news, unwritten = _sorted(await ask(self._beginning())), PageOfRows(), 0
            while page.skus:
                known = await self._known(page.skus)
                page = _sorted(await ask(Sort(known=known, added=self._take_added())))
                news, unwritten = news.and_then(page.news or PageOfRows()), unwritten + 1
                if news.new or news.size >= PAGE or unwritten == MOST_UNWRITTEN or not page.skus:
                    await writing.begin(lambda news=news: self._write(news))
                    news, unwritten = PageOfRows(), 0
            await writing.rest()
            outcome = await ask(End(added=self._take_added()))
            if not isinstance(outcome, Outcome):
                raise TypeError(outcome)
        self._seen = Seen(outcome.marks)
        await self._spare(outcome.spared)
        return outcome

    def brought(self, outcome: Outcome) -> Brought:
        """What there is to be judged, once all rows are booked."""
        return Brought(
            listed=outcome.listed,
            unreadable=outcome.unreadable,
            truncated=self._facts.truncated,
            report_id=self._report_id,
            digest=outcome.digest,
            asked_at=self._asked_at,
        )

    async def book_absent(self) -> None:
        """What the report lacks, once all rows are booked. Raises `DownloadOver`."""
        for presence in (MISSING, LISTED):
            after, is_more = 0, True
            while is_more:
                found = await self._of_presence(presence, after)
                is_more, after, becoming = await self._in_thread(
                    lambda presence=presence, found=found: self._becoming(presence, found)
                )
                for some in _in_pages(list(becoming.items())):
                    await self._write_absent(dict(some))

    def _beginning(self) -> Begin:
        spool = spool_of(self._kit.store.path, self._download.id)
        return Begin(
            folder=str(spool.folder),
            download_id=self._download.id,
            charset=self._facts.charset,
            marketplace_id=self._marketplace_id,
            page=PAGE,
        )

    def _take_added(self) -> list[int]:
        taken, self._added = self._added, []
        return taken

    async def _known(self, asked: str) -> str:
        channel_id = self._download.channel_id
        return await self._kit.store.read(lambda c: listings.known(c, channel_id, asked))

    async def _write(self, news: PageOfRows) -> None:
        now = self._kit.clock.now()
        new = await self._kit.store.write(lambda unit: book_page(unit, self._place, news, now))
        self._added.extend(new)

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

    async def _spare(self, skus: Sequence[str]) -> None:
        """A listing whose row cannot be read is not missing: its SKU is one of the row's values."""
        for some in _in_pages(skus):
            found = read_known(await self._known(as_question(some)))
            self._seen.add([id_ for id_, _, _ in found.values()])

    async def _in_thread(self, act: Callable[[], T]) -> T:
        with self._kit.clock.working():
            return await anyio.to_thread.run_sync(act)


def _sorted(answer: Sorted | Outcome) -> Sorted:
    if isinstance(answer, Outcome):
        raise TypeError(answer)
    return answer


def _in_pages(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), PAGE):
        yield whole[start : start + PAGE]
