"""Units that leave with orders are taken out of stock, each once, and what is still to leave is reserved."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal

import anyio.from_thread
import anyio.to_thread
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.commands.locations import add_location
from channeld.domain.ledger.states import State
from channeld.domain.order import IncomingOrder
from tests.support.answering import an_order, line
from tests.support.book_shop import ORDER
from tests.support.domain_orders import DAY, MINUTE, NOW
from tests.support.item_desk import fields, kit
from tests.support.stock_desk import StockDesk, at_stock_desk, level

MUGS = line("1", "MUG", 3, item=3000)


def mugs(shipped: int = 0, status: str = "UNSHIPPED", *, minutes: int = 0, **more: Any) -> IncomingOrder:
    """Amazon's view of an order of three mugs, so many minutes later."""
    lines = (line("1", "MUG", 3, shipped=shipped, item=3000),)
    return an_order(status, **({"lines": lines, "updated_at": NOW + minutes * MINUTE} | more))


async def stocked(desk: StockDesk, units: int = 10) -> None:
    await desk.items(fields("MUG"))
    await desk.count(level("MUG", units))


async def test_an_order_reserves_and_its_parcel_takes_once_whoever_shows_it(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(mugs())
        assert await desk.standing("MUG") == (10, 3, 7)
        await desk.process(lines={"1": 2})
        assert await desk.standing("MUG") == (8, 1, 7)
        await desk.shop.apply(mugs(2, "PARTIALLY_SHIPPED", minutes=2))
        assert await desk.standing("MUG") == (8, 1, 7), "the same two"
        await desk.shop.apply(mugs(3, "SHIPPED", minutes=3))
        assert await desk.standing("MUG") == (7, 0, 7), "the third one was sent in Seller Central"
        await desk.shop.apply(mugs(2, "PARTIALLY_SHIPPED", minutes=2), mugs(3, "SHIPPED", minutes=4))
        assert await desk.standing("MUG") == (7, 0, 7)
        assert await desk.log("MUG") == [
            "ann: set None → 10",
            f"ann: order {ORDER} 10 → 8",
            f"channeld: order {ORDER} 8 → 7",
        ]


async def test_an_order_that_is_shipped_when_it_is_first_seen_is_taken(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(mugs(3, "SHIPPED", purchased_at=desk.shop.now))
        assert await desk.standing("MUG") == (7, 0, 7)


async def test_what_was_sold_before_the_channel_was_switched_on_is_not(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        old = NOW - 30 * DAY
        await desk.shop.apply(mugs(3, "SHIPPED", purchased_at=old))
        await desk.shop.apply(mugs(3, "SHIPPED", minutes=1, purchased_at=old))
        assert await desk.standing("MUG") == (10, 0, 10)


async def test_fba_orders_neither_reserve_nor_take(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path, fba_enabled="on") as desk:
        await stocked(desk)
        for shipped, status in ((0, "UNSHIPPED"), (3, "SHIPPED")):
            view = mugs(shipped, status, minutes=shipped, fulfilled_by="AMAZON")
            assert await desk.shop.apply(view) != ["skipped"]
            assert await desk.standing("MUG") == (10, 0, 10)


async def test_parked_orders_reserve_and_cancelled_ones_do_not(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(mugs(status="PENDING"))
        assert await desk.standing("MUG") == (10, 3, 7)
        (held,) = (await desk.shown("MUG")).reservations
        assert (held.order_id, held.channel, held.location, held.state, held.units) == (
            ORDER,
            "uk",
            "Default",
            "parked",
            3,
        )
        await desk.shop.apply(mugs(status="CANCELLED", minutes=1))
        assert await desk.standing("MUG") == (10, 0, 10)


async def test_units_that_are_cancelled_here_alone_are_reserved_no_longer(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path, order_cancellations="off") as desk:
        await stocked(desk)
        await desk.shop.apply(mugs())
        await desk.cancel(lines={"1": 2})
        assert await desk.standing("MUG") == (10, 1, 9)


async def test_units_that_amazon_is_to_cancel_stay_reserved_until_it_has(tmp_path: Path) -> None:
    """It may refuse, and then they have to be sent after all."""
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(mugs())
        asked = await desk.cancel(lines={"1": 2})
        assert await desk.standing("MUG") == (10, 3, 7)
        assert asked.row is not None
        await desk.move(asked.row.work_id, "begin", "refused")
        assert await desk.standing("MUG") == (10, 3, 7)
        await desk.retry(asked.row.work_id)
        await desk.move(asked.row.work_id, "begin", "submitted", "confirmed")
        assert await desk.standing("MUG") == (10, 1, 9)


async def test_a_parcel_that_is_taken_back_comes_back(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(mugs())
        done = await desk.process()
        assert await desk.standing("MUG") == (7, 0, 7)
        assert done.row is not None
        await desk.dismiss(done.row.work_id)
        assert await desk.standing("MUG") == (10, 3, 7)
        assert (await desk.log("MUG"))[-1] == f"ann: order {ORDER} 7 → 10"
        await desk.process(tracking="AB2")
        assert await desk.standing("MUG") == (7, 0, 7)


async def test_a_level_goes_below_zero_and_is_shown(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk, 1)
        await desk.shop.apply(mugs())
        assert await desk.standing("MUG") == (1, 3, -2)
        await desk.process()
        assert await desk.standing("MUG") == (-2, 0, -2)
        assert [row.available for row in await desk.listed(below=0)] == [-2]


async def test_what_left_before_it_was_counted_is_not_taken_later_and_does_not_come_back(
    tmp_path: Path,
) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await desk.items(fields("MUG"))
        await desk.shop.apply(mugs())
        done = await desk.process(lines={"1": 2})
        await desk.count(level("MUG", 5))
        assert await desk.standing("MUG") == (5, 1, 4)
        assert done.row is not None
        await desk.dismiss(done.row.work_id)
        assert await desk.standing("MUG") == (5, 3, 2), "nobody had taken them from the count"
        await desk.process()
        assert await desk.standing("MUG") == (2, 0, 2)


async def test_units_leave_the_location_of_the_order_only(
    tmp_path: Path,
) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await desk.shop.command(lambda unit, asked: add_location(unit, asked, "Attic"))
        await desk.items(fields("MUG"))
        await desk.count(level("MUG", 4, "Attic"))
        await desk.shop.apply(mugs())
        await desk.process()
        assert await desk.standing("MUG", "Attic") == (4, 0, 4)
        assert await desk.standing("MUG") == (None, 0, None)


async def test_units_leave_where_they_were_counted_if_that_is_offered_together_with_the_order_s_location(
    tmp_path: Path,
) -> None:
    """Else those that were sold would be offered again; and nothing is left over at the next count."""
    async with at_stock_desk(tmp_path) as desk:
        for name in ("Attic", "Shed"):
            await desk.shop.command(lambda unit, asked, name=name: add_location(unit, asked, name))
        await desk.shop.set(inventory_locations="Attic, Default, Shed")
        await desk.items(fields("MUG"))
        await desk.count(level("MUG", 4, "Attic"), level("MUG", 1, "Shed"))
        await desk.shop.apply(mugs())
        done = await desk.process()
        assert await desk.standing("MUG", "Attic") == (1, 0, 1)
        assert await desk.standing("MUG") == (None, 0, None)
        await desk.count(level("MUG", 0, "Attic"), level("MUG", 9, "Shed"))
        assert done.row is not None
        await desk.dismiss(done.row.work_id)
        assert await desk.standing("MUG", "Attic") == (3, 0, 3), "back to where they were taken from"
        assert await desk.standing("MUG", "Shed") == (9, 0, 9)


async def test_linking_and_unlinking_moves_reservations_and_no_stock(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await desk.items(fields("CUP"), fields("BOWL"))
        await desk.count(level("CUP", 10), level("BOWL", 20))
        await desk.shop.apply(mugs())
        assert await desk.standing("CUP") == (10, 0, 10)
        await desk.link("MUG", "CUP")
        assert await desk.standing("CUP") == (10, 3, 7)
        first = await desk.process(lines={"1": 1})
        assert await desk.standing("CUP") == (9, 2, 7)
        await desk.link("MUG", "BOWL")
        assert (await desk.standing("CUP"), await desk.standing("BOWL")) == ((9, 0, 9), (20, 2, 18))
        await desk.process(lines={"1": 1}, tracking="AB2")
        assert (await desk.standing("CUP"), await desk.standing("BOWL")) == ((9, 0, 9), (19, 1, 18))
        await desk.link("MUG", "")
        assert await desk.standing("BOWL") == (19, 0, 19)
        assert first.row is not None
        await desk.dismiss(first.row.work_id)
        assert (await desk.standing("CUP"), await desk.standing("BOWL")) == ((9, 0, 9), (19, 0, 19))


async def test_kits_leave_as_their_components(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await desk.items(
            fields("CUP"), fields("BOX"), kit("PAIR", "CUP", quantity=2), kit("MUG", "PAIR", "BOX")
        )
        await desk.count(level("CUP", 20), level("BOX", 4))
        assert await desk.standing("MUG") == (None, 0, 4)
        await desk.shop.apply(mugs())
        assert await desk.standing("CUP") == (20, 6, 14)
        assert await desk.standing("BOX") == (4, 3, 1)
        assert await desk.standing("MUG") == (None, 3, 1)
        assert await desk.standing("PAIR") == (None, 3, 7)
        await desk.process(lines={"1": 2})
        assert await desk.standing("CUP") == (16, 2, 14)
        assert await desk.standing("BOX") == (2, 1, 1)
        await desk.shop.apply(mugs(3, "SHIPPED", minutes=1))
        assert (await desk.standing("CUP"), await desk.standing("BOX")) == ((14, 0, 14), (1, 0, 1))


async def test_orders_of_a_removed_channel_are_still_owed_and_levels_stay(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(mugs(), mugs(status="PENDING", order_id="026-2222222-2222222"))
        assert await desk.standing("MUG") == (10, 6, 4)
        await desk.remove_channel()
        assert await desk.standing("MUG") == (10, 3, 7), "nobody will hear of the parked one again"
        await desk.process()
        assert await desk.standing("MUG") == (7, 0, 7)


What = Literal["send", "show", "cancel", "take back"]


class Step(msgspec.Struct, frozen=True):
    what: What
    line: Literal["1", "2"]
    units: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(("send", "show", "cancel", "take back")),
        st.sampled_from(("1", "2")),
        st.integers(1, 4),
    ),
    max_size=12,
)
ORDERED = {"1": 6, "2": 4}
PIECES = {"1": 1, "2": 2}
"""Line 2 is of a kit of two."""


class Walk:
    """An order of its own item and kit, as it really stands."""

    def __init__(self, desk: StockDesk, number: int) -> None:
        self.desk, self.number = desk, number
        self.order_id = f"order-{number}"
        self.sku, self.kit = f"S{number}", f"K{number}"
        self.sent = dict.fromkeys(ORDERED, 0)
        self.shown = dict.fromkeys(ORDERED, 0)
        self.cancelled = dict.fromkeys(ORDERED, 0)
        self.parcels: list[tuple[int, str, int]] = []
        self._minutes = count()

    def left(self, name: str) -> int:
        return ORDERED[name] - self.sent[name] - self.cancelled[name]

    async def begin(self) -> None:
        await self.desk.items(fields(self.sku), kit(self.kit, self.sku, quantity=2))
        await self.desk.count(level(self.sku, 100))
        await self.show()

    async def show(self) -> None:
        skus = {"1": self.sku, "2": self.kit}
        lines = tuple(line(n, skus[n], ORDERED[n], shipped=self.shown[n], item=100) for n in ORDERED)
        status = "PARTIALLY_SHIPPED" if any(self.shown.values()) else "UNSHIPPED"
        if self.shown == ORDERED:
            status = "SHIPPED"
        at = NOW + timedelta(minutes=next(self._minutes))
        await self.desk.shop.apply(an_order(status, order_id=self.order_id, lines=lines, updated_at=at))

    async def take(self, step: Step) -> None:
        name, units = step.line, min(step.units, self.left(step.line))
        match step.what:
            case "send" if units:
                tracking = f"AB{next(self._minutes)}"
                done = await self.desk.process(order_id=self.order_id, lines={name: units}, tracking=tracking)
                assert done.row is not None
                self.parcels.append((done.row.work_id, name, units))
                self.sent[name] += units
            case "show":
                self.shown[name] += min(step.units, self.sent[name] - self.shown[name])
                await self.show()
            case "cancel" if units:
                await self.desk.cancel(order_id=self.order_id, lines={name: units})
                self.cancelled[name] += units
            case "take back" if self.parcels:
                await self._take_back()
            case _:
                return

    async def _take_back(self) -> None:
        work_id, name, units = self.parcels.pop()
        is_open = (await self.desk.record(work_id)).state is State.QUEUED
        if is_open and self.sent[name] - units >= self.shown[name]:
            await self.desk.dismiss(work_id)
            self.sent[name] -= units

    async def check(self, step: Step | None) -> None:
        physical = 100 - sum(self.sent[n] * PIECES[n] for n in ORDERED)
        held = sum(self.left(n) * PIECES[n] for n in ORDERED)
        assert await self.desk.standing(self.sku) == (physical, held, physical - held), step


async def test_however_units_leave_and_come_back_each_counts_once(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path, order_cancellations="off") as desk:
        runs = count()

        @settings(max_examples=30, deadline=None, derandomize=True)
        @given(STEPS)
        def happen(steps: list[Step]) -> None:
            anyio.from_thread.run(_happens, Walk(desk, next(runs)), steps)

        await anyio.to_thread.run_sync(happen)


async def _happens(walk: Walk, steps: list[Step]) -> None:
    await walk.begin()
    for step in steps:
        await walk.take(step)
        await walk.check(step)


FIRST_WORK = 100_001
STORY = ("items", "count", "order", "send", "take back", "send again", "shown", "recount")


async def tell(desk: StockDesk, steps: int) -> None:
    """So much of a story; whoever tells it again uses the same command ids, and Amazon shows the same."""
    for step in STORY[:steps]:
        match step:
            case "items":
                await desk.items(fields("MUG"))
            case "count":
                await desk.count(level("MUG", 10))
            case "order":
                await desk.shop.apply(mugs())
            case "send":
                await desk.process(lines={"1": 2})
            case "take back":
                await desk.dismiss(FIRST_WORK)
            case "send again":
                await desk.process(lines={"1": 1}, tracking="AB2")
            case "shown":
                await desk.shop.apply(mugs(3, "SHIPPED", minutes=5))
            case _:
                await desk.count(level("MUG", 2), mode="add")


@pytest.mark.parametrize("steps", range(len(STORY) + 1))
async def test_whoever_dies_after_any_commit_takes_nothing_twice(tmp_path: Path, steps: int) -> None:
    """Each step is one unit of work; what a death leaves is what was committed before."""
    async with at_stock_desk(tmp_path) as desk:
        await tell(desk, steps)
    async with at_stock_desk(tmp_path) as desk:
        await tell(desk, len(STORY))
        assert await desk.standing("MUG") == (9, 0, 9)
        assert await desk.log("MUG") == [
            "ann: set None → 10",
            f"ann: order {ORDER} 10 → 8",
            f"ann: order {ORDER} 8 → 10",
            f"ann: order {ORDER} 10 → 9",
            f"channeld: order {ORDER} 9 → 7",
            "ann: adjusted 7 → 9",
        ]
