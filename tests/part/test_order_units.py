"""Units left of a line are those ordered, less those sent and those cancelled, each once (C1, C2)."""

from itertools import count
from pathlib import Path
from typing import Literal

import anyio.from_thread
import anyio.to_thread
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channel_protocol.order_answers import RefundPart
from channeld.commands.outbound import answerable
from channeld.domain.order import Amounts, IncomingLine, IncomingOrder
from channeld.domain.order_units import left_of
from tests.support.answering import Desk, an_order, at_desk, line
from tests.support.domain_orders import MINUTE

ORDERED = 6
MUGS = line("1", "MUG", ORDERED, item=6000, tax=1000, tax_item=1000)
WHAT = ("send", "cancel", "elsewhere", "seen", "sent seen", "late")
What = Literal["send", "cancel", "elsewhere", "seen", "sent seen", "late"]


class Step(msgspec.Struct, frozen=True):
    """Something happens, with so many units; `lowers`: Amazon shows fewer as ordered."""

    what: What
    units: int
    lowers: bool


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(WHAT),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=12,
)


class Line:
    """Six mugs, as they really stand, as Amazon has shown them, and as the book counts them."""

    def __init__(self, desk: Desk, order_id: str) -> None:
        self.desk, self.order_id = desk, order_id
        self.sent = self.withdrawn = self.elsewhere = 0
        self.shown_sent = self.shown_cancelled = 0
        self._minutes = count(1)
        self._first: IncomingOrder | None = None

    @property
    def left(self) -> int:
        return ORDERED - self.sent - self.withdrawn - self.elsewhere

    async def counted(self) -> int:
        def read(connection: object) -> int:
            order = answerable(connection, self.order_id, None)  # pyright: ignore[reportArgumentType] (read's)
            (facts,) = order.facts.lines
            return left_of(facts, order.history.local_units)

        return await self.desk.shop.store.read(read)

    async def show(self, *, lowers: bool, old: bool = False) -> None:
        """Amazon's view, now; or one that was made before all others and comes late."""
        quantity = ORDERED - (self.shown_cancelled if lowers else 0)
        mugs = msgspec.structs.replace(
            MUGS,
            quantity=quantity,
            fulfilled=self.shown_sent,
            unfulfilled=ORDERED - self.shown_cancelled - self.shown_sent,
        )
        status = "PARTIALLY_SHIPPED" if self.shown_sent else "UNSHIPPED"
        if not (mugs.fulfilled or mugs.unfulfilled):
            status = "CANCELLED"
        elif not mugs.unfulfilled:
            status = "SHIPPED"
        view = self._view(mugs, status)
        await self.desk.shop.apply(self._first if old and self._first else view)
        self._first = self._first or view

    def _view(self, mugs: IncomingLine, status: str) -> IncomingOrder:
        view = an_order(status, order_id=self.order_id, lines=(mugs,))
        return msgspec.structs.replace(view, updated_at=view.updated_at + next(self._minutes) * MINUTE)

    async def take(self, step: Step) -> None:
        units = min(step.units, self.left)
        can_answer = units and not self.is_over
        match step.what:
            case "send" if can_answer:
                tracking = f"AB{next(self._minutes)}"
                await self.desk.process(order_id=self.order_id, lines={"1": units}, tracking=tracking)
                self.sent += units
            case "cancel" if can_answer:
                await self._cancel(units)
            case "elsewhere" if can_answer and self.shown_cancelled == self.withdrawn + self.elsewhere:
                self.elsewhere += units
                self.shown_cancelled += units
                await self.show(lowers=step.lowers)
            case "seen":
                pending = self.withdrawn + self.elsewhere - self.shown_cancelled
                self.shown_cancelled += min(step.units, pending)
                await self.show(lowers=step.lowers)
            case "sent seen":
                self.shown_sent += min(step.units, self.sent - self.shown_sent)
                await self.show(lowers=step.lowers)
            case "late":
                await self.show(lowers=step.lowers, old=True)
            case _:
                return

    @property
    def is_over(self) -> bool:
        """Amazon shows nothing more of it as to be sent."""
        return self.shown_sent + self.shown_cancelled == ORDERED

    async def _cancel(self, units: int) -> None:
        done = await self.desk.cancel(order_id=self.order_id, lines={"1": units})
        assert done.row is not None
        await self.desk.move(done.row.work_id, "begin", "submitted")
        self.withdrawn += units


async def test_however_amazons_view_changes_each_unit_counts_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        runs = count()

        @settings(max_examples=40, deadline=None, derandomize=True)
        @given(STEPS)
        def happen(steps: list[Step]) -> None:
            anyio.from_thread.run(_happens, Line(desk, f"order-{next(runs)}"), steps)

        await anyio.to_thread.run_sync(happen)


async def _happens(mugs: Line, steps: list[Step]) -> None:
    await mugs.show(lowers=False)
    for step in steps:
        await mugs.take(step)
        assert await mugs.counted() == mugs.left, step


@pytest.mark.parametrize("lowers", [True, False])
async def test_the_rest_of_a_line_can_be_sent_when_a_part_of_it_was_cancelled(
    lowers: bool, tmp_path: Path
) -> None:
    async with at_desk(tmp_path) as desk:
        mugs = Line(desk, "order-1")
        await mugs.show(lowers=False)
        await mugs.take(Step("cancel", 2, lowers))
        await mugs.take(Step("seen", 2, lowers))
        done = await desk.process(order_id="order-1")
        assert [(part.line, part.quantity) for part in done.parcel] == [("1", 4)]


@pytest.mark.parametrize("lowers", [True, False])
async def test_the_rest_of_a_line_can_be_cancelled_and_is_all_of_it(lowers: bool, tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        mugs = Line(desk, "order-1")
        await mugs.show(lowers=False)
        await mugs.take(Step("elsewhere", 1, lowers))
        await mugs.take(Step("cancel", 2, lowers))
        await mugs.take(Step("seen", 2, lowers))
        done = await desk.cancel(order_id="order-1")
        assert [(part.line, part.quantity) for part in done.lines] == [("1", 3)]
        assert done.amount is not None
        assert done.row is not None
        assert (await desk.record(done.row.work_id)).effect.whole_lines == ("1",)  # type: ignore[union-attr]


async def test_an_older_view_that_comes_late_tells_how_many_were_ordered(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        older = an_order(order_id="order-1", lines=(MUGS,))
        three = msgspec.structs.replace(MUGS, quantity=3, unfulfilled=3)
        later = msgspec.structs.replace(older, lines=(three,), updated_at=older.updated_at + MINUTE)
        for view in (later, older):
            await desk.shop.apply(view)
        (booked,) = (await desk.shop.order("order-1")).lines
        assert (booked.quantity, booked.ordered) == (3, ORDERED)
        assert (await desk.process(order_id="order-1")).parcel[0].quantity == 3


async def _see(desk: Desk, status: str, mugs: IncomingLine, minutes: int) -> None:
    later = an_order(status, order_id="order-1", lines=(mugs,))
    await desk.shop.apply(msgspec.structs.replace(later, updated_at=later.updated_at + minutes * MINUTE))


async def test_money_is_for_the_units_that_amazon_shows_it_for(tmp_path: Path) -> None:
    """Four of six are left and were sent, and their 40.00 can be given back: not less, not more."""
    async with at_desk(tmp_path) as desk:
        mugs = Line(desk, "order-1")
        await mugs.show(lowers=False)
        await mugs.take(Step("cancel", 2, lowers=True))
        money = Amounts(item=4000, tax=667, tax_item=667, total=4000)
        four = msgspec.structs.replace(MUGS, quantity=4, unfulfilled=4, amounts=money)
        await _see(desk, "UNSHIPPED", four, 8)
        assert (await desk.cancel(order_id="order-1", preview=True)).amount == 4000
        assert (await desk.refund(order_id="order-1", preview=True)).amount == 4000
        await _see(desk, "SHIPPED", msgspec.structs.replace(four, fulfilled=4, unfulfilled=0), 9)
        one = await desk.refund(RefundPart(line="MUG", quantity=1), order_id="order-1")
        rest = await desk.refund(order_id="order-1")
        assert (one.amount, rest.amount) == (1000, 3000)
