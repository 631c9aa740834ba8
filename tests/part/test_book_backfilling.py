"""A large backfill takes two routes: what is left to be read lies in the store (Amazon's reference, 4.1)."""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from channeld.book.backfill_plan import (
    backfill_due,
    begin_backfill,
    begin_collecting,
    begin_reading,
    collect_page,
)
from channeld.book.backfilling import (
    book_read,
    drop_outdated,
    is_outdated,
    to_read,
)
from channeld.book.readings import Readings
from channeld.book.search_page import Page, book_page
from channeld.book.search_turn import Outlook, begun, look_ahead, note_begin
from channeld.commands.orders import rewind_orders
from channeld.domain.report.states import State
from channeld.domain.search_plan import CatchUp
from channeld.store import backfills, reports
from channeld.store.backfills import Backfill, BackfillOrder
from channeld.store.searches import Search
from tests.support.book_shop import Shop, as_sent, open_shop
from tests.support.domain_orders import DAY, HOUR, MINUTE, order
from tests.support.reported_orders import available_report, numbered, reported

ORDERS = 300


def changed(shop: Shop, number: int) -> datetime:
    """When that order changed: one a minute, from six days ago on."""
    return shop.now.replace(microsecond=0) - 6 * DAY + number * MINUTE


async def collect(shop: Shop, count: int = ORDERS) -> Backfill:
    """The report is there, with so many orders."""
    start, end = shop.now - 7 * DAY - HOUR, shop.now - HOUR
    report = await available_report(shop, "backfill", start, end)
    page = [reported(numbered(n), at=changed(shop, n)) for n in range(count)]
    plan = await shop.store.write(lambda unit: begin_collecting(unit, report, shop.now))
    assert plan is not None
    await shop.store.write(lambda unit: collect_page(unit, plan, page))
    return plan


async def both_routes(shop: Shop, count: int = ORDERS) -> None:
    """The backfill has begun."""
    await shop.open_channel()
    plan = await collect(shop, count)
    report = await shop.store.read(lambda c: reports.get(c, plan.report_pk))
    assert report is not None
    await shop.store.write(lambda unit: begin_reading(unit, plan, report, count, shop.now))


async def outlook(shop: Shop) -> Outlook:
    return await shop.store.read(lambda c: look_ahead(c, shop.account_id, shop.now))


async def search(shop: Shop, plan: CatchUp, *, token: str | None = None) -> None:
    """A slice with all its orders."""
    found = begun(shop.account_id, plan, "[]", shop.now)
    await shop.store.write(lambda unit: note_begin(unit, found))
    numbers = [n for n in range(ORDERS) if plan.after <= changed(shop, n) <= plan.before]
    await book(shop, found, numbers, token)


async def book(shop: Shop, found: Search, numbers: list[int], token: str | None) -> None:
    orders = [order(order_id=numbered(n), updated_at=changed(shop, n)) for n in numbers]
    page = Page(readings=Readings(orders=tuple(map(as_sent, orders))), next_token=token, bound=found.slice_to)
    await shop.store.write(lambda unit: book_page(unit, shop.store.cipher, found, page, shop.now))


async def read(shop: Shop, each: BackfillOrder, *, found: bool = True) -> None:
    brought = order(order_id=each.order_id, updated_at=each.updated_at)
    readings = Readings(orders=(as_sent(brought),)) if found else None
    await shop.store.write(lambda unit: book_read(unit, shop.store.cipher, each, readings, shop.now))


async def wanted(shop: Shop) -> list[BackfillOrder]:
    return await shop.store.read(lambda c: to_read(c, shop.account_id, shop.now))


async def left(shop: Shop) -> int:
    return await shop.store.read(lambda c: backfills.left(c, shop.account_id))


async def test_the_search_takes_full_pages_of_the_oldest_and_reads_take_the_newest(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop)
        ahead = await outlook(shop)
        assert ahead.live is None, "a live search would read what is read by id"
        assert isinstance(ahead.catch_up, CatchUp)
        assert changed(shop, 99) < ahead.catch_up.before < changed(shop, 100)
        assert ahead.catch_up.after == changed(shop, 0)
        newest = await wanted(shop)
        assert [each.order_id for each in newest] == [numbered(ORDERS - 1 - n) for n in range(20)]


async def test_what_one_route_has_read_the_other_leaves_out(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop)
        first = (await outlook(shop)).catch_up
        assert isinstance(first, CatchUp)
        await search(shop, first)
        assert await left(shop) == ORDERS - 100
        second = (await outlook(shop)).catch_up
        assert isinstance(second, CatchUp) and second.after == changed(shop, 100)
        for each in await wanted(shop):
            await read(shop, each)
        assert await left(shop) == ORDERS - 120
        assert (await wanted(shop))[0].order_id == numbered(ORDERS - 21)


async def test_when_both_have_met_the_cursor_goes_to_where_the_report_ends(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop)
        end = shop.now - HOUR
        while isinstance(plan := (await outlook(shop)).catch_up, CatchUp):
            await search(shop, plan)
        while newest := await wanted(shop):
            assert (await shop.channel()).order_cursor != end
            for each in newest:
                await read(shop, each)
        channel = await shop.channel()
        assert channel.order_cursor == end
        assert channel.order_sync_date == changed(shop, ORDERS - 1)
        assert len(await shop.orders()) == ORDERS
        assert [code for code in await shop.codes(None) if "backfill" in code] == [
            "order.backfill_begun",
            "order.backfill_done",
        ]
        assert (await outlook(shop)).live is not None


async def test_an_order_that_amazon_does_not_give_is_remembered_and_holds_up_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop, 3)
        for each in await wanted(shop):
            await read(shop, each, found=each.order_id != numbered(1))
        assert (await shop.channel()).order_cursor == shop.now - HOUR
        (again,) = await shop.rereads(numbered(1))
        assert again.kind == "gap"


async def test_a_death_while_orders_are_collected_begins_anew(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        plan = await collect(shop)
        assert isinstance((await outlook(shop)).catch_up, CatchUp)
        assert await wanted(shop) == [], "nothing is read before all are known"
        report = await shop.store.read(lambda c: reports.get(c, plan.report_pk))
        assert report is not None
        again = await shop.store.write(lambda unit: begin_collecting(unit, report, shop.now))
        assert again is not None and await left(shop) == 0


async def test_what_is_in_the_book_is_not_read_again(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        known = [order(order_id=numbered(n), updated_at=changed(shop, n)) for n in range(10)]
        await shop.apply(*known)
        await collect(shop, 12)
        assert await left(shop) == 2


async def test_a_channel_that_is_switched_off_or_set_back_ends_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop)
        await shop.set(enabled="off")
        await shop.set(enabled="on")
        assert await wanted(shop) == []
        ahead = (await outlook(shop)).catch_up
        assert isinstance(ahead, CatchUp) and ahead.before > changed(shop, ORDERS), "the search goes on alone"
    other = tmp_path / "other"
    other.mkdir()
    async with open_shop(other) as shop:
        await both_routes(shop)
        back = shop.now - 20 * DAY
        await shop.command(lambda u, a: rewind_orders(u, a, "uk", back, confirmed=True))
        assert await wanted(shop) == []
        assert (await shop.channel()).order_cursor == back


async def test_a_second_channel_that_lags_ends_it_so_that_both_share_their_searches(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop)
        assert not await shop.store.read(lambda c: is_outdated(c, shop.account_id, shop.now))
        await shop.open_channel("de", "DE")
        assert await wanted(shop) == []
        await shop.store.write(lambda unit: drop_outdated(unit, shop.account_id, shop.now))
        assert await left(shop) == 0
        due = await shop.store.read(lambda c: backfill_due(c, shop.account_id, shop.now))
        assert due == shop.now + MINUTE, "a report of both is wanted"


async def test_without_reads_the_search_goes_on_alone(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await both_routes(shop)
        again = (await outlook(shop)).look_again
        assert again is not None
        shop.clock.jump((again - shop.now + timedelta(seconds=1)).total_seconds())
        ahead = await outlook(shop)
        assert isinstance(ahead.catch_up, CatchUp) and ahead.catch_up.before > changed(shop, ORDERS - 1)


async def test_a_report_is_wanted_when_a_channel_is_far_behind_and_not_again_and_again(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        due = await shop.store.read(lambda c: backfill_due(c, shop.account_id, shop.now))
        assert due == shop.now + MINUTE, "channels that follow at once share it"
        wish = await shop.store.write(lambda unit: begin_backfill(unit, shop.account_id, shop.now))
        assert wish is not None and wish.data_to and wish.data_to <= shop.now - 30 * MINUTE
        assert await shop.store.read(lambda c: backfill_due(c, shop.account_id, shop.now)) is None
        ended = {"state": State.FAILED, "ended_at": shop.now}
        failed = await shop.store.read(lambda c: reports.get(c, wish.id))
        assert failed is not None
        await shop.store.write(lambda unit: reports.save(unit, replace(failed, **ended)))
        later = await shop.store.read(lambda c: backfill_due(c, shop.account_id, shop.now))
        assert later == shop.now + 6 * HOUR
