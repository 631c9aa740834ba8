"""Several cancellations of units of one line: each is told, and each is proved by units of its own (C2)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import msgspec
import pytest

from channeld.domain.ledger.effects import Cancel
from channeld.domain.ledger.states import State
from channeld.domain.order import IncomingLine
from tests.support.answering import POT, Desk, an_order, at_desk, line
from tests.support.domain_orders import MINUTE

MUGS = line("1", "MUG", 3, item=3000, tax=500, tax_item=500)
_views = count(1)


def left(units: int) -> IncomingLine:
    """So many of the three mugs are still to be sent."""
    return msgspec.structs.replace(MUGS, unfulfilled=units)


async def see(desk: Desk, mugs: IncomingLine) -> None:
    """Amazon shows them like that now."""
    later = an_order(lines=(mugs, POT))
    at = later.updated_at + next(_views) * MINUTE
    await desk.shop.apply(msgspec.structs.replace(later, updated_at=at))


async def ask(desk: Desk, units: int = 1, *events: str) -> int:
    """A cancellation of so many mugs, and what has become of it."""
    done = await desk.cancel(lines={"MUG": units})
    assert done.row is not None
    await desk.move(done.row.work_id, *events)
    return done.row.work_id


async def states(desk: Desk, *work_ids: int) -> list[State]:
    return [(await desk.record(each)).state for each in work_ids]


async def whole_lines(desk: Desk, work_id: int) -> tuple[str, ...]:
    effect = (await desk.record(work_id)).effect
    assert isinstance(effect, Cancel)
    return effect.whole_lines


@asynccontextmanager
async def with_mugs(folder: Path, mugs: IncomingLine = MUGS) -> AsyncGenerator[Desk]:
    async with at_desk(folder, an_order(lines=(mugs, POT))) as desk:
        yield desk


TOLD = ("begin", "submitted")


@pytest.mark.parametrize("after", [msgspec.structs.replace(left(2), quantity=2), left(2)])
async def test_a_part_is_confirmed_when_amazon_shows_fewer_units(after: IncomingLine, tmp_path: Path) -> None:
    """Whether it then shows them as fewer ordered or as fewer open is not written down: both count."""
    async with with_mugs(tmp_path) as desk:
        part = await ask(desk, 1, *TOLD)
        await see(desk, after)
        assert await states(desk, part) == [State.CONFIRMED]


@pytest.mark.parametrize("events", [(), ("begin",)])
async def test_a_part_of_which_amazon_was_not_told_is_proved_by_nothing(
    events: tuple[str, ...], tmp_path: Path
) -> None:
    async with with_mugs(tmp_path) as desk:
        part = await ask(desk, 1, *events)
        await see(desk, left(2))
        assert State.CONFIRMED not in await states(desk, part)


async def test_what_was_cancelled_before_it_was_asked_for_proves_nothing(tmp_path: Path) -> None:
    async with with_mugs(tmp_path, left(2)) as desk:
        part = await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        assert await states(desk, part) == [State.SUBMITTED]
        await see(desk, left(1))
        assert await states(desk, part) == [State.CONFIRMED]


async def test_a_second_part_is_not_proved_by_the_first(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        second = await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        assert await states(desk, second) == [State.SUBMITTED]
        await see(desk, left(1))
        assert await states(desk, second) == [State.CONFIRMED]


async def test_one_cancelled_unit_proves_the_older_of_two(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        two = [await ask(desk, 1, *TOLD) for _ in range(2)]
        await see(desk, left(2))
        assert await states(desk, *two) == [State.CONFIRMED, State.SUBMITTED]
        await see(desk, left(2))
        assert await states(desk, *two) == [State.CONFIRMED, State.SUBMITTED]
        await see(desk, left(1))
        assert await states(desk, *two) == [State.CONFIRMED, State.CONFIRMED]


async def test_of_two_the_one_that_failed_takes_no_units_from_the_other(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        failed = await ask(desk, 1, "begin", "refused")
        other = await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        assert await states(desk, failed, other) == [State.NEEDS_ATTENTION, State.CONFIRMED]
        await desk.retry(failed)
        await desk.move(failed, *TOLD)
        await see(desk, left(2))
        assert await states(desk, failed) == [State.SUBMITTED], "the unit that is gone was the other's"
        await see(desk, left(1))
        assert await states(desk, failed) == [State.CONFIRMED]


async def test_the_last_of_a_line_is_told_as_units_while_another_part_may_fail(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        first = await ask(desk, 2)
        last = await ask(desk, 1)
        assert await whole_lines(desk, last) == ()
        await desk.dismiss(first)
        again = await ask(desk, 2)
        assert await whole_lines(desk, again) == ()


async def test_the_last_that_amazon_shows_of_a_line_is_a_whole_line(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        await ask(desk, 2, *TOLD)
        await see(desk, left(1))
        assert await whole_lines(desk, await ask(desk, 1)) == ("1",)


async def test_a_refund_of_the_last_units_is_told_as_units_too(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        await ask(desk, 2)
        done = await desk.refund()
        assert done.done
        last = max(row.work_id for row in await desk.work(kind="cancellation"))
        assert await whole_lines(desk, last) == ("2",), "one mug of three, and the pot"
