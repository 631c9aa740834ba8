"""An order is processed: what is written down, queued, and said in the audit trail (semantics C1, I15)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channel_protocol.order_answers import LineUnits, OrderProcessed, ProcessOrder
from channeld.commands.channels import remove_channel
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.kinds import DESPATCH
from channeld.store import ledger_due, order_history
from tests.support.answering import POT, Desk, an_order, at_desk, line
from tests.support.book_shop import ORDER
from tests.support.domain_orders import DAY, HOUR, NOW, order

PROCESSED = "ann: Order processed: 4 units"


async def refusal(desk: Desk, **said: Any) -> dict[str, str]:
    """The problems of a parcel that is refused; nothing of it is done."""
    before = await desk.shop.texts()
    lines = tuple(LineUnits(line=name, quantity=units) for name, units in said.pop("lines", {}).items())
    facts: dict[str, Any] = {"carrier": "Royal Mail"} | said
    request = ProcessOrder(command_id=desk.new_id(), order_id=ORDER, lines=lines, **facts)
    refused = await desk.office.refused(request)
    assert refused.hint
    assert await desk.work() == ()
    assert await desk.shop.texts() == before
    record = await desk.shop.order()
    assert await desk.shop.store.read(lambda c: order_history.parcels(c, [record.id])) == []
    return {problem.key: problem.message for problem in refused.problems}


async def test_a_whole_order_is_queued_with_its_ship_time(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        done = await desk.process()
        assert (done.outcome, done.left) == ("queued", 0)
        assert done.parcel == (
            LineUnits(line="1", quantity=3, sku="MUG"),
            LineUnits(line="2", quantity=1, sku="POT"),
        )
        assert done.row is not None
        assert done.row.work_id > 100_000, "small references are Seller Central's own"
        assert done.row.summary == "4 units by Royal Mail Tracked 24, AB1"
        assert (done.row.state, done.row.held, done.row.deadline) == ("queued", "", NOW + 2 * DAY)
        effect = (await desk.record(done.row.work_id)).effect
        assert isinstance(effect, Despatch)
        assert effect.shipped_at == NOW
        assert await desk.told() == [PROCESSED], "nothing is said of a note before it is sent"
        due = await desk.shop.store.read(lambda c: ledger_due.calls(c, 1, DESPATCH.name, NOW, 10))
        assert [record.id for record in due] == [done.row.work_id]


async def test_an_untracked_parcel_waits_for_a_feed(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        done = await desk.process(tracking="")
        assert done.row is not None
        assert (done.row.route, done.row.summary) == ("feed", "4 units by Royal Mail Tracked 24, untracked")
        assert "by feed" in done.message


async def test_every_parcel_has_a_note_of_its_own(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        first = await desk.process(lines={"MUG": 2}, shipped_at=NOW - HOUR / 2)
        assert first.left == 2
        second = await desk.process(lines={"1": 1}, tracking="AB2")
        assert second.left == 1
        last = await desk.process()
        assert (last.left, last.parcel) == (0, (LineUnits(line="2", quantity=1, sku="POT"),))
        rows = [each.row for each in (first, second, last) if each.row]
        assert len({row.work_id for row in rows}) == 3
        assert "nothing left" in (await refused_again(desk))["order_id"]


async def refused_again(desk: Desk) -> dict[str, str]:
    request = ProcessOrder(command_id=desk.new_id(), order_id=ORDER, carrier="DPD")
    return {problem.key: problem.message for problem in (await desk.office.refused(request)).problems}


async def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        problems = await refusal(
            desk,
            carrier=None,
            service="Secnd",
            tracking="x" * 61,
            lines={"MUG": 4, "TEA": 1, "2": 0},
            shipped_at=NOW + HOUR,
        )
        assert set(problems) == {
            "service",
            "tracking",
            "lines.MUG",
            "lines.TEA",
            "lines.2",
            "shipped_at",
        }


async def test_an_unmapped_service_is_asked_about_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        problem = (await refusal(desk, carrier=None, service="Second"))["service"]
        assert 'channelctl mapping despatch set uk Second "CARRIER / METHOD"' in problem
        done = await desk.process(carrier=None, service="first")
        assert done.row is not None
        assert done.row.summary == "4 units by Royal Mail 1st Class, AB1"


@pytest.mark.parametrize(
    ("status", "more", "why"),
    [
        ("PENDING", {}, "pending"),
        ("CANCELLED", {}, "cancelled"),
        ("UNSHIPPED", {"fulfilled_by": "AMAZON"}, "Amazon"),
        ("SHIPPED", {"lines": (line("1", "MUG", 1, shipped=1),)}, "force"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    status: str, more: dict[str, Any], why: str, tmp_path: Path
) -> None:
    async with at_desk(tmp_path, an_order(status, **more), fba_enabled="on") as desk:
        assert why in (await refusal(desk))["order_id"]


async def test_a_ship_time_is_within_the_orders_life(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        assert "future" in (await refusal(desk, shipped_at=NOW + timedelta(seconds=1)))["shipped_at"]
        assert "purchase" in (await refusal(desk, shipped_at=NOW - 2 * HOUR))["shipped_at"]


@pytest.mark.parametrize("enabled", ["on", "off"])
async def test_without_despatch_notes_amazon_is_told_nothing(enabled: str, tmp_path: Path) -> None:
    async with at_desk(tmp_path, despatch_notes="off", enabled=enabled) as desk:
        done = await desk.process(carrier=None, service="my own van")
        assert (done.outcome, done.row, done.left) == ("not required", None, 0)
        assert await desk.told() == [PROCESSED, "ann: No Despatch required"]
        await desk.shop.set(despatch_notes="on", enabled="on")
        assert await desk.work() == (), "the setting at processing time decides"
        assert "nothing left" in (await refused_again(desk))["order_id"]


async def test_a_disabled_channel_rejects_the_note_for_good(tmp_path: Path) -> None:
    async with at_desk(tmp_path, enabled="off") as desk:
        done = await desk.process()
        assert (done.outcome, done.left) == ("rejected", 0)
        assert done.row is not None
        assert (done.row.state, done.row.held) == ("rejected", "")
        assert await desk.told() == [PROCESSED, "ann: Despatch Rejected (channel uk is disabled)"]
        await desk.shop.set(enabled="on")
        assert await desk.work(open=True) == (), "it is not sent when the channel is on again"


async def test_an_order_of_a_removed_channel_is_rejected_too(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await desk.shop.command(lambda unit, asked: remove_channel(unit, asked, "uk"))
        done = await desk.process(carrier=None, service="unmapped")
        assert done.outcome == "rejected"
        assert (await desk.told())[-1] == "ann: Despatch Rejected (channel uk is removed)"


async def test_in_dry_run_it_is_queued_and_held(tmp_path: Path) -> None:
    async with at_desk(tmp_path, dry_run="on") as desk:
        done = await desk.process()
        assert done.row is not None
        assert (done.outcome, done.row.held) == ("queued", "dry run")
        assert "held: dry run" in done.message
        await desk.shop.set(dry_run="off")
        (row,) = await desk.work()
        assert row.held == ""


async def test_a_double_click_is_one_parcel(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        request = ProcessOrder(command_id="the-same-click", order_id=ORDER, carrier="DPD")
        first = await desk.office.ask(request, OrderProcessed)
        assert await desk.office.ask(request, OrderProcessed) == first
        assert len(await desk.work()) == 1


async def test_a_command_that_comes_again_in_other_capitals_is_done_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        request = ProcessOrder(
            command_id="row-of-a-file", order_id=ORDER, carrier="DPD", service="Next day", tracking="ab1"
        )
        first = await desk.office.ask(request, OrderProcessed)
        again = msgspec.structs.replace(request, carrier="dpd", service="NEXT DAY", tracking="AB1")
        assert await desk.office.ask(again, OrderProcessed) == first
        other = msgspec.structs.replace(request, tracking="AB2")
        assert (await desk.office.refused(other)).code == "command_id_reused"


async def test_the_same_parcel_once_more_is_asked_about(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        first = await desk.process(lines={"MUG": 1})
        said: dict[str, Any] = {"order_id": ORDER, "carrier": "DPD", "tracking": "ab 1"}
        again = ProcessOrder(command_id=desk.new_id(), lines=(LineUnits(line="MUG", quantity=1),), **said)
        answer = await desk.office.refused(again)
        assert (answer.code, "--force" in answer.hint) == ("processed_already", True)
        assert [problem.key for problem in answer.problems] == ["tracking"]
        assert len(await desk.work()) == 1
        assert (await desk.process(lines={"POT": 1})).left == 2, "its other line is in the same parcel"
        assert (await desk.process(lines={"MUG": 1}, force=True)).left == 1
        assert first.row is not None
        await desk.dismiss(first.row.work_id, first.row.work_id + 2)
        assert (await desk.process(lines={"MUG": 1})).left == 2, "what was dismissed has not left"


async def test_of_two_who_process_it_at_once_one_is_told(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await desk.process()
        assert "nothing left" in (await refused_again(desk))["order_id"]
        assert len(await desk.work()) == 1


async def test_forced_it_goes_although_amazon_shows_it_as_shipped(tmp_path: Path) -> None:
    shown = order("SHIPPED", lines=(line("1", "MUG", 1, shipped=1),))
    async with at_desk(tmp_path, order(lines=(line("1", "MUG", 1),)), shown) as desk:
        units = (LineUnits(line="MUG", quantity=1),)
        for lines, tracking, code in (
            ((), "", "shipped_already"),
            (units, "", "shipped_already"),
            (units, "x" * 99, "invalid"),
            ((LineUnits(line="MUG", quantity=2),), "", "invalid"),
        ):
            request = ProcessOrder(
                command_id=desk.new_id(), order_id=ORDER, carrier="DPD", lines=lines, tracking=tracking
            )
            answer = await desk.office.refused(request)
            assert answer.code == code
            assert answer.problems
        done = await desk.process(force=True)
        assert done.row is not None
        effect = (await desk.record(done.row.work_id)).effect
        assert isinstance(effect, Despatch)
        assert effect.forced


async def test_amazon_shows_units_that_were_processed_here_only_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await desk.process(lines={"MUG": 2})
        seen = line("1", "MUG", 3, shipped=2, item=3000, tax=500, tax_item=500, shipping=500)
        await desk.shop.apply(an_order("PARTIALLY_SHIPPED", lines=(seen, POT), updated_at=NOW + HOUR))
        done = await desk.process()
        assert done.parcel == (
            LineUnits(line="1", quantity=1, sku="MUG"),
            LineUnits(line="2", quantity=1, sku="POT"),
        )
