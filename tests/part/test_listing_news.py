"""News of a report is written behind the reading, a page's worth at a time."""

import anyio
import pytest

from channeld.concerns.listing_news import gathering
from channeld.domain.listing.news import NewRow, OtherRow, PageOfRows
from channeld.domain.listing.reported import ReportedListing

LINE = ReportedListing(sku="MUG")
ENOUGH = 3


def new(rows: int = 1, *, done: int = 0) -> PageOfRows:
    return PageOfRows(new=[NewRow(LINE, 1)] * rows, rows_done=done)


def others(rows: int = 1, *, done: int = 0) -> PageOfRows:
    return PageOfRows(others=[OtherRow(1, LINE, 1, was_absent=False)] * rows, rows_done=done)


class Slow:
    """Writing ends when it is let."""

    def __init__(self) -> None:
        self.begun: list[PageOfRows] = []
        self.ended: list[PageOfRows] = []
        self.let = anyio.Semaphore(0)

    async def __call__(self, news: PageOfRows) -> None:
        self.begun.append(news)
        await self.let.acquire()
        self.ended.append(news)


async def test_new_listings_are_in_the_book_before_the_page_after_the_next() -> None:
    slow, turned = Slow(), list[str]()
    async with gathering(slow, ENOUGH) as news, anyio.create_task_group() as tasks:
        await news.add(new(), is_last=False)

        async def turn() -> None:
            await news.add(others(), is_last=False)
            turned.append("over")

        tasks.start_soon(turn)
        await anyio.wait_all_tasks_blocked()
        assert (len(slow.begun), turned) == (1, [])
        slow.let.release()
        await anyio.wait_all_tasks_blocked()
        assert (len(slow.ended), turned) == (1, ["over"])


async def test_other_rows_are_gathered_and_nothing_of_them_is_lost() -> None:
    slow = Slow()
    for _ in range(9):
        slow.let.release()
    async with gathering(slow, ENOUGH) as news:
        for done in range(1, 6):
            await news.add(others(done=done), is_last=done == 5)
        await news.rest()
    assert [(len(each.others), each.rows_done) for each in slow.ended] == [(3, 3), (2, 5)]


async def test_without_news_it_is_written_down_now_and_then_how_far_it_is() -> None:
    slow = Slow()
    for _ in range(9):
        slow.let.release()
    async with gathering(slow, ENOUGH) as news:
        for done in range(1, 46):
            await news.add(PageOfRows(rows_done=done), is_last=done == 45)
        await news.rest()
    assert [each.rows_done for each in slow.ended] == [20, 40, 45]


async def test_what_fails_behind_the_reading_ends_it() -> None:
    async def fail(news: PageOfRows) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        async with gathering(fail, ENOUGH) as news:
            await news.add(new(), is_last=False)
            await news.add(others(), is_last=True)
            await news.rest()
