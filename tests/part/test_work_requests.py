"""What people decide about outbound work: retry, dismiss, adopt (design, section 4)."""

from collections.abc import Hashable, Mapping, Set
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channel_protocol.base import Refused
from channel_protocol.channels import ChannelPreviewed, PreviewChannel
from channel_protocol.order_answers import RefundOrder, RefundPart
from channel_protocol.work import AdoptWork, DismissWork, RetryWork, ShowWork, WorkAdopted
from channeld.book.ledger.holding import adopt
from channeld.commands.channels import remove_channel
from channeld.commands.order_process import Sending, process_order
from channeld.domain.ledger.effects import Despatch
from channeld.domain.stock import pushing
from channeld.domain.stock.desired import NEW
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.value import Value
from channeld.store import desired_stock
from channeld.store.desired_stock import DesiredRow
from tests.support.answering import Desk, an_order, at_desk, line
from tests.support.book_shop import ORDER, open_shop
from tests.support.domain_orders import DAY, HOUR, NOW
from tests.support.work_desk import attention, in_a_feed, queued_note, refused_note


async def refused(desk: Desk, request: Any) -> Refused:
    before = await desk.work()
    answer = await desk.office.refused(msgspec.structs.replace(request, command_id=desk.new_id()))
    assert await desk.work() == before
    return answer


def shipped_order() -> tuple[Any, Any]:
    """Seen before it was shipped: what was charged can be given back."""
    before = an_order(lines=(line("1", "MUG", 3),), updated_at=NOW - HOUR)
    return before, an_order(
        "SHIPPED", lines=(line("1", "MUG", 3, shipped=3, item=3600, tax=600, tax_item=600),)
    )


async def test_what_needs_a_person_gets_a_new_window(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await refused_note(desk)
        (row,) = await desk.work(attention=True)
        assert (row.attempts, row.reason, row.hint) == (1, "Amazon refused it.", "Correct it.")
        assert row.window_until == NOW + DAY
        (row,) = await desk.retry(work_id)
        assert (row.state, row.attempts, row.window_until, row.reason) == ("queued", 0, None, "")
        assert (row.next_at, await attention(desk)) == (NOW, ())
        assert (await desk.told())[-1] == "ann: Despatch note is tried again"


async def test_a_refused_note_is_tried_with_another_carrier(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await refused_note(desk)
        (row,) = await desk.retry(work_id, carrier="dpd", service="Next Day", tracking=" ZZ9 ")
        assert row.summary == "4 units by DPD Next Day, ZZ9"
        effect = (await desk.record(work_id)).effect
        assert isinstance(effect, Despatch)
        assert effect.shipped_at == NOW, "the ship time is that of the processing"
        await desk.move(work_id, "begin", "refused")
        (row,) = await desk.retry(work_id, service="First", tracking="")
        assert (row.summary, row.route) == ("4 units by Royal Mail 1st Class, untracked", "feed")
        await desk.move(work_id, "begin", "refused")
        answer = await refused(desk, RetryWork(command_id="", work_ids=(work_id,), service="Snail"))
        assert [problem.key for problem in answer.problems] == [f"work_ids.{work_id}.service"]


async def test_a_forced_note_goes_although_it_was_shipped_otherwise(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await refused_note(desk)
        await desk.retry(work_id, force=True)
        effect = (await desk.record(work_id)).effect
        assert isinstance(effect, Despatch)
        assert (effect.forced, effect.tracking) == (True, "AB1")


@pytest.mark.parametrize("doubt", [("begin", "lost"), ("begin", "submitted", "never seen")])
async def test_a_refund_in_doubt_is_repeated_only_by_force(tmp_path: Path, doubt: tuple[str, ...]) -> None:
    async with at_desk(tmp_path, *shipped_order()) as desk:
        work_id = (await desk.refund()).lines[0].work_id or 0
        await desk.move(work_id, *doubt)
        answer = await refused(desk, RetryWork(command_id="", work_ids=(work_id,)))
        assert answer.code == "in_doubt"
        assert f"`channelctl work retry {work_id} --force` pays it again" in answer.hint
        (row,) = await desk.retry(work_id, force=True)
        assert (row.says, row.attempts, row.route) == ("OPEN", 0, "")


@pytest.mark.parametrize("doubt", [("begin", "lost"), ("begin", "submitted", "never seen")])
async def test_what_may_have_been_paid_counts_whatever_a_person_decides(
    tmp_path: Path, doubt: tuple[str, ...]
) -> None:
    async with at_desk(tmp_path, *shipped_order()) as desk:
        work_id = (await desk.refund()).lines[0].work_id or 0
        await desk.move(work_id, *doubt)
        await desk.retry(work_id, force=True)
        await desk.dismiss(work_id)
        request = RefundOrder(command_id=desk.new_id(), order_id=ORDER, again=True)
        assert "left" in str((await desk.office.refused(request)).problems)


async def test_what_is_under_way_or_done_is_left_alone(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        sent, other = await queued_note(desk, lines={"MUG": 1}), await queued_note(desk)
        await desk.move(sent, "begin", "submitted")
        for request in (RetryWork, DismissWork):
            answer = await refused(desk, request(command_id="", work_ids=(other, sent)))
            assert {p.key: p.message for p in answer.problems} == {
                f"work_ids.{sent}": "is submitted: what came of it is found out by itself"
            }
        await desk.move(sent, "confirmed")
        answer = await refused(desk, DismissWork(command_id="", work_ids=(sent,)))
        assert "for good" in answer.problems[0].message


async def test_what_is_being_put_into_a_feed_is_not_dismissed(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await queued_note(desk, tracking="")
        await in_a_feed(desk, work_id)
        answer = await refused(desk, DismissWork(command_id="", work_ids=(work_id,)))
        assert "feed" in answer.problems[0].message


async def test_a_refund_goes_along_with_its_cancellation(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        refund_id = (await desk.refund(RefundPart(line="POT"))).lines[0].work_id or 0
        (leader,) = await desk.work(kind="cancellation")
        for request in (RetryWork, DismissWork):
            answer = await refused(desk, request(command_id="", work_ids=(refund_id,)))
            assert str(leader.work_id) in answer.problems[0].message
        await desk.move(leader.work_id, "begin", "refused")
        assert {row.says for row in await desk.work(kind="refund")} == {"ERROR"}
        await desk.retry(leader.work_id)
        assert {row.says for row in await desk.work(kind="refund")} == {"OPEN"}
        await desk.move(leader.work_id, "begin", "refused")
        await desk.dismiss(leader.work_id)
        assert {row.says for row in await desk.work(kind="refund")} == {"ERROR_ACKED"}


async def test_work_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        answer = await refused(desk, DismissWork(command_id="", work_ids=(7, 8)))
        assert (answer.code, [p.key for p in answer.problems]) == (
            "unknown_work",
            ["work_ids.7", "work_ids.8"],
        )
        assert (await refused(desk, RetryWork(command_id="", work_ids=()))).code == "invalid"
        assert (await desk.office.refused(ShowWork(work_id=7))).code == "unknown_work"


async def test_what_needs_a_person_stays_until_one_decides(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await refused_note(desk)
        said = "uk has 1 piece of outbound work that needs a person."
        await desk.shop.clock.advance((30 * DAY).total_seconds())
        await desk.shop.set(despatch_notes="off", enabled="off")
        (told,) = [text for text in await attention(desk) if "needs a person" in text]
        assert told == f"{said} `channelctl work list --attention --channel uk` says why."
        await desk.dismiss(work_id)
        assert [text for text in await attention(desk) if "needs a person" in text] == []


async def test_removing_a_channel_ends_all_its_work(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        sent = await queued_note(desk, lines={"MUG": 1})
        await desk.move(sent, "begin", "submitted")
        await refused_note(desk, lines={"MUG": 1}, tracking="AB2")
        await desk.refund(RefundPart(line="POT"))
        done = await queued_note(desk, tracking="AB3")
        await desk.move(done, "begin", "submitted", "confirmed")
        await desk.shop.command(lambda unit, asked: remove_channel(unit, asked, "uk"))
        states = {row.work_id: row.state for row in await desk.work()}
        assert states.pop(done) == "confirmed"
        assert set(states.values()) == {"rejected"}
        assert len(states) == 4
        assert (await desk.told()).count("ann: Despatch Rejected (channel uk was removed)") == 2
        assert await attention(desk) == ()


async def test_what_a_setting_lets_go_is_counted_before(tmp_path: Path) -> None:
    async with at_desk(tmp_path, dry_run="on") as desk:
        await queued_note(desk)
        look = PreviewChannel(channel="uk", values={"dry_run": "off"})
        (said,) = (await desk.office.ask(look, ChannelPreviewed)).consequences
        assert "1 piece of outbound work" in said.text


async def test_watchers_hear_of_work_that_a_setting_holds(tmp_path: Path) -> None:
    heard: list[Mapping[str, Set[Hashable]]] = []
    async with open_shop(tmp_path, on_commit=heard.append) as shop:
        await shop.open_channel(despatch_notes="on")
        await shop.apply(an_order())
        wish = Sending(order_id=an_order().order_id, carrier="DPD")
        done = await shop.command(lambda unit, asked: process_order(unit, asked, wish))
        assert done.work is not None
        for settings in ({"dry_run": "on"}, {"enabled": "off"}):
            heard.clear()
            await shop.set(**settings)
            assert heard[-1]["work"] == {done.work.id}


async def test_disabling_a_channel_holds_its_work(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await queued_note(desk)
        change = await desk.shop.set(enabled="off")
        (row,) = await desk.work()
        assert (row.state, row.held, change.channel.enabled) == ("queued", "channel disabled", False)
        await desk.shop.set(enabled="on")
        (row,) = await desk.work()
        assert (row.work_id, row.held) == (work_id, "")


async def test_the_stock_that_a_copied_database_holds_is_counted(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await queued_note(desk)
        told = pushing.computed(NEW, Value(quantity=5, lead_time=KEEP), desk.shop.now)
        row = DesiredRow(account_id=1, sku="MUG", owner_id=1, channels=(1,), desired=told)
        await desk.shop.store.write(lambda unit: desired_stock.save(unit, [row], desk.shop.now))
        await desk.shop.store.write(lambda unit: adopt(unit, "another machine"))
        (said,) = [text for text in await attention(desk) if "work adopt" in text]
        assert "1 piece of work held, and the stock of 1 SKU." in said
        look = await desk.office.ask(AdoptWork(command_id=desk.new_id()), WorkAdopted)
        assert (look.held, look.skus) == (1, 1)
        assert look.message.startswith("1 piece of outbound work and the stock of 1 SKU of another ")
        deed = AdoptWork(command_id=desk.new_id(), confirmed=True)
        await desk.office.ask(deed, WorkAdopted)
        assert (await desk.shop.texts())[-1].endswith("taken over: 1 piece, and the stock of 1 SKU")


async def test_a_copied_database_holds_everything_until_it_is_adopted(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await queued_note(desk)
        await desk.shop.store.write(lambda unit: adopt(unit, "another machine"))
        (row,) = await desk.work()
        assert row.held == "another installation"
        (told,) = [text for text in await attention(desk) if "work adopt" in text]
        assert "1 piece of work held" in told
        look = await desk.office.ask(AdoptWork(command_id=desk.new_id()), WorkAdopted)
        assert (look.done, look.held) == (False, 1)
        assert (await desk.work())[0].held == "another installation"
        deed = AdoptWork(command_id=desk.new_id(), confirmed=True)
        assert (await desk.office.ask(deed, WorkAdopted)).done
        assert (await desk.work())[0].held == ""
        assert [text for text in await attention(desk) if "work adopt" in text] == []
        assert (await desk.shop.texts())[
            -1
        ] == "ann: Outbound work of another installation taken over: 1 piece"
        again = await desk.office.ask(AdoptWork(command_id=desk.new_id(), confirmed=True), WorkAdopted)
        assert (again.done, again.held) == (False, 0)
