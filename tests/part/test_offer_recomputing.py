"""Stale values are computed anew, a page at a time, beside what happens meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from channeld.book.offering.computing import recomputing
from channeld.book.offering.computing.recomputing import SweepPage
from channeld.domain.stock import pushing
from channeld.domain.stock.desired import Desired, Rank
from channeld.domain.stock.route import Route
from channeld.store import desired_stock, stale_stock, stock_history, stock_sync
from channeld.store.unit import Unit
from tests.support.offer_desk import OfferDesk, at_offer_desk, sale


async def moved(desk: OfferDesk, move: Callable[[Desired], Desired], sku: str = "MUG") -> None:
    """What requests and their answers do with the value of a SKU."""

    def book(unit: Unit) -> None:
        row = desired_stock.of_skus(unit.connection, desk.shop.account_id, [sku])[sku]
        desired_stock.save(unit, [msgspec.structs.replace(row, desired=move(row.desired))], desk.shop.now)

    await desk.shop.store.write(book)


async def sent(desk: OfferDesk, route: Route = Route.PATCH, *, answered: bool = True) -> None:
    """Its value leaves, and Amazon accepts it."""
    now = desk.shop.now
    await moved(desk, lambda row: pushing.begun(row, route, "f1", now))
    if answered:
        await moved(desk, lambda row: pushing.accepted(row, "f1", now))


async def test_an_order_makes_the_same_quantity_leave_again(tmp_path: Path) -> None:
    """What Max Listed holds down would run out there: Amazon has lowered its own number."""
    async with at_offer_desk(tmp_path, max_listed="5") as desk:
        await desk.sell("MUG", 100)
        await desk.settle()
        await sent(desk)
        assert not (await desk.row()).desired.is_dirty
        bought = desk.shop.now + timedelta(minutes=1)
        await desk.shop.apply(sale("MUG", 2, purchased_at=bought, updated_at=bought))
        assert await desk.told() == 5
        assert (await desk.row()).desired.is_dirty
        await desk.shop.clock.advance(120)
        await sent(desk)
        assert not (await desk.row()).desired.is_dirty
        later = bought + timedelta(minutes=30)
        await desk.shop.apply(sale("MUG", 2, purchased_at=bought, updated_at=later, cancelled=1))
        assert await desk.told() == 5
        assert (await desk.row()).desired.is_dirty, "so it has with a cancellation"


async def test_an_old_order_that_comes_in_late_changes_nothing(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, max_listed="5") as desk:
        await desk.sell("MUG", 100)
        await desk.settle()
        await sent(desk)
        old = desk.shop.now - timedelta(hours=3)
        await desk.shop.apply(sale("MUG", 2, purchased_at=old, updated_at=old))
        await desk.settle()
        assert not (await desk.row()).desired.is_dirty


@pytest.mark.parametrize(("units", "is_overtaken"), [(3, True), (20, False)])
async def test_a_lower_number_does_not_wait_for_the_feed_that_tells_a_higher_one(
    tmp_path: Path, units: int, is_overtaken: bool
) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 10)
        await desk.settle()
        await sent(desk, Route.FEED, answered=False)
        await desk.count("MUG", units)
        await desk.settle()
        row = (await desk.row()).desired
        assert (row.flight is None, row.shadows) == (is_overtaken, ("f1",) if is_overtaken else ())
        assert row.is_due(desk.shop.now) is is_overtaken
        told = await desk.shop.store.read(lambda c: stock_history.of_sku(c, desk.shop.account_id, "MUG", 9))
        assert [(each.event, each.quantity, each.reference) for each in told] == (
            [("overtaken", 10, "f1")] if is_overtaken else []
        )


async def test_what_does_not_change_is_not_written(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        for sku in ("MUG", "CUP"):
            await desk.sell(sku, 10)
        await desk.settle()
        before = await desk.rows("MUG", "CUP")
        desk.changes.clear()
        await desk.shop.set(max_listed="50")
        await desk.count("CUP", 9)
        await desk.settle()
        after = await desk.rows("MUG", "CUP")
        assert (after["MUG"], after["CUP"].version) == (before["MUG"], before["CUP"].version + 1)
        assert desk.changes["stock_due"] == {desk.shop.account_id}


async def test_when_it_was_computed_is_noted_for_channels_that_send(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE")
        await desk.sell("MUG", 10)
        await desk.list("MUG", "de")
        await desk.settle()
        found = await desk.shop.store.read(stock_sync.all_channels)
        assert {each.channel_id: each.computed_at for each in found.values()} == {1: desk.shop.now}


async def test_zeros_and_decreases_are_ranked_before_the_rest(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 10)
        await desk.settle()
        await sent(desk)
        ranks: list[Rank] = []
        for units in (0, 4, 20):
            await desk.count("MUG", units)
            await desk.settle()
            ranks.append((await desk.row()).desired.rank)
        assert ranks == [Rank.TO_ZERO, Rank.DECREASE, Rank.INCREASE]


async def test_a_sale_does_not_wait_for_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recomputing, "PAGE", 2)
    async with at_offer_desk(tmp_path) as desk:
        for number in range(9):
            await desk.sell(f"MUG {number}", 10)
        await desk.settle()
        await desk.shop.set(max_listed="8")
        assert await desk.settle(1) == 1
        await desk.shop.apply(sale("MUG 8", 5))
        await desk.settle(1)
        rows = await desk.rows("MUG 5", "MUG 8")
        assert {sku: row.desired.computed and row.desired.computed.quantity for sku, row in rows.items()} == {
            "MUG 5": 10,
            "MUG 8": 5,
        }


async def test_a_setting_in_mid_sweep_begins_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recomputing, "PAGE", 2)
    async with at_offer_desk(tmp_path) as desk:
        for number in range(5):
            await desk.sell(f"MUG {number}", 10)
        await desk.settle()
        await desk.shop.set(max_listed="8")
        account_id = desk.shop.account_id
        page = await desk.shop.store.read(lambda c: recomputing.next_page(c, account_id))
        assert isinstance(page, SweepPage)
        await desk.shop.set(max_listed="7")
        await desk.shop.store.write(lambda unit: recomputing.book_sweep(unit, page, desk.shop.now))
        assert [await desk.told(f"MUG {number}") for number in range(5)] == [7] * 5


async def test_an_account_that_sends_no_more_is_left_once_nothing_is_under_way(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 10)
        await desk.settle()
        await sent(desk, answered=False)
        await desk.shop.set(update_inventory="off")
        assert await desk.told() is None
        assert await desk.shop.store.read(stale_stock.accounts) == {desk.shop.account_id}
        await moved(desk, lambda row: pushing.accepted(row, "f1", desk.shop.now))
        desk.changes.clear()
        await desk.settle()
        assert await desk.shop.store.read(stale_stock.accounts) == set()
        assert ("account", desk.shop.account_id) in desk.changes["settings"], "the actors are planned anew"
        await desk.shop.set(update_inventory="on")
        assert await desk.told() == 10


async def test_a_death_between_any_two_commits_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputing, "PAGE", 2)
    done = 0
    async with at_offer_desk(tmp_path) as desk:
        for number in range(5):
            await desk.sell(f"MUG {number}", 10)
        await desk.shop.set(max_listed="8")
        await desk.shop.apply(sale("MUG 0", 4), sale("MUG 1", 1, number=2))
    while done == 0:
        async with at_offer_desk(tmp_path) as desk:
            done = 0 if await desk.settle(1) else 1
    async with at_offer_desk(tmp_path) as desk:
        rows = await desk.rows(*(f"MUG {number}" for number in range(5)))
        told = [rows[sku].desired.computed for sku in sorted(rows)]
    assert [each and each.quantity for each in told] == [6, 8, 8, 8, 8]


async def test_what_begins_to_be_told_goes_down_before_it_goes_up(tmp_path: Path) -> None:
    """By what the report shows, as nothing else is known (semantics D1)."""
    async with at_offer_desk(tmp_path, update_inventory="off") as desk:
        for sku, shown, there in (
            ("UP", 1, 5),
            ("DOWN", 9, 5),
            ("UNKNOWN", None, 5),
            ("NONE", 9, 0),
            ("STILL", 0, 0),
        ):
            await desk.item(sku)
            await desk.count(sku, there)
            await desk.list(sku, "uk", quantity=shown)
        await desk.shop.set(update_inventory="on")
        await desk.settle()
        rows = await desk.rows("UP", "DOWN", "UNKNOWN", "NONE", "STILL")
        ranks = {sku: row.desired.rank for sku, row in rows.items()}
        assert ranks == {
            "NONE": Rank.TO_ZERO,
            "DOWN": Rank.DECREASE,
            "STILL": Rank.DECREASE,
            "UNKNOWN": Rank.UNKNOWN,
            "UP": Rank.INCREASE,
        }
