"""A report from being wanted to being processed, and whatever becomes of it otherwise (semantics H4, H6)."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from channeld.book.reports.moves import given_up
from channeld.domain.report.states import State
from tests.support.report_desk import (
    FBA,
    LISTINGS,
    ORDERS,
    UK,
    open_desk,
    refused,
    shown,
)

MINUTE = timedelta(minutes=1)


async def test_a_report_is_asked_for_watched_and_read(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want()
        assert (await desk.report(number)).state is State.SUBMITTED
        assert desk.actor.waits_for == "Amazon to make a report"
        await desk.make(number)
        found = await desk.report(number)
        assert (found.state, found.rows, found.bad_rows) == (State.PROCESSED, 3, 1)
        assert found.columns == ("seller-sku", "asin", "Quantity Available")
        assert await desk.told(number) == [
            "report.wanted",
            "report.submitted",
            "report.available",
            "report.processed",
        ]
        assert desk.actor.waits_for == "a report to ask for"


async def test_what_others_want_is_theirs_once_it_is_there(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want(ORDERS, "gaps", data_from=desk.shop.now - MINUTE, data_to=desk.shop.now)
        await desk.make(number)
        await desk.pass_time(hours=3)
        assert (await desk.report(number)).state is State.AVAILABLE
        assert desk.amazon.count("getReportDocument") == 0


async def test_a_recent_report_of_somebody_else_s_serves_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        theirs = desk.amazon.add(FBA, "DONE", ago=10 * MINUTE)
        first = await desk.want()
        found = await desk.report(first)
        assert (found.state, found.report_id, found.reused) == (State.PROCESSED, theirs, True)
        assert desk.amazon.count("createReport") == 0
        second = await desk.want()
        assert (await desk.report(second)).report_id != theirs
        assert desk.amazon.count("createReport") == 1


async def test_one_that_nobody_came_to_read_serves_still(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        theirs = desk.amazon.add(FBA, "DONE", ago=10 * MINUTE)
        first = await desk.want(purpose="listings")
        assert (await desk.report(first)).state is State.AVAILABLE
        await desk.shop.store.write(lambda unit: given_up(unit, first, desk.shop.now))
        second = await desk.want()
        assert (await desk.report(second)).report_id == theirs
        assert desk.amazon.count("createReport") == 0


async def test_several_channels_look_once_at_what_amazon_has_of_a_type(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        theirs = desk.amazon.add(FBA, "DONE", ago=10 * MINUTE)
        numbers = await desk.want_of(FBA, [UK], *([f"MARKET{n}"] for n in range(4)))
        assert desk.amazon.count("getReports") == 1
        assert (await desk.report(numbers[0])).report_id == theirs
        assert desk.amazon.count("createReport") == 4
        await desk.want_of(LISTINGS, ["MARKET1"], ["MARKET2"])
        assert desk.amazon.count("getReports") == 2, "once for each type"


async def test_a_look_that_fails_is_made_again_for_the_next_one(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("getReports", refused(400))
        await desk.want_of(FBA, ["MARKET1"], ["MARKET2"])
        assert [each.state for each in await desk.all()] == [State.FAILED, State.SUBMITTED]


@pytest.mark.parametrize(
    ("ago", "fresh"), [(40 * MINUTE, False), (MINUTE, True)], ids=["too old", "a new one is wanted"]
)
async def test_it_is_asked_for_when_none_may_serve(tmp_path: Path, ago: timedelta, fresh: bool) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.add(FBA, "DONE", ago=ago)
        number = await desk.want(fresh=fresh)
        assert (await desk.report(number)).reused is False
        assert desk.amazon.count("createReport") == 1


@pytest.mark.parametrize(
    ("report_type", "told"),
    [(FBA, "a repeat comes too early"), (ORDERS, "in that time there is nothing to report")],
)
async def test_one_that_amazon_cancels_has_no_data(tmp_path: Path, report_type: str, told: str) -> None:
    async with open_desk(tmp_path) as desk:
        now = desk.shop.now
        span: dict[str, Any] = {"data_from": now - MINUTE, "data_to": now} if report_type == ORDERS else {}
        number = await desk.want(report_type, **span)
        desk.amazon.move((await desk.report(number)).report_id, "CANCELLED")
        await desk.pass_time(minutes=2)
        state, reason = await shown(desk, number)
        assert state is State.NO_DATA
        assert told in reason


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"The marketplace is closed\r\nmore", "Amazon says: The marketplace is closed"),
        (None, "Amazon's explanation could not be had."),
    ],
)
async def test_one_that_amazon_gives_up_says_why(tmp_path: Path, document: bytes | None, told: str) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want()
        desk.amazon.move((await desk.report(number)).report_id, "FATAL", document)
        await desk.pass_time(minutes=2)
        found = await desk.report(number)
        assert (found.state, found.amazon_status) == (State.FAILED, "FATAL")
        assert found.reason == f"Amazon could not make the report. {told}"


async def test_one_that_amazon_does_not_know_any_more_has_failed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want()
        desk.amazon.made.clear()
        await desk.pass_time(minutes=12)
        state, reason = await shown(desk, number)
        assert state is State.FAILED
        assert "knows no report 9001" in reason


async def test_one_that_amazon_does_not_know_yet_is_looked_at_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("getReport", refused(404), refused(404))
        number = await desk.want()
        await desk.make(number)
        await desk.pass_time(minutes=2)
        assert (await desk.report(number)).state is State.PROCESSED
        assert desk.amazon.count("createReport") == 1


async def test_an_outage_is_shown_and_passes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want()
        desk.amazon.plan("getReport", *[refused(503)] * 9)
        await desk.pass_time(minutes=2)
        assert desk.actor.state == "failing"
        state, reason = await shown(desk, number)
        assert state is State.SUBMITTED
        assert "status 503" in reason
        await desk.pass_time(minutes=10)
        assert (desk.actor.state, await shown(desk, number)) == ("waiting", (State.SUBMITTED, ""))


async def test_a_quota_that_is_used_up_is_no_failure(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("createReport", refused(429), refused(429))
        number = await desk.want()
        await desk.pass_time(minutes=5)
        assert (await desk.report(number)).state is State.SUBMITTED
        assert "report.in_doubt" not in await desk.told(number)


async def test_several_go_on_at_the_same_time_each_by_itself(tmp_path: Path) -> None:
    """The second waits for the budget while the first is made and read."""
    async with open_desk(tmp_path) as desk:
        first = await desk.want(fresh=True)
        desk.amazon.plan("createReport", refused(429), refused(429), refused(429))
        second = await desk.want(fresh=True)
        assert (await desk.report(second)).state is State.SENDING
        await desk.make(first)
        await desk.pass_time(minutes=1)
        assert (await desk.report(first)).state is State.PROCESSED
        assert (await desk.report(second)).state is State.SENDING
        await desk.pass_time(minutes=5)
        await desk.make(second)
        assert (await desk.report(second)).state is State.PROCESSED
        assert len({report.report_id for report in await desk.all()}) == 2


async def test_it_is_looked_at_more_and_more_rarely_and_seen_soon_after_its_end(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want(fresh=True)
        await desk.pass_time(minutes=30)
        looks = desk.amazon.at["getReport"]
        pauses = [after - before for before, after in pairwise(looks)]
        assert pauses[0] >= timedelta(seconds=5)
        assert max(pauses) < 1.1 * MINUTE
        assert len(looks) < 70
        desk.amazon.move((await desk.report(number)).report_id, "DONE", b"seller-sku\r\n")
        await desk.pass_time(minutes=1.1)
        assert (await desk.report(number)).state is State.PROCESSED


@pytest.mark.parametrize(
    ("document", "rows"),
    [(b"seller-sku\tasin\r\n", 0), (b"", 0), (b"<xml>\n<row/>\n</xml>\n", 2)],
    ids=["only a header", "empty", "no table"],
)
async def test_a_person_s_report_may_be_anything(tmp_path: Path, document: bytes, rows: int) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want("GET_SOMETHING_NEW")
        await desk.make(number, document)
        found = await desk.report(number)
        assert (found.state, found.rows) == (State.PROCESSED, rows)


async def test_a_document_that_does_not_come_whole_is_fetched_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want()
        desk.amazon.plan("document", lambda act: httpx.Response(403), cut)
        await desk.make(number)
        await desk.pass_time(minutes=10)
        assert await shown(desk, number) == (State.PROCESSED, "")
        assert desk.amazon.count("getReportDocument") == 3, "each time at a new address"


def cut(act: Callable[[], httpx.Response]) -> httpx.Response:
    """Half of a line less."""
    return httpx.Response(200, content=_short(), headers={"content-type": "text/plain"})


async def _short() -> AsyncGenerator[bytes]:
    yield b"seller-sku\tasin\r\nMUG\tB01\r\nPO"


async def test_one_that_never_comes_whole_has_failed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want()
        desk.amazon.plan("document", *[cut] * 9)
        await desk.make(number)
        await desk.pass_time(minutes=30)
        state, reason = await shown(desk, number)
        assert state is State.FAILED
        assert "did not come whole" in reason
        assert desk.amazon.count("document") == 3
