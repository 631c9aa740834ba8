"""Several cancellations of units of one line: each is told, and each is proved by units of its own (C2)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import msgspec
import pytest

from channel_protocol.work import RetryWork
from channeld.book.ledger.as_sent import as_sent
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.moves import AuditStamp, failed
from channeld.domain.ledger.doubt import NOT_SEEN
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


async def see(desk: Desk, mugs: IncomingLine, other: IncomingLine = POT) -> None:
    """Amazon shows them like that now."""
    later = an_order(lines=(mugs, other))
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
async def with_mugs(
    folder: Path, mugs: IncomingLine = MUGS, other: IncomingLine = POT
) -> AsyncGenerator[Desk]:
    async with at_desk(folder, an_order(lines=(mugs, other))) as desk:
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


async def test_what_was_refused_is_done_when_amazon_shows_it_as_cancelled(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        refused = await ask(desk, 3, *TOLD, "refused")
        await see(desk, MUGS)
        assert await states(desk, refused) == [State.NEEDS_ATTENTION]
        await see(desk, msgspec.structs.replace(left(0), cancelled=True))
        assert await states(desk, refused) == [State.CONFIRMED]


async def test_a_part_that_was_refused_takes_no_units_from_another(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        refused = await ask(desk, 1, *TOLD, "refused")
        other = await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        assert await states(desk, refused, other) == [State.NEEDS_ATTENTION, State.CONFIRMED]


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


ITEMS = ("ItemCode>1<", "ItemCode>3<")
CUPS = line("3", "CUP", 3, item=900)


async def ask_both(desk: Desk) -> int:
    """A cancellation of a mug and a cup, which Amazon was told of."""
    done = await desk.cancel(lines={"MUG": 1, "CUP": 1})
    assert done.row is not None
    await desk.move(done.row.work_id, *TOLD)
    return done.row.work_id


def fewer(cups: int) -> IncomingLine:
    return msgspec.structs.replace(CUPS, unfulfilled=cups)


async def test_a_unit_proves_one_line_of_a_cancellation_while_another_is_waited_for(tmp_path: Path) -> None:
    async with with_mugs(tmp_path, other=CUPS) as desk:
        both = await ask_both(desk)
        await see(desk, left(2), CUPS)
        mug = await ask(desk, 1, *TOLD)
        await see(desk, left(2), CUPS)
        assert await states(desk, both, mug) == [State.SUBMITTED, State.SUBMITTED]
        await see(desk, left(1), CUPS)
        assert await states(desk, both, mug) == [State.SUBMITTED, State.CONFIRMED]
        await see(desk, left(1), fewer(2))
        assert await states(desk, both) == [State.CONFIRMED]


async def test_what_amazon_has_done_of_it_is_not_told_again(tmp_path: Path) -> None:
    async with with_mugs(tmp_path, other=CUPS) as desk:
        both = await ask_both(desk)
        assert [item in await told(desk, both) for item in ITEMS] == [True, True]
        await see(desk, left(2), CUPS)
        assert [item in await told(desk, both) for item in ITEMS] == [False, True]


async def told(desk: Desk, work_id: int) -> str:
    """The message about it, as the next feed would have it."""
    return as_sent(await desk.record(work_id), seller_id="S", marketplace_id="M").split("StatusCode")[-1]


async def never_seen(desk: Desk, units: int = 1) -> int:
    """A cancellation that Amazon took and did not show in time."""
    work_id = await ask(desk, units, *TOLD)
    record = await desk.record(work_id)
    failure = Failure(code=NOT_SEEN, reason="Amazon does not show it.", lasting=True)
    stamp = AuditStamp(now=desk.shop.now)
    await desk.shop.store.write(lambda unit: failed(unit, record, stamp, failure))
    return work_id


async def test_what_needs_a_person_is_confirmed_when_amazon_shows_it_late(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        part = await never_seen(desk)
        await see(desk, MUGS)
        assert await states(desk, part) == [State.NEEDS_ATTENTION]
        await see(desk, left(2))
        assert await states(desk, part) == [State.CONFIRMED]
        assert "after all" in (await desk.told())[-1]


async def test_one_unit_that_is_gone_late_proves_the_older_one_only(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        late = await never_seen(desk)
        other = await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        assert await states(desk, late, other) == [State.CONFIRMED, State.SUBMITTED]
        await see(desk, left(1))
        assert await states(desk, other) == [State.CONFIRMED]


async def test_one_that_may_come_late_takes_no_proof_that_is_too_small_for_it(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        late = await never_seen(desk, 2)
        other = await ask(desk, 1, *TOLD)
        await see(desk, left(2))
        assert await states(desk, late, other) == [State.NEEDS_ATTENTION, State.CONFIRMED]
        await see(desk, left(0))
        assert await states(desk, late) == [State.CONFIRMED]


async def test_units_that_may_be_cancelled_late_are_told_again_only_by_force_and_after_a_look(
    tmp_path: Path,
) -> None:
    async with with_mugs(tmp_path) as desk:
        part = await never_seen(desk)
        answer = await desk.office.refused(RetryWork(command_id=desk.new_id(), work_ids=(part,)))
        assert answer.code == "in_doubt"
        assert "--force" in answer.hint
        (row,) = await desk.retry(part, force=True)
        assert (row.state, row.route) == ("queued", ""), "no feed takes it yet"
        assert "read first" in row.reason
        await see(desk, left(2))
        assert await states(desk, part) == [State.CONFIRMED]


async def test_a_repeat_that_was_refused_leaves_open_what_was_told_before_it(tmp_path: Path) -> None:
    async with with_mugs(tmp_path) as desk:
        part = await never_seen(desk)
        for _ in range(2):
            await desk.retry(part, force=True)
            await desk.move(part, *TOLD, "refused")
            answer = await desk.office.refused(RetryWork(command_id=desk.new_id(), work_ids=(part,)))
            assert answer.code == "in_doubt", "it may be cancelled yet"
        await see(desk, left(2))
        assert await states(desk, part) == [State.CONFIRMED]
