"""The book page by page: each order once, whatever happens meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from channeld.store import order_pages, orders
from channeld.store.order_pages import OrderFilter
from channeld.store.store import Store
from tests.support.fake_clock import START
from tests.support.store_samples import add_channel, open_store, order

ANY = OrderFilter()


async def book(store: Store, count: int, name: str = "uk") -> int:
    """A channel with so many orders, one bought each minute."""
    channel = await store.write(lambda unit: add_channel(unit, name))
    found = [
        replace(order(channel.id, number, lines=1), purchased_at=START + timedelta(minutes=number))
        for number in range(count)
    ]
    await store.write(lambda unit: orders.save_page(unit, found))
    return channel.id


async def pages(store: Store, criteria: OrderFilter, limit: int = 7) -> list[str]:
    """All pages; the ids of their orders."""
    found: list[str] = []
    after, last = 0, await store.read(order_pages.last_order)
    while after < last:
        page, after = await store.read(lambda c, at=after: order_pages.page(c, criteria, at, last, limit))
        assert len(page) <= limit
        found += [each.order_id for each in page]
    return found


async def test_every_order_is_there_once_and_in_the_order_in_which_it_came(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await book(store, 40)
        found = await pages(store, ANY)
        assert len(found) == len(set(found)) == 40
        assert found == sorted(found)


async def test_an_order_that_changes_is_not_twice_and_one_that_comes_is_not_there(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await book(store, 10)
        last = await store.read(order_pages.last_order)
        first, after = await store.read(lambda c: order_pages.page(c, ANY, 0, last, 5))
        changed = replace(order(uk, 0, minutes=90), status="SHIPPED", state="shipped")
        await store.write(lambda unit: orders.save_page(unit, [changed, order(uk, 99)]))
        rest, end = await store.read(lambda c: order_pages.page(c, ANY, after, last, 100))
        ids = [each.order_id for each in (*first, *rest)]
        assert len(ids) == len(set(ids)) == 10
        assert end == last


@pytest.mark.parametrize(
    ("criteria", "count"),
    [
        (OrderFilter(channel_id=1), 20),
        (OrderFilter(state="open"), 25),
        (OrderFilter(state="shipped"), 0),
        (OrderFilter(since=START + timedelta(minutes=18)), 2),
        (OrderFilter(until=START + timedelta(minutes=3)), 6),
        (
            OrderFilter(channel_id=2, since=START + timedelta(minutes=1), until=START + timedelta(minutes=2)),
            1,
        ),
    ],
)
async def test_only_what_is_wanted_comes(criteria: OrderFilter, count: int, tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await book(store, 20)
        await book(store, 5, "de")
        assert len(await pages(store, criteria)) == count


async def test_a_page_looks_at_a_bounded_stretch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_pages, "STRETCH", 8)
    async with open_store(tmp_path) as store:
        await book(store, 30)
        late = OrderFilter(since=START + timedelta(minutes=25))
        page, seen = await store.read(lambda c: order_pages.page(c, late, 0, 30, 10))
        assert (page, seen) == ([], 8), "an empty page that is not the last one"
        assert len(await pages(store, late)) == 5


async def test_an_empty_book_has_no_page(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        assert await pages(store, ANY) == []
        assert await store.read(lambda c: order_pages.page(c, ANY, 0, 0, 10)) == ([], 0)
