"""A report from being wanted to being processed, and whatever becomes of it otherwise (semantics H4, H6)."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from channeld.book.reports.moves import begin, given_up, put_back
from channeld.book.reports.wishing import wish
from channeld.concerns.kit import Kit
from channeld.domain.report.states import State
from channeld.errors import ChanneldError
from channeld.store import reports
from channeld.store.store import Store
from channeld.store.unit import Unit
from tests.support.fake_clock import FakeClock
from tests.support.report_desk import FBA, ORDERS, UK, AtAmazon, Desk, open_desk, refused

MINUTE = timedelta(minutes=1)


def lost(act: Callable[[], httpx.Response]) -> httpx.Response:
    """Amazon has acted, and its answer does not arrive."""
    act()
    raise httpx.ReadError("the wire is cut")


def unheard(act: Callable[[], httpx.Response]) -> httpx.Response:
    """It may have left, and Amazon never heard of it."""
    raise httpx.ReadError("the wire is cut")


async def shown(desk: Desk, number: int) -> tuple[State, str]:
    found = await desk.report(number)
    return found.state, found.reason


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


@pytest.mark.parametrize(
    ("ago", "fresh"), [(40 * MINUTE, False), (MINUTE, True)], ids=["too old", "a new one is wanted"]
)
async def test_it_is_asked_for_when_none_may_serve(tmp_path: Path, ago: timedelta, fresh: bool) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.add(FBA, "DONE", ago=ago)
        number = await desk.want(fresh=fresh)
        assert (await desk.report(number)).reused is False
        assert desk.amazon.count("createReport") == 1


async def test_a_request_without_an_answer_is_found_on_amazon_s_list(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("createReport", lost)
        number = await desk.want()
        await desk.pass_time(minutes=1)
        assert list(desk.amazon.made) == [(await desk.report(number)).report_id]
        await desk.make(number)
        assert (await desk.report(number)).state is State.PROCESSED
        assert desk.amazon.count("createReport") == 1
        assert (await desk.told(number))[:3] == ["report.wanted", "report.in_doubt", "report.submitted"]


async def test_a_request_that_never_arrived_is_made_again_after_two_looks(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("createReport", unheard)
        number = await desk.want(minutes=1.5, fresh=True)
        assert (await desk.report(number)).state is State.UNKNOWN
        await desk.pass_time(minutes=4)
        first, second = desk.amazon.at["getReports"]
        assert second - first >= MINUTE
        assert (await desk.report(number)).state is State.SUBMITTED
        assert "report.asked_again" in await desk.told(number)
        assert desk.amazon.count("createReport") == 2


async def test_two_without_an_answer_take_up_one_report_each(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("createReport", lost, lost)
        numbers = [await desk.want(), await desk.want(fresh=True)]
        await desk.pass_time(minutes=10)
        found = {(await desk.report(number)).report_id for number in numbers}
        assert found == set(desk.amazon.made)
        assert len(found) == 2


async def test_after_five_requests_without_an_answer_it_has_failed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("createReport", *[unheard] * 10)
        number = await desk.want()
        await desk.pass_time(hours=1)
        assert await shown(desk, number) == (State.FAILED, "Amazon gave no answer to five requests for it.")
        assert desk.amazon.count("createReport") == 5


async def test_requests_that_never_left_do_not_count_as_without_an_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:

        def unlucky(unit: Unit) -> int:
            now = desk.shop.now
            report = wish(
                unit,
                account_id=desk.shop.account_id,
                report_type=FBA,
                marketplaces=(UK,),
                purpose="person",
                now=now,
                by="ann",
                fresh=True,
            )
            for _ in range(4):
                begun = begin(unit, report, now)
                assert begun is not None
                put_back(unit, begun, "no connection", now)
                report = reports.get(unit.connection, report.id) or report
            return report.id

        desk.amazon.plan("createReport", unheard)
        number = await desk.shop.store.write(unlucky)
        await desk.pass_time(minutes=15)
        assert (await desk.report(number)).state is State.SUBMITTED


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "Amazon found the request wrong. Amazon says: no such range"),
        (403, "Amazon does not allow this report for the account. Amazon says: no such range"),
    ],
)
async def test_a_report_that_amazon_refuses_has_failed_and_others_go_on(
    tmp_path: Path, status: int, told: str
) -> None:
    """Roles belong to types of reports, so a missing one halts nothing else."""
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("createReport", *[refused(status, "no such range")] * (1 + (status == 403)))
        number = await desk.want()
        found = await desk.report(number)
        assert (found.state, found.reason) == (State.FAILED, told)
        assert found.hint
        assert desk.actor.state == "waiting"
        other = await desk.want(fresh=True)
        assert (await desk.report(other)).state is State.SUBMITTED


async def test_an_account_that_may_see_no_report_halts(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.amazon.plan("getReport", refused(403), refused(403))
        number = await desk.want()
        assert desk.actor.state == "halted"
        assert "does not allow" in desk.actor.reason
        assert (await desk.report(number)).state is State.SUBMITTED


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


async def test_a_restart_in_each_state_goes_on_where_it_was(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    async with open_desk(tmp_path, amazon, clock) as desk:
        number = await desk.want(minutes=0.2, fresh=True)
        assert (await desk.report(number)).state is State.SENDING
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=4)
        assert (amazon.count("createReport"), (await desk.report(number)).state) == (1, State.SUBMITTED)
    async with open_desk(tmp_path, amazon, clock) as desk:
        amazon.plan("getReportDocument", *[refused(503)] * 3)
        await desk.make(number)
        await desk.pass_time(minutes=1)
        assert (await desk.report(number)).state is State.AVAILABLE
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=10)
        assert (await desk.report(number)).state is State.PROCESSED
        assert (len(amazon.made), amazon.count("createReport")) == (1, 1)


async def test_a_restart_while_nobody_knows_whether_it_was_taken(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    amazon.plan("createReport", lost)
    amazon.plan("getReports", *[refused(503)] * 6)
    async with open_desk(tmp_path, amazon, clock) as desk:
        number = await desk.want(fresh=True)
        assert (await desk.report(number)).state is State.UNKNOWN
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=10)
        assert [(await desk.report(number)).report_id] == list(amazon.made)
        assert amazon.count("createReport") == 1


async def test_a_store_that_fails_is_the_actor_s_failure_and_nothing_is_asked_in_a_circle(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.want(fresh=True)
    failing = Failing()
    async with open_desk(tmp_path, amazon, clock, kit=failing.kit) as desk:
        amazon.plan("createReport", refused(429), refused(429))
        await desk.want(fresh=True, minutes=0)
        failing.fails = True
        looks = amazon.count("getReport")
        await desk.pass_time(minutes=2)
        assert desk.actor.state == "failing"
        assert amazon.count("getReport") - looks < 10
        failing.fails = False
        await desk.pass_time(minutes=15)
        assert desk.actor.state == "waiting"
        assert [report.state for report in await desk.all()] == [State.SUBMITTED, State.SUBMITTED]


class Failing:
    """A store in which the actor cannot write."""

    def __init__(self) -> None:
        self.fails = False
        self._store: Store

    def kit(self, kit: Kit) -> Kit:
        self._store = kit.store
        return replace(kit, store=cast("Store", self))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[..., Any]) -> Any:
        if self.fails:
            raise ChanneldError("disk_full", "The disk is full.")
        return await self._store.write(work)
