"""What is wrong with the stock of SKUs counts for the channel that sends them, and watchers hear of it."""

from collections.abc import Hashable
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, text

from channel_protocol.actors import GetStatus, Status
from channel_protocol.offers import StockSyncRow
from channeld.domain.stock import pushing
from channeld.domain.stock.desired import NEW
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Value
from channeld.store import desired_stock, stock_troubles
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit
from tests.support.book_office import Office, open_office
from tests.support.domain_orders import NOW
from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk

FIVE = pushing.computed(NEW, Value(quantity=5, lead_time=KEEP), NOW)
REFUSED = pushing.refused(
    pushing.begun(FIVE, Route.PATCH, "p1", NOW), "p1", "Amazon refused it: no such thing.", NOW
)
UK, DE = 1, 2


async def put(office: Office, *rows: DesiredRow) -> None:
    await office.shop.store.write(lambda unit: desired_stock.save(unit, rows, office.shop.now))


def sku(office: Office, name: str, owner: int | None, *channels: int, **more: Any) -> DesiredRow:
    row = DesiredRow(account_id=office.shop.account_id, sku=name, owner_id=owner, channels=channels)
    return replace(row, **more)


def counts(row: StockSyncRow) -> tuple[int, int, int, int]:
    return row.refused, row.closed, row.conflicts, row.issues


async def test_each_sku_counts_once_and_for_the_channel_that_sends_it(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.open_channel("de", "DE")
        await put(
            office,
            sku(office, "FINE", UK, UK, DE, desired=FIVE),
            sku(office, "REFUSED", UK, UK, desired=REFUSED),
            sku(office, "TWO TROUBLES", UK, UK, DE, differing=(DE,), desired=REFUSED),
            sku(office, "CLOSED", DE, DE, closed_at=NOW),
            sku(office, "CLOSED, NOT SENT", None, DE, UK, closed_at=NOW),
            sku(office, "HANDLING", DE, DE, UK, issue="it must be a number"),
        )
        rows = await office.snapshot("stock_sync")
        assert counts(rows["uk"]) == (2, 0, 1, 0)
        assert counts(rows["de"]) == (0, 2, 0, 1)
        told = (await office.ask(GetStatus(), Status)).attention
        assert [line[:40] for line in told] == [
            "eu: Amazon refused the stock of 2 SKUs; ",
            "eu: 2 SKUs closed by hand at Amazon: not",
            "eu: channels differ about the stock of 1",
            "eu: the product's handling time makes no",
        ]


async def test_what_only_a_dry_run_would_send_counts_for_the_channel_that_lists_it(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.set(enabled="off")
        await desk.shop.open_channel("de", "DE", dry_run="on", **SENDING)
        await desk.sell("MUG", 10, "uk")
        await desk.list("MUG", "de")
        await desk.settle()
        row = replace(await desk.row(), issue="it must be a number")
        await desk.shop.store.write(lambda unit: desired_stock.save(unit, [row], desk.shop.now))
        assert (row.owner_id, row.channels) == (None, ())
        found = await desk.shop.store.read(stock_troubles.by_channel)
        assert {channel_id: each.issues for channel_id, each in found.items()} == {DE: 1}


async def test_only_skus_with_troubles_are_visited(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        plan = await office.shop.store.read(plans)
        visits = [step for step in plan if "desired_stock" in step]
        assert len(visits) == 2
        assert "USING INDEX ix_desired_stock_attention" in visits[0]
        assert "USING INDEX ix_desired_stock_held_until" in visits[1]


def plans(connection: Connection) -> list[str]:
    return [
        row[-1]
        for query in stock_troubles.QUERIES
        for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
    ]


async def heard(desk: OfferDesk) -> set[int]:
    await desk.settle()
    return desk.changes.get("stock_standing", set())


async def test_a_channel_that_sends_a_sku_no_more_is_counted_anew(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE", **SENDING)
        await desk.sell("MUG", 10)
        await desk.list("MUG", "de")
        await desk.settle()
        assert (await desk.row()).owner_id == UK
        await desk.shop.set(update_inventory="off")
        desk.changes.clear()
        assert await heard(desk) == {UK, DE}
        assert (await desk.row()).owner_id == DE


async def test_what_was_refused_and_may_leave_again_is_counted_anew(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await put(office, sku(office, "MUG", UK, UK, desired=REFUSED))
        assert (await office.snapshot("stock_sync"))["uk"].refused == 1
        later = office.shop.now + timedelta(days=1)

        def release(unit: Unit) -> dict[str, set[Hashable]]:
            desired_stock.release(unit, office.shop.account_id, later)
            return unit.changes

        assert await office.shop.store.write(release) == {"stock_standing": {UK}}
        assert (await office.snapshot("stock_sync"))["uk"].refused == 0
        assert await office.shop.store.write(release) == {}, "nobody is told of nothing"
