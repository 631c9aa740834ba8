"""News of a report is gathered until it is worth a unit of work, and written behind the reading."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from channeld.concerns.behind import Behind, behind
from channeld.domain.listing.news import PageOfRows

__all__ = ["Gathering", "gathering"]

MOST_PAGES = 20
"""After so many it is written down how far it is, be there little news or none."""


class Gathering:
    """What of a report is news and not written yet."""

    def __init__(self, write: Callable[[PageOfRows], Awaitable[None]], enough: int, writing: Behind) -> None:
        self._write = write
        self._enough = enough
        self._writing = writing
        self._news = PageOfRows()
        self._pages = 0
        self._new_under_way = False

    async def add(self, page: PageOfRows, *, is_last: bool) -> None:
        """News of one more page. Raises what writing raises.

        New listings are written with their page, and are in the book before the store is asked about the page
        after the next: a SKU that comes again is known then, and the page between is the reader's business.
        """
        if self._new_under_way:
            await self._writing.rest()
        self._news, self._pages = self._news.and_then(page), self._pages + 1
        self._new_under_way = bool(self._news.new)
        if self._new_under_way or is_last or self._news.size >= self._enough or self._pages == MOST_PAGES:
            news, self._news, self._pages = self._news, PageOfRows(), 0
            await self._writing.begin(lambda: self._write(news))

    async def rest(self) -> None:
        """Until all is written. Raises what writing raises."""
        await self._writing.rest()


@asynccontextmanager
async def gathering(write: Callable[[PageOfRows], Awaitable[None]], enough: int) -> AsyncGenerator[Gathering]:
    """`enough`: so many rows are worth a unit of work."""
    async with behind() as writing:
        yield Gathering(write, enough, writing)
