"""Outbound work and feeds as people see them: lists, one piece whole, what is stuck (design, section 4)."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, event

from channel_protocol.feeds import FeedList, FeedShown, ListFeeds, ShowFeed
from channel_protocol.order_answers import RefundPart
from channel_protocol.work import ListWork, WorkList
from tests.support.answering import Desk, an_order, at_desk
from tests.support.domain_orders import DAY, NOW
from tests.support.work_desk import attention, in_a_feed, queued_note, shown


async def test_the_list_has_what_needs_a_person_first_then_the_nearest_deadline(tmp_path: Path) -> None:
    orders = [
        an_order(
            order_id=f"026-{n}", ship_by=msgspec.structs.replace(an_order().ship_by, latest=NOW + n * DAY)
        )
        for n in (3, 1, 2, 4)
    ]
    async with at_desk(tmp_path, *orders) as desk:
        ids = {n: await queued_note(desk, order_id=f"026-{n}") for n in (3, 1, 2, 4)}
        await desk.move(ids[2], "begin", "refused")
        await desk.move(ids[4], "begin", "submitted", "confirmed")
        assert [row.work_id for row in await desk.work()] == [ids[2], ids[1], ids[3], ids[4]]
        assert [row.work_id for row in await desk.work(limit=2)] == [ids[2], ids[1]]
        assert [row.work_id for row in await desk.work(attention=True)] == [ids[2]]
        assert [row.work_id for row in await desk.work(open=True)] == [ids[2], ids[1], ids[3]]
        assert [row.work_id for row in await desk.work(state="confirmed")] == [ids[4]]
        assert [row.work_id for row in await desk.work(order_id="026-3", kind="despatch")] == [ids[3]]
        assert await desk.work(kind="refund", channel="uk") == ()
        assert (await desk.office.ask(ListWork(limit=1), WorkList)).attention == 1


async def test_words_of_a_list_are_checked(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        answer = await desk.office.refused(ListWork(kind="dispatch", state="quequed"))
        assert {p.key: p.nearest for p in answer.problems} == {"kind": "despatch", "state": "queued"}


@pytest.mark.parametrize(
    ("said", "needles"),
    [
        ({}, ("POST /orders/v0/orders/", '"trackingNumber": "AB1"', '"packageReferenceId": "100001"')),
        ({"tracking": ""}, ("<OrderFulfillment>", "<MerchantFulfillmentID>100001<")),
    ],
)
async def test_one_piece_is_shown_whole_with_what_amazon_is_told(
    said: dict[str, str], needles: tuple[str, ...], tmp_path: Path
) -> None:
    async with at_desk(tmp_path) as desk:
        found = await shown(desk, await queued_note(desk, **said))
        assert [needle for needle in needles if needle not in found.request] == []
        assert [(each.sku, each.quantity) for each in found.lines] == [("MUG", 3), ("POT", 1)]
        assert found.facts["Carrier"] == "Royal Mail Tracked 24"
        assert [entry.code for entry in found.audit] == ["order.processed"]


async def test_a_refund_and_what_it_follows_are_shown(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        done = await desk.refund(RefundPart(line="POT"))
        found = await shown(desk, done.lines[0].work_id or 0)
        assert (found.request, found.lines[0].components) == ("", {"Principal": 1200})
        leader = await shown(desk, int(found.facts["Goes along with"]))
        assert "<StatusCode>Failure</StatusCode>" in leader.request


async def test_feeds_are_listed_and_shown_by_number_and_by_amazons_id(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await queued_note(desk, tracking="")
        number = await in_a_feed(desk, work_id, feed_id="50001018773", state="submitted")
        (row,) = (await desk.office.ask(ListFeeds(account="eu"), FeedList)).rows
        assert (row.number, row.feed_id, row.messages) == (number, "50001018773", 1)
        for name in (str(number), "50001018773"):
            found = await desk.office.ask(ShowFeed(feed=name), FeedShown)
            assert found.row == row
            (only,) = found.results
            assert (only.message_id, only.work_id, only.order_id) == (1, work_id, an_order().order_id)
        assert (await desk.work())[0].feed_id == "50001018773"
        assert [each.feed_id for each in (await shown(desk, work_id)).feeds] == ["50001018773"]
        for name in ("7", "", "none", "9" * 30):
            assert (await desk.office.refused(ShowFeed(feed=name))).code == "unknown_feed"


async def test_a_stuck_feed_is_shown_with_what_to_quote(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await queued_note(desk, tracking="")
        await in_a_feed(
            desk, work_id, state="submitted", stuck_since=NOW, reason="It stands.", hint="Quote feed 5."
        )
        assert "eu: It stands. Quote feed 5." in await attention(desk)


async def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(tmp_path: Path) -> None:
    async with at_desk(tmp_path, *(an_order(order_id=f"026-{n}") for n in range(12))) as desk:
        counts: list[int] = []
        for numbers in (range(2), range(2, 12)):
            for n in numbers:
                await queued_note(desk, order_id=f"026-{n}")
            counts.append(await queries(desk))
        assert counts[0] == counts[1]


async def queries(desk: Desk) -> int:
    """How many statements the list, the board and the status take."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await desk.work()
        await desk.office.snapshot("due")
        await desk.office.snapshot("work")
        await attention(desk)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)
