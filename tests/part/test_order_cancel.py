"""An order is cancelled: looked at first, written down, queued or kept here (semantics C2)."""

from pathlib import Path
from typing import Any

import pytest

from channel_protocol.base import Refused
from channel_protocol.order_answers import CancelOrder, LineUnits, OrderCancelled, ProcessOrder
from channeld.domain.ledger.effects import Cancel
from channeld.store import order_history
from tests.support.answering import POT, Desk, an_order, at_desk, line
from tests.support.book_shop import ORDER
from tests.support.domain_orders import HOUR, NOW, order


async def refused(desk: Desk, **said: Any) -> Refused:
    """The refusal of a cancellation; nothing of it is done."""
    before, work = await desk.shop.texts(), await desk.work()
    lines = tuple(LineUnits(line=name, quantity=units) for name, units in said.pop("lines", {}).items())
    facts: dict[str, Any] = {"reason": "NoInventory"} | said
    answer = await desk.office.refused(
        CancelOrder(command_id=desk.new_id(), order_id=ORDER, lines=lines, **facts)
    )
    assert (await desk.shop.texts(), await desk.work()) == (before, work)
    return answer


def problems(answer: Refused) -> dict[str, str]:
    return {problem.key: problem.message for problem in answer.problems}


async def test_a_whole_order_is_cancelled_at_amazon(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        done = await desk.cancel()
        assert (done.done, done.outcome, done.amount, done.currency) == (True, "queued", 4700, "GBP")
        assert not done.here_only
        assert done.row is not None
        assert (done.row.route, done.row.summary) == ("feed", "cancel 4 units: NoInventory")
        effect = (await desk.record(done.row.work_id)).effect
        assert isinstance(effect, Cancel)
        assert effect.whole_lines == ("1", "2")
        assert await desk.told() == ["ann: Cancellation of 4 units: NoInventory"]


async def test_looking_changes_nothing_and_tells_what_the_deed_does(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        for lines in ({"MUG": 2}, {"MUG": 1, "POT": 1}):
            before = await desk.shop.texts()
            look = await desk.cancel(lines=lines, preview=True)
            assert (look.done, look.outcome, look.row) == (False, "preview", None)
            assert await desk.shop.texts() == before
            deed = await desk.cancel(lines=lines)
            assert (deed.lines, deed.amount) == (look.lines, look.amount)
        assert [row.kind for row in await desk.work()] == ["cancellation"] * 2


async def test_units_of_a_line_go_one_after_another_to_the_penny(tmp_path: Path) -> None:
    mugs = line("1", "MUG", 3, item=1000, tax=167, tax_item=167, shipping=250)
    async with at_desk(tmp_path, an_order(lines=(mugs, POT))) as desk:
        amounts = [(await desk.cancel(lines={"MUG": 1})).amount for _ in range(3)]
        assert amounts == [333, 333, 334 + 250], "shipping goes with the last"
        assert len({row.work_id for row in await desk.work()}) == 3
        (last,) = [row for row in await desk.work() if row.summary and row.work_id == 100_003]
        effect = (await desk.record(last.work_id)).effect
        assert isinstance(effect, Cancel)


async def test_yen_have_no_decimals(tmp_path: Path) -> None:
    japanese = order(
        lines=(line("1", "MUG", 3, item=1000, tax=91, tax_item=91),),
        currency="JPY",
        marketplace_id="A1VC38T7YXB528",
    )
    async with at_desk(tmp_path, japanese, code="JP") as desk:
        assert [(await desk.cancel(lines={"MUG": n})).amount for n in (1, 2)] == [333, 667]


async def test_with_cancellations_off_it_stays_here(tmp_path: Path) -> None:
    async with at_desk(tmp_path, order_cancellations="off") as desk:
        look = await desk.cancel(lines={"POT": 1}, preview=True)
        done = await desk.cancel(lines={"POT": 1})
        assert (done.outcome, done.row) == ("not sent", None)
        assert "Amazon is not told" in look.message
        for answer in (look, done):
            assert (answer.here_only, answer.amount) == (True, None), "its buyer gets nothing back by it"
            assert answer.lines == (LineUnits(line="2", quantity=1, sku="POT"),)
        assert await desk.told() == [
            "ann: Cancellation of 1 unit: NoInventory",
            "ann: Cancellation not sent: cancellations disabled",
        ]
        assert await desk.work() == ()
        assert (await desk.process()).parcel == (LineUnits(line="1", quantity=3, sku="MUG"),), (
            "the pot is not sent"
        )


async def test_on_a_disabled_channel_it_is_rejected(tmp_path: Path) -> None:
    async with at_desk(tmp_path, enabled="off") as desk:
        look = await desk.cancel(preview=True)
        done = await desk.cancel()
        assert done.outcome == "rejected"
        for answer in (look, done):
            assert (answer.here_only, answer.amount) == (True, None)
        assert (await desk.told())[-1].startswith(
            "ann: Cancellation rejected: the channel is removed or disabled"
        )
        assert await desk.work(open=True) == ()


@pytest.mark.parametrize(
    ("status", "more", "why"),
    [
        ("PENDING", {}, "pending"),
        ("CANCELLED", {}, "cancelled already"),
        ("SHIPPED", {"lines": (line("1", "MUG", 1, shipped=1),)}, "refund"),
        ("PARTIALLY_SHIPPED", {"lines": (line("1", "MUG", 2, shipped=1),)}, "refund"),
        ("UNSHIPPED", {"fulfilled_by": "AMAZON"}, "Amazon"),
    ],
)
async def test_what_cannot_be_cancelled_is_refused_with_advice(
    status: str, more: dict[str, Any], why: str, tmp_path: Path
) -> None:
    seen_before = order(updated_at=NOW - HOUR, lines=(line("1", "MUG", 1),))
    first = () if more.get("fulfilled_by") else (seen_before,)
    async with at_desk(tmp_path, *first, order(status, **more), fba_enabled="on") as desk:
        assert why in problems(await refused(desk))["order_id"]


async def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        answer = await refused(desk, reason="NoInventry", lines={"MUG": 4, "TEA": 1})
        assert set(problems(answer)) == {"reason", "lines.MUG", "lines.TEA"}
        assert next(p.nearest for p in answer.problems if p.key == "reason") == "NoInventory"


async def test_the_same_twice_is_refused_and_names_the_first(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        first = await desk.cancel(lines={"MUG": 3})
        assert first.row is not None
        answer = await refused(desk, lines={"MUG": 3})
        assert str(first.row.work_id) in answer.hint
        await desk.move(first.row.work_id, "begin", "refused")
        answer = await refused(desk, lines={"MUG": 3})
        assert f"channelctl work retry {first.row.work_id}" in answer.hint


async def test_a_parcel_that_was_processed_is_not_cancelled(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        parcel = await desk.process(lines={"MUG": 3})
        assert parcel.row is not None
        answer = await refused(desk, lines={"MUG": 1})
        assert f"channelctl work dismiss {parcel.row.work_id}" in answer.hint
        assert (await desk.cancel(lines={"POT": 1})).done, "what has not left may be cancelled"


async def test_what_is_cancelled_is_not_sent(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await desk.cancel(lines={"MUG": 3})
        assert (await desk.process()).parcel == (LineUnits(line="2", quantity=1, sku="POT"),)
        answer = await desk.office.refused(
            ProcessOrder(command_id=desk.new_id(), order_id=ORDER, carrier="DPD")
        )
        assert "nothing left" in answer.problems[0].message


async def test_a_file_that_is_loaded_anew_is_not_a_second_wish(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        said: dict[str, Any] = {"order_id": ORDER, "reason": "NoInventory"}
        deed = CancelOrder(command_id="row-of-a-file", **said)
        look = CancelOrder(command_id="row-of-a-file.look", preview=True, deed_id="row-of-a-file", **said)
        assert not (await desk.office.ask(look, OrderCancelled)).done
        done = await desk.office.ask(deed, OrderCancelled)
        assert await desk.office.ask(look, OrderCancelled) == done
        assert await desk.office.ask(deed, OrderCancelled) == done
        assert len(await desk.work()) == 1


async def test_parts_of_lines_need_amazons_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channeld.commands.withdrawing.PARTIAL_CANCEL_BY_QUANTITY", False)
    async with at_desk(tmp_path) as desk:
        assert "whole" in problems(await refused(desk, lines={"MUG": 1}))["lines.1"]
        assert (await desk.cancel(lines={"MUG": 3})).done


async def test_units_can_be_sent_after_their_cancellation_was_dismissed(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        done = await desk.cancel(lines={"MUG": 3})
        assert done.row is not None
        parcels = await desk.process()
        assert parcels.left == 0
        await desk.dismiss(done.row.work_id)
        assert (await desk.process()).parcel == (LineUnits(line="1", quantity=3, sku="MUG"),)
        record = await desk.shop.order()
        kept = await desk.shop.store.read(lambda c: order_history.withdrawals(c, [record.id]))
        assert [each.reason for each in kept] == ["NoInventory"]
