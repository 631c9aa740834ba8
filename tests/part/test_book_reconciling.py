"""Orders are compared with Amazon's report, page by page (Amazon's reference, 4.1)."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from channeld.book.readings import Readings
from channeld.book.reconciling import (
    begin_comparison,
    book_compared,
    compare_page,
    comparison_due,
    reaches,
    say_nothing_to_compare,
    without_orders,
)
from channeld.book.rereading import book_reread, due_rereads
from channeld.domain.report.states import State
from channeld.domain.reported_order import ReportedOrder
from channeld.store import channels, order_comparisons, order_gaps, reports
from channeld.store.reports import ReportRecord
from tests.support.book_shop import Shop, as_sent, damaged, open_shop
from tests.support.domain_orders import DAY, HOUR, MINUTE, order
from tests.support.reported_orders import available_report, numbered, reported

MISSING = numbered(1)


async def searched(shop: Shop, to: timedelta = timedelta(0)) -> None:
    """The channel's cursor stands so long before the present."""
    await shop.store.write(lambda unit: channels.move_cursor(unit, [1], shop.now - to))


async def compared(shop: Shop, report: ReportRecord, *page: ReportedOrder) -> list[str]:
    """Compare a page; ids of all gaps of the report."""
    within = await shop.store.read(lambda c: reaches(c, report))
    await shop.store.write(lambda unit: compare_page(unit, report, within, page, shop.now))
    return [gap.order_id for gap in await shop.store.read(lambda c: order_gaps.of_report(c, report.id))]


async def finished(
    shop: Shop, report: ReportRecord, count: int, rows: int | None = None, bad: int = 0
) -> None:
    within, rows = await shop.store.read(lambda c: reaches(c, report)), count if rows is None else rows
    await shop.store.write(lambda unit: book_compared(unit, report, within, count, rows, bad, shop.now))


async def compared_to(shop: Shop) -> dict[int, datetime]:
    return await shop.store.read(lambda c: order_comparisons.compared_to(c, [1, 2]))


async def test_only_orders_that_the_book_should_have_are_missing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await searched(shop)
        here = order()
        await shop.apply(here, order(order_id=numbered(2), fulfilled_by="AMAZON"))
        await shop.apply_carefully(damaged=[damaged(order_id=numbered(3))])
        report = await available_report(shop, "gaps", shop.now - DAY, shop.now)
        at = shop.now - 2 * HOUR
        found = await compared(
            shop,
            report,
            reported(here.order_id, at=here.updated_at),
            reported(MISSING, at=at),
            reported(numbered(2), at=at, fulfillment_channel="Amazon"),
            reported(numbered(3), at=at),
            reported(numbered(4), at=at, sales_channel="Non-Amazon"),
            reported(numbered(5), at=at, sales_channel="Amazon.de"),
            reported(numbered(6), at=shop.now - MINUTE),
            reported(numbered(7), at=shop.now - 60 * DAY),
        )
        assert found == [MISSING]
        (planned,) = await shop.rereads(MISSING)
        assert (planned.kind, planned.due_at) == ("gap", shop.now)


async def test_compared_again_after_a_death_a_report_shows_nothing_twice(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await searched(shop)
        report = await available_report(shop, "gaps", shop.now - DAY, shop.now)
        page = reported(MISSING, at=shop.now - 2 * HOUR)
        assert await compared(shop, report, page) == [MISSING]
        await read(shop, found=False, hours=3)
        assert await compared(shop, report, page, page) == [MISSING]
        assert await shop.rereads(MISSING) == [], "Amazon was asked already"
        await finished(shop, report, 1)
        await finished(shop, report, 1)
        assert [code for code in await shop.codes(None) if "gap" in code] == [
            "order.gaps_found",
            "order.gaps_recovered",
        ]
        assert any("0 of 1" in text and "1 not found" in text for text in await shop.texts())


async def test_an_order_that_is_read_is_told_with_its_id(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await searched(shop)
        report = await available_report(shop, "gaps", shop.now - DAY, shop.now)
        await compared(shop, report, reported(MISSING, at=shop.now - 2 * HOUR))
        await finished(shop, report, 1)
        await read(shop, found=True)
        assert (await shop.order(MISSING)).order_id == MISSING
        assert "order.recovered_by_report" in await shop.codes(MISSING)
        assert any("1 of 1" in text and MISSING in text for text in await shop.texts())
        assert "gap" not in [each.kind for each in await shop.rereads(MISSING)]


async def test_what_was_compared_is_not_compared_again(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await searched(shop)
        begun = shop.now
        due = await shop.store.read(lambda c: comparison_due(c, shop.account_id, shop.now))
        assert due == begun + DAY
        shop.clock.jump(DAY.total_seconds())
        await searched(shop)
        first = await shop.store.write(lambda unit: begin_comparison(unit, shop.account_id, shop.now))
        assert first and first.data_from and first.data_to
        assert first.data_to == shop.now - 30 * MINUTE
        assert first.data_from <= begun - 7 * DAY, "from where its first search began"
        assert await shop.store.read(lambda c: comparison_due(c, shop.account_id, shop.now)) is None
        there = await available_report(shop, "gaps", first.data_from, first.data_to)
        await shop.store.write(lambda unit: reports.remove(unit, first))
        await finished(shop, there, 0)
        shop.clock.jump(DAY.total_seconds())
        await searched(shop)
        second = await shop.store.write(lambda unit: begin_comparison(unit, shop.account_id, shop.now))
        assert second and second.data_from == first.data_to - HOUR


@pytest.mark.parametrize(
    ("compared", "rows", "bad", "said"),
    [
        (0, 5000, 5000, "5000 of its 5000 lines could not be read"),
        (980, 1000, 20, "20 of its 1000 lines could not be read"),
        (0, 40, 0, "nothing was compared"),
    ],
    ids=["unreadable", "in part", "none that is expected"],
)
async def test_nothing_is_said_to_be_missing_only_of_what_was_compared(
    tmp_path: Path, compared: int, rows: int, bad: int, said: str
) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await searched(shop)
        report = await available_report(shop, "gaps", shop.now - 10 * DAY, shop.now - HOUR)
        await finished(shop, report, compared, rows, bad)
        (told,) = [text for text in await shop.texts() if "Amazon's report was" in text or "lines of" in text]
        assert said in told and "missing" not in told
        assert await compared_to(shop) == {}, "it is compared with the next one again"
        good = await available_report(shop, "gaps", shop.now - 10 * DAY, shop.now - HOUR)
        await finished(shop, good, 1000, 1000, 10)
        assert any(
            "1000 orders compared with Amazon's report: nothing missing" in t for t in await shop.texts()
        )
        assert 1 in await compared_to(shop)


async def test_what_was_said_is_not_said_again_when_a_channel_is_switched_off(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel("de", "DE")
        await shop.open_channel("uk", "UK")
        await shop.store.write(lambda unit: channels.move_cursor(unit, [1, 2], shop.now))
        report = await available_report(shop, "gaps", shop.now - DAY, shop.now - HOUR)
        empty = msgspec.structs.replace(report, state=State.NO_DATA)
        await shop.store.write(lambda unit: reports.save(unit, empty))
        await shop.store.write(lambda unit: say_nothing_to_compare(unit, shop.account_id, shop.now))
        for number in (1, 2):
            off = msgspec.structs.replace(await shop.channel(number), enabled=False)
            await shop.store.write(lambda unit, off=off: channels.save(unit, off))
            assert await shop.store.read(lambda c: without_orders(c, shop.account_id)) == []
            on = msgspec.structs.replace(await shop.channel(number), enabled=True)
            await shop.store.write(lambda unit, on=on: channels.save(unit, on))


async def test_nothing_counts_as_compared_beyond_the_cursor(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await searched(shop, 3 * DAY)
        report = await available_report(shop, "gaps", shop.now - 10 * DAY, shop.now - HOUR)
        assert await compared(shop, report, reported(MISSING, at=shop.now - DAY)) == []
        await finished(shop, report, 0)
        await searched(shop)
        following = await shop.store.write(lambda unit: begin_comparison(unit, shop.account_id, shop.now))
        assert following and following.data_from and following.data_from < shop.now - 3 * DAY


async def read(shop: Shop, *, found: bool, hours: int = 0) -> None:
    """The order is read by its id as often as is planned in so many hours."""
    for _ in range(hours + 1):
        wanted = await shop.store.read(lambda c: due_rereads(c, shop.account_id, 1, shop.now, 10))
        brought = order(order_id=MISSING, updated_at=shop.now - 2 * HOUR)
        readings = Readings(orders=(as_sent(brought),)) if found else None
        for each in wanted:
            await shop.store.write(
                lambda unit, each=each, readings=readings: book_reread(
                    unit, shop.store.cipher, shop.account_id, each, readings, shop.now
                )
            )
        if hours:
            shop.clock.jump(3600)
