"""A listing report is compared with what was told; what differs is read directly, and only then counts."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from channeld.control.rows.offers import offer_rows
from channeld.domain.listing.changes import facts_of
from channeld.domain.listing.reported import ReportedListing
from channeld.domain.stock.desired import Standing
from channeld.sandbox import Market
from channeld.store import downloads, listings, stock_sync
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit
from tests.support.fake_clock import START, FakeClock
from tests.support.stock_line import INSTANCE, MUG, RED, SELLER, StockLine, stock_line, stock_market
from tests.support.stock_looking import APPLIED, look, looked, orders_until, searched


@pytest.fixture
def market(clock: FakeClock) -> Market:
    market = stock_market(clock)
    for sku in (MUG, RED):
        market.listings.stock(SELLER, sku, START, quantity=8)
    return market


async def told(line: StockLine) -> None:
    """Both are, and it is confirmed that Amazon has them."""
    await line.want({MUG: 7, RED: 7})
    await line.run(10)
    await look(line, APPLIED)
    assert await line.standing(MUG) is await line.standing(RED) is Standing.CONFIRMED
    line.wire.requests.clear()


async def report(line: StockLine, *, asked: timedelta = timedelta(), **shown: int) -> None:
    """A download of `uk` has just been done, with a report that was asked for so long ago."""
    now = line.shop.now

    def write(unit: Unit) -> None:
        known = {sku: id_ for id_, sku in unit.connection.exec_driver_sql("SELECT id, sku FROM listings")}
        for sku, quantity in shown.items():
            name = sku.replace("_", "-")
            facts = facts_of(ReportedListing(sku=name, title="", quantity=quantity, status="active"))
            if name in known:
                listings.change(unit, [(known[name], facts, quantity)], {}, now)
            else:
                listings.add_new(unit, 1, [(facts, quantity)], now)
        begun = DownloadRecord(channel_id=1, automatic=True, full=False, started_at=now - asked)
        ended = downloads.add(unit, begun)
        unit.connection.exec_driver_sql(
            "UPDATE listing_downloads SET state = 'done', ended_at = started_at + ? WHERE id = ?",
            (int(asked.total_seconds() * 1_000_000), ended.id),
        )

    await line.shop.store.write(write)


async def test_what_somebody_changed_is_read_and_told_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await told(line)
        market.listings.stock(SELLER, MUG, clock.now(), quantity=50)
        await clock.advance(60)
        await report(line, MUG_BLUE=50, MUG_RED=7)
        await look(line, 60)
        assert searched(line) == [1]
        assert await line.standing(MUG) is Standing.WAITING
        await line.run(10)
        assert line.at_amazon(MUG) == 7
        dates = await line.shop.store.read(stock_sync.all_channels)
        assert dates[1].drift_checked_at is not None


async def test_a_report_is_compared_once(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await told(line)
        await report(line, MUG_BLUE=6)
        await look(line, 60)
        await look(line, 3600)
        assert searched(line) == [1]
        assert await line.standing(MUG) is Standing.CONFIRMED


async def test_a_report_that_is_older_than_what_was_told_says_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await told(line)
        await report(line, asked=timedelta(minutes=30), MUG_BLUE=8)
        await look(line, 60)
        assert searched(line) == []


async def test_one_that_was_closed_by_hand_is_looked_at_when_a_report_shows_units(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await told(line)
        await orders_until(line)
        market.listings.stock(SELLER, MUG, clock.now(), quantity=0)
        await clock.advance(60)
        await looked(line, MUG)
        assert (await line.row(MUG)).closed_at is not None
        await clock.advance(APPLIED)
        await report(line, MUG_BLUE=0)
        await look(line, 60)
        assert (await line.row(MUG)).closed_at is not None
        market.listings.stock(SELLER, MUG, clock.now(), quantity=3)
        await clock.advance(60)
        await report(line, MUG_BLUE=3)
        await look(line, 60)
        assert (await line.row(MUG)).closed_at is None


async def test_of_a_report_and_a_read_the_newer_is_shown(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await told(line)
        row = await line.row(MUG)
        unproven = replace(row, desired=replace(row.desired, proof=None))

        async def shown() -> tuple[int | None, str, bool]:
            rows = await line.shop.store.read(lambda c: offer_rows(c, [unproven], clock.now(), INSTANCE))
            return rows[0].shown_quantity, rows[0].shown_by, rows[0].is_shown_before

        assert await shown() == (7, "read", False)
        await clock.advance(60)
        await report(line, MUG_BLUE=50, asked=timedelta(hours=2))
        assert await shown() == (7, "read", False)
        await report(line, MUG_BLUE=50)
        assert await shown() == (50, "report", False)
