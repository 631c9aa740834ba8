"""Money back: looked at first, never more than was charged, each line once (semantics C3)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channel_protocol.base import Refused
from channel_protocol.order_answers import OrderRefunded, RefundOrder, RefundPart
from channeld.domain.ledger.effects import Component, Refund
from channeld.store import transactions
from channeld.store.transactions import Transaction
from tests.support.answering import MUGS, POT, Desk, an_order, at_desk, line
from tests.support.book_shop import ORDER
from tests.support.domain_orders import DAY, HOUR, NOW, order

SHIPPED = line("1", "MUG", 3, shipped=3, item=3600, tax=600, tax_item=600, shipping=500)


def shipped(*lines: Any, status: str = "SHIPPED", **more: Any) -> tuple[Any, Any]:
    """An order that was seen before it was shipped."""
    given = lines or (SHIPPED,)
    before = tuple(line(each.order_item_id, each.sku, each.quantity) for each in given)
    return (
        an_order(lines=before, updated_at=NOW - HOUR, **more),
        an_order(status, lines=given, **more),
    )


async def refused(desk: Desk, *parts: RefundPart, **said: Any) -> Refused:
    """The refusal of a refund; nothing of it is done."""
    before, work = await desk.shop.texts(), await desk.work()
    request = RefundOrder(command_id=desk.new_id(), order_id=ORDER, parts=parts, **said)
    answer = await desk.office.refused(request)
    assert (await desk.shop.texts(), await desk.work()) == (before, work)
    return answer


def problems(answer: Refused) -> dict[str, str]:
    return {problem.key: problem.message for problem in answer.problems}


def amounts(done: OrderRefunded) -> dict[str, int]:
    (only,) = done.lines
    return only.components


async def test_the_example_of_the_rules_to_the_penny(tmp_path: Path) -> None:
    """Three for 30.00, tax 6.00 on top, shipping 5.00: one unit, then the rest, then nothing more."""
    american = line("1", "MUG", 3, shipped=3, item=3000, tax=600, tax_item=600, shipping=500)
    orders = shipped(american, currency="USD", marketplace_id="ATVPDKIKX0DER")
    async with at_desk(tmp_path, *orders, code="US") as desk:
        one = await desk.refund(RefundPart(line="MUG", quantity=1))
        assert (amounts(one), one.amount) == ({"Principal": 1000, "Tax": 200}, 1200)
        rest = await desk.refund()
        assert (amounts(rest), rest.amount) == ({"Principal": 2000, "Tax": 400, "Shipping": 500}, 2900)
        answer = await refused(desk, RefundPart(line="1", amounts={"Principal": "0.01"}))
        assert "over-refunding by 0.01 USD" in problems(answer)["lines.1.Principal"]


async def test_looking_changes_nothing_and_tells_what_the_deed_does(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped()) as desk:
        before = await desk.shop.texts()
        look = await desk.refund(preview=True)
        assert (look.done, look.outcome, look.amount) == (False, "preview", 4100)
        assert await desk.shop.texts() == before
        assert await desk.work() == ()
        deed = await desk.refund()
        assert (deed.done, deed.outcome, deed.amount) == (True, "queued", 4100)
        assert [(each.components, each.left) for each in deed.lines] == [
            (each.components, each.left) for each in look.lines
        ]


async def test_that_it_is_held_is_said(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped(), dry_run="on") as desk:
        look = await desk.refund(preview=True)
        assert "held" not in look.message
        assert "queued to be given back, and held: dry run" in (await desk.refund()).message


async def test_each_line_is_a_row_that_waits_for_the_finances(tmp_path: Path) -> None:
    pot = line("2", "POT", 1, shipped=1, item=1200, tax=200, tax_item=200)
    async with at_desk(tmp_path, *shipped(SHIPPED, pot)) as desk:
        done = await desk.refund(reason="customerreturn")
        rows = {row.work_id: row for row in await desk.work()}
        assert {each.work_id for each in done.lines} == set(rows)
        assert {(row.says, row.route, row.amount, row.currency) for row in rows.values()} == {
            ("OPEN", "", 4100, "GBP"),
            ("OPEN", "", 1200, "GBP"),
        }
        dearest = max(rows.values(), key=lambda row: row.amount or 0)
        effect = (await desk.record(dearest.work_id)).effect
        assert isinstance(effect, Refund)
        assert effect.reason == "CustomerReturn"
        assert effect.components == (Component("Principal", 3600), Component("Shipping", 500))
        assert await desk.told() == ["ann: Refund of 53.00 GBP, CustomerReturn"]


async def test_what_was_not_shipped_comes_back_by_cancelling_alone(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        done = await desk.refund()
        assert (done.amount, {each.by_cancellation for each in done.lines}) == (4700, {True})
        rows = {row.kind: row for row in await desk.work()}
        assert set(rows) == {"cancellation", "refund"}
        followers = [await desk.record(each.work_id or 0) for each in done.lines]
        assert {record.follows for record in followers} == {rows["cancellation"].work_id}
        assert {record.route for record in followers} == {"cancellation"}
        await desk.move(rows["cancellation"].work_id, "begin", "submitted", "confirmed")
        assert {row.says for row in await desk.work(kind="refund")} == {"PROCESSED"}


async def test_an_order_in_between_is_split_by_line(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped(SHIPPED, POT, status="PARTIALLY_SHIPPED")) as desk:
        done = await desk.refund()
        ways = {each.sku: each.by_cancellation for each in done.lines}
        assert ways == {"MUG": False, "POT": True}
        assert "by cancelling" in done.message
        assert "adjustment" in done.message


async def test_a_refund_by_cancelling_needs_cancellations(tmp_path: Path) -> None:
    async with at_desk(tmp_path, order_cancellations="off") as desk:
        answer = await refused(desk)
        assert answer.code == "cancellations_off"
        assert "channelctl channel set uk order_cancellations=on" in answer.hint


@pytest.mark.parametrize(
    ("settings", "why"),
    [({"order_refunds": "off"}, "Order Refunds are off"), ({"enabled": "off"}, "channel uk is disabled")],
)
async def test_where_refunds_are_off_nothing_is_sent_and_said_so(
    settings: dict[str, str], why: str, tmp_path: Path
) -> None:
    async with at_desk(tmp_path, *shipped(), **settings) as desk:
        look = await desk.refund(preview=True)
        assert why in look.message
        done = await desk.refund()
        assert (done.done, done.outcome, done.lines[0].work_id) == (True, "not sent", None)
        assert why in done.message
        assert await desk.work() == ()
        (told,) = await desk.told()
        assert told.startswith("ann: Refund not sent")
        await desk.shop.set(order_refunds="on", enabled="on")
        assert (await desk.refund()).outcome == "queued", "what was not sent does not count"


async def test_what_was_not_sent_is_done_by_the_same_request_when_its_reason_is_gone(tmp_path: Path) -> None:
    """As a row of a file that is loaded again; and from then on it is done once."""
    async with at_desk(tmp_path, *shipped(), order_refunds="off") as desk:
        row = RefundOrder(command_id="row-of-a-file", order_id=ORDER)
        look = RefundOrder(command_id="the-look", order_id=ORDER, preview=True, deed_id="row-of-a-file")
        for _ in range(2):
            assert (await desk.office.ask(row, OrderRefunded)).outcome == "not sent"
        await desk.shop.set(order_refunds="on")
        assert (await desk.office.ask(look, OrderRefunded)).outcome == "preview"
        done = [await desk.office.ask(each, OrderRefunded) for each in (row, row, look)]
        assert [each.outcome for each in done] == ["queued"] * 3
        await desk.shop.set(order_refunds="off")
        assert await desk.office.ask(row, OrderRefunded) == done[0]
        assert len(await desk.work()) == 1


async def test_the_same_again_is_asked_about_for_a_week(tmp_path: Path) -> None:
    part = RefundPart(line="MUG", amounts={"Principal": "5.00"})
    async with at_desk(tmp_path, *shipped()) as desk:
        await desk.refund(part)
        answer = await refused(desk, part)
        assert (answer.code, "--again" in answer.hint) == ("refunded_lately", True)
        assert "5.00 GBP" in problems(answer)["lines.1"]
        assert (await desk.refund(part, again=True)).done
        await desk.shop.clock.advance(timedelta(days=8).total_seconds())
        assert (await desk.refund(part)).done
        assert len(await desk.work()) == 3


@pytest.mark.parametrize("dismissed", [False, True])
async def test_what_a_failed_cancellation_was_to_give_back_is_refunded_instead(
    dismissed: bool, tmp_path: Path
) -> None:
    async with at_desk(tmp_path) as desk:
        await desk.refund()
        assert (await refused(desk)).code != "refunded_lately", "the first is under way"
        gone = tuple(
            msgspec.structs.replace(each, fulfilled=each.quantity, unfulfilled=0) for each in (MUGS, POT)
        )
        shown = an_order("SHIPPED", lines=gone)
        await desk.shop.apply(msgspec.structs.replace(shown, updated_at=shown.updated_at + HOUR))
        (cancellation,) = await desk.work(kind="cancellation")
        assert cancellation.state == "needs_attention"
        if dismissed:
            await desk.dismiss(cancellation.work_id)
        done = await desk.refund()
        assert (done.outcome, done.amount) == ("queued", 4700)
        assert (await refused(desk)).code in ("refunded_lately", "invalid"), "once"


async def test_never_more_than_was_charged_whoever_gave_it(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped()) as desk:
        elsewhere = Transaction(
            account_id=desk.shop.account_id,
            transaction_id="T1",
            order_id=ORDER,
            sku="MUG",
            currency="GBP",
            minor=4000,
            posted_at=NOW,
            seen_at=NOW,
        )
        await desk.shop.store.write(lambda unit: transactions.note(unit, [elsewhere]))
        answer = await refused(desk, RefundPart(line="MUG", amounts={"Shipping": "1.01"}))
        assert "1.00 GBP is left" in problems(answer)["lines.MUG.Shipping"]
        assert (await desk.refund()).amount == 100


async def test_a_refund_that_was_given_up_can_be_made_anew(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped()) as desk:
        done = await desk.refund()
        work_id = done.lines[0].work_id or 0
        await desk.move(work_id, "begin", "submitted", "refused")
        assert "left" in str(problems(await refused(desk)))
        await desk.dismiss(work_id)
        assert (await desk.refund()).amount == 4100


async def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped()) as desk:
        parts = (
            RefundPart(line="MUG", amounts={"Principal": "-1", "Shiping": "1", "Tax": "1", "Shipping": "x"}),
            RefundPart(line="TEA"),
        )
        answer = await refused(desk, *parts, reason="Nice")
        assert set(problems(answer)) == {
            "lines.MUG.Principal",
            "lines.MUG.Shiping",
            "lines.MUG.Tax",
            "lines.MUG.Shipping",
            "lines.TEA",
            "reason",
        }


@pytest.mark.parametrize("status", ["PENDING", "CANCELLED"])
async def test_what_was_not_paid_is_not_given_back(status: str, tmp_path: Path) -> None:
    async with at_desk(tmp_path, an_order(status)) as desk:
        assert "order_id" in problems(await refused(desk))


async def test_a_double_click_pays_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped()) as desk:
        request = RefundOrder(command_id="the-same-click", order_id=ORDER)
        first = await desk.office.ask(request, OrderRefunded)
        assert await desk.office.ask(request, OrderRefunded) == first
        assert len(await desk.work()) == 1


async def test_a_command_is_known_by_what_it_did_when_its_answer_is_forgotten(tmp_path: Path) -> None:
    part = RefundPart(line="MUG", amounts={"Principal": "5.00"})
    async with at_desk(tmp_path, *shipped()) as desk:
        await desk.refund(part, command_id="row-of-a-file")
        await desk.forget_answers()
        await desk.shop.clock.advance((100 * DAY).total_seconds())
        answer = await desk.office.refused(
            RefundOrder(command_id="row-of-a-file", order_id=ORDER, parts=(part,))
        )
        assert answer.code == "command_id_reused"
        assert len(await desk.work()) == 1


async def test_a_file_that_is_loaded_anew_is_not_a_second_wish(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *shipped()) as desk:
        deed = RefundOrder(command_id="row-of-a-file", order_id=ORDER)
        look = RefundOrder(command_id="row-1.look", order_id=ORDER, preview=True, deed_id="row-of-a-file")
        assert not (await desk.office.ask(look, OrderRefunded)).done
        done = await desk.office.ask(deed, OrderRefunded)
        assert await desk.office.ask(look, OrderRefunded) == done
        other = await desk.office.refused(
            RefundOrder(
                command_id="row-2.look", order_id=ORDER, reason="Other", preview=True, deed_id="row-of-a-file"
            )
        )
        assert other.code == "command_id_reused"


async def test_yen_have_no_decimals(tmp_path: Path) -> None:
    japanese = shipped(
        line("1", "MUG", 3, shipped=3, item=1000, tax=91, tax_item=91),
        currency="JPY",
        marketplace_id="A1VC38T7YXB528",
    )
    async with at_desk(tmp_path, *japanese, code="JP") as desk:
        parts = [RefundPart(line="MUG", quantity=1)] * 3
        assert [(await desk.refund(part, again=True)).amount for part in parts] == [333, 333, 334]
        half = RefundPart(line="MUG", amounts={"Principal": "0.5"})
        assert "decimals" in problems(await refused(desk, half))["lines.MUG.Principal"]


async def test_an_order_without_money_shows_none(tmp_path: Path) -> None:
    bare = line("1", "MUG", 1, shipped=1)
    no_money = order("SHIPPED", currency="", lines=(bare,))
    async with at_desk(
        tmp_path, order(currency="", lines=(line("1", "MUG", 1),), updated_at=NOW - HOUR), no_money
    ) as desk:
        assert "money" in problems(await refused(desk))["order_id"]


async def test_only_the_money_that_was_seen_is_given_back(tmp_path: Path) -> None:
    """Amazon may show more of the order as shipped between the preview and the yes."""
    async with at_desk(tmp_path, *shipped()) as desk:
        seen = await desk.refund(preview=True)
        request = RefundOrder(command_id=desk.new_id(), order_id=ORDER, amount_seen=seen.amount - 1)
        assert (await desk.office.refused(request)).code == "changed_meanwhile"
        assert await desk.work() == ()
        agreed = msgspec.structs.replace(request, amount_seen=seen.amount)
        first = await desk.office.ask(agreed, OrderRefunded)
        again = await desk.office.ask(msgspec.structs.replace(request, amount_seen=None), OrderRefunded)
        assert first == again, "the amount is no part of what was asked for"
