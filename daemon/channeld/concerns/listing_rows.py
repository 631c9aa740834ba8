"""A listing report's rows go from its file into the book, a page at a time (semantics H5).

Begun again after a death, it finds what was booked unchanged, and so books nothing twice.
"""

from collections.abc import Sequence

from channeld.book.listings.page import Place, book_page
from channeld.concerns.kit import Kit
from channeld.concerns.listing_news import gathering
from channeld.domain.listing.known import Seen, as_question, read_known
from channeld.domain.listing.news import PageOfRows
from channeld.listing_reader.messages import Begin, End, Outcome, Sort, Sorted
from channeld.listing_reader.reader import reader
from channeld.store import listings
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.spool import SpoolFacts, spool_of

__all__ = ["ListingRows"]

PAGE = 1_000
"""Rows."""


class ListingRows:
    """The rows of one download's report."""

    def __init__(self, kit: Kit, download: DownloadRecord, channel: Channel, facts: SpoolFacts) -> None:
        self._kit = kit
        self._download = download
        self._place = Place(download_id=download.id, channel_id=channel.id, account_id=channel.account_id)
        self._marketplace_id = channel.marketplace_id
        self._facts = facts
        self._added: list[int] = []

    async def book(self) -> tuple[Outcome, Seen]:
        """Book all rows: pages are read while what was news before is written.

        What the report came to, and which listings it has. Raises `UnreadableReport`, `DownloadOver`,
        `ChanneldError` of the reader.
        """
        clock, size = self._kit.clock, self._facts.size
        async with self._kit.readers, reader(clock, size) as ask, gathering(self._write, PAGE) as news:
            page = _sorted(await ask(self._beginning()))
            while page.skus:
                known = await self._known(page.skus)
                page = _sorted(await ask(Sort(known=known, added=self._take_added())))
                await news.add(page.news or PageOfRows(), is_last=not page.skus)
            await news.rest()
            outcome = await ask(End(added=self._take_added()))
        if not isinstance(outcome, Outcome):
            raise TypeError(outcome)
        seen = Seen(outcome.marks)
        await self._spare(seen, outcome.spared)
        return outcome, seen

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

    async def _spare(self, seen: Seen, skus: Sequence[str]) -> None:
        """A listing whose row cannot be read is not missing: its SKU is one of the row's values."""
        for start in range(0, len(skus), PAGE):
            found = read_known(await self._known(as_question(skus[start : start + PAGE])))
            seen.add([id_ for id_, _, _ in found.values()])


def _sorted(answer: Sorted | Outcome) -> Sorted:
    if isinstance(answer, Outcome):
        raise TypeError(answer)
    return answer
