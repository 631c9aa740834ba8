"""Asking Amazon for a report: no answer, refusals, and what was asked for already."""

from datetime import timedelta
from pathlib import Path

import pytest

from channeld.book.reports.moves import begin, put_back
from channeld.book.reports.wishing import wish
from channeld.domain.report.states import State
from channeld.store import reports
from channeld.store.unit import Unit
from tests.support.report_desk import FBA, UK, lost, open_desk, refused, shown, unheard

MINUTE = timedelta(minutes=1)


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
        number = await desk.want(minutes=0.5, fresh=True)
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
