"""The ship-by board: what is still to be sent or told, nearest first, as late as it is now (semantics C1)."""

from pathlib import Path
from typing import Any

from channel_protocol.actors import GetStatus, Status
from channel_protocol.order_answers import DueList, DueRow, ListDue
from channeld.domain.order import Window
from tests.support.answering import POT, Desk, an_order, at_desk, line
from tests.support.book_shop import ORDER
from tests.support.domain_orders import DAY, HOUR, NOW


async def board(desk: Desk, **wanted: Any) -> DueList:
    return await desk.office.ask(ListDue(**wanted), DueList)


async def row(desk: Desk) -> DueRow | None:
    """The order's row as watchers get it; None when it is not on the board."""
    key = f"uk/{ORDER}"
    found = (await desk.office.topic("due").some([key])).get(key)
    assert (await desk.office.snapshot("due")).get(key) == found
    assert isinstance(found, DueRow | None)
    return found


async def test_the_nearest_comes_first_and_risk_is_that_of_now(tmp_path: Path) -> None:
    hours = {"026-30": 30, "026-1": 1, "026-60": 60}
    orders = [an_order(order_id=id_, ship_by=Window(None, NOW + h * HOUR)) for id_, h in hours.items()]
    async with at_desk(tmp_path, *orders, an_order(order_id="026-x", ship_by=Window())) as desk:
        due = await board(desk)
        assert [each.order_id for each in due.rows] == ["026-1", "026-30", "026-60", "026-x"]
        assert [each.risk for each in due.rows] == ["at risk", "on track", "on track", ""]
        assert (due.rows[0].zone, due.rows[0].marketplace, due.rows[0].units) == ("Europe/London", "UK", 4)
        await desk.shop.clock.advance((2 * HOUR).total_seconds())
        due = await board(desk, limit=1)
        assert [each.order_id for each in due.rows] == ["026-1"]
        assert (due.overdue, due.at_risk, due.on_track) == (1, 0, 2), "counts are over all"
        await desk.shop.clock.advance(DAY.total_seconds())
        assert [each.risk for each in (await board(desk, channel="uk")).rows][:2] == ["overdue", "at risk"]


async def test_an_order_leaves_the_board_when_amazon_was_told(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        seen = [await row(desk)]
        first = await desk.process(lines={"MUG": 2})
        seen.append(await row(desk))
        assert first.row is not None
        await desk.move(first.row.work_id, "begin", "submitted")
        seen.append(await row(desk))
        rest = await desk.process()
        seen.append(await row(desk))
        assert rest.row is not None
        await desk.move(rest.row.work_id, "begin", "refused")
        seen.append(await row(desk))
        assert [(each.units, each.note) for each in seen if each] == [
            (4, ""),
            (4, "queued"),
            (2, "submitted"),
            (2, "queued"),
            (2, "needs_attention"),
        ]
        versions = [each.version for each in seen if each]
        assert versions == sorted(set(versions)), "the newer row has the greater version"
        await desk.retry(rest.row.work_id)
        await desk.move(rest.row.work_id, "begin", "submitted")
        assert await row(desk) is None


async def test_counts_are_of_what_is_listed_whatever_was_done(tmp_path: Path) -> None:
    ids = [f"026-{n}" for n in range(5)]
    async with at_desk(tmp_path, *(an_order(order_id=id_) for id_ in ids)) as desk:
        await desk.process(order_id=ids[0], lines={"MUG": 1})
        told = await desk.process(order_id=ids[1])
        assert told.row is not None
        await desk.move(told.row.work_id, "begin", "submitted")
        await desk.process(order_id=ids[2])
        await desk.cancel(order_id=ids[3], lines={"POT": 1})
        due = await board(desk)
        assert [each.order_id for each in due.rows] == [ids[0], ids[2], ids[3], ids[4]]
        assert (due.overdue, due.at_risk, due.on_track) == (0, 0, 4)


async def test_what_is_cancelled_or_shipped_is_not_due(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        await desk.cancel(lines={"MUG": 3})
        found = await row(desk)
        assert found is not None
        assert found.units == 1
        sent = tuple(
            line(each.order_item_id, each.sku, each.quantity, shipped=each.quantity) for each in (POT,)
        )
        await desk.shop.apply(an_order("SHIPPED", lines=sent, updated_at=NOW + HOUR))
        assert await row(desk) is None


async def test_what_is_processed_without_a_note_is_not_due(tmp_path: Path) -> None:
    async with at_desk(tmp_path, despatch_notes="off") as desk:
        await desk.process()
        assert await row(desk) is None


async def test_orders_that_are_late_and_not_processed_need_attention(tmp_path: Path) -> None:
    async with at_desk(tmp_path, an_order(), an_order(order_id="026-2")) as desk:
        await desk.shop.clock.advance((3 * DAY).total_seconds())
        (told,) = (await desk.office.ask(GetStatus(), Status)).attention
        assert told.startswith("uk has 2 orders past the ship-by time and not processed.")
        assert "channelctl order due --channel uk" in told
        for order_id in (ORDER, "026-2"):
            await desk.process(order_id=order_id)
        assert (await desk.office.ask(GetStatus(), Status)).attention == ()
