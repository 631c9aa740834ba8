"""Requests about reports."""

from sqlalchemy import Connection

from channel_protocol.reports import (
    ListReports,
    ReportList,
    ReportRequested,
    ReportShown,
    RequestReport,
    ShowReport,
)
from channeld.commands.asking import Asked, find_account, find_channel
from channeld.commands.reports import Wish, find_report, request_report
from channeld.control.context import Context
from channeld.control.rows.reports import bad_rows, gap_rows, report_facts, report_row
from channeld.domain.report.types import report_use
from channeld.store import order_gaps, reports
from channeld.store.names import names
from channeld.store.unit import Unit

__all__ = ["list_all", "request", "show"]


async def list_all(request: ListReports, context: Context) -> ReportList:
    def query(connection: Connection) -> ReportList:
        account = find_account(connection, request.account) if request.account else None
        channel = find_channel(connection, request.channel) if request.channel else None
        found = reports.latest(
            connection,
            request.limit,
            account_id=account.id if account else None,
            channel_id=channel.id if channel else None,
            report_type=report_use(request.report_type).name if request.report_type else None,
        )
        known = names(connection)
        return ReportList(rows=tuple(report_row(report, known) for report in found))

    return await context.read(query)


async def show(request: ShowReport, context: Context) -> ReportShown:
    def query(connection: Connection) -> ReportShown:
        report, known = find_report(connection, request.report), names(connection)
        return ReportShown(
            row=report_row(report, known),
            facts=report_facts(report, reports.repeat_of(connection, report.id)),
            bad_rows=bad_rows(reports.faults(connection, report.id, request.limit)),
            gaps=gap_rows(order_gaps.of_report(connection, report.id)[: request.limit], known),
        )

    return await context.read(query)


async def request(request: RequestReport, context: Context) -> ReportRequested:
    wish = Wish(
        channel=request.channel,
        report_type=request.report_type,
        data_from=request.data_from,
        data_to=request.data_to,
        again=request.again,
    )

    def act(unit: Unit, asked: Asked) -> ReportRequested:
        requested = request_report(unit, asked, wish)
        row = report_row(requested.report, names(unit.connection))
        return ReportRequested(row=row, attached=requested.attached)

    return await context.change(request, ReportRequested, act)
