"""Reports from a person's request to Amazon and back, through the whole daemon (semantics H5, H6)."""

from pathlib import Path

from channel_protocol.reports import (
    ListReports,
    ReportList,
    ReportRequested,
    ReportRow,
    ReportShown,
    RequestReport,
    ShowReport,
)
from channeld.sandbox import Market, SandboxOptions
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

FBA = "GET_AFN_INVENTORY_DATA"


async def request(daemon: Daemon, report_type: str) -> ReportRow:
    wish = RequestReport(command_id=new_id(), channel="uk", report_type=report_type)
    return (await daemon.ask(wish, ReportRequested)).row


async def row(daemon: Daemon, number: int) -> ReportRow:
    rows = (await daemon.ask(ListReports(), ReportList)).rows
    return next(row for row in rows if row.number == number)


async def test_a_report_is_made_counted_and_shown(tmp_path: Path, clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=40))
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        number = (await request(daemon, FBA)).number
        seen: list[str] = []
        for _ in range(60):
            await daemon.pass_time(seconds=30)
            status = (await row(daemon, number)).status
            if status not in seen:
                seen.append(status)
            if status == "Processed":
                break
        assert seen[-1] == "Processed"
        assert set(seen) <= {"Waiting", "Submitted", "Available", "Processed"}
        shown = await daemon.ask(ShowReport(report=str(number)), ReportShown)
        assert shown.row.rows
        assert "seller-sku" in shown.facts["Columns"]
        assert (await daemon.actor("eu/reports")).state == "waiting"


async def test_trouble_and_a_restart_in_between_do_no_harm(tmp_path: Path, clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=40))
    market.faults.plan("reset_after", operation="createReport")
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        wanted = [(await request(daemon, kind)).number for kind in (FBA, "GET_RESERVED_INVENTORY_DATA")]
        await daemon.pass_time(minutes=2)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=30)
        rows = [await row(daemon, number) for number in wanted]
        assert (rows[0].status, rows[1].plain) == ("Processed", rows[1].status == "Processed")
        ids = [
            each.report_id for each in (await daemon.ask(ListReports(), ReportList)).rows if each.report_id
        ]
        assert len(set(ids)) == len(ids)
        assert not market.truth.over_budget
