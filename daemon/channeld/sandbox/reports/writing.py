"""createReport, cancelReport and createReportSchedule."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec

from channeld.sandbox.operations import Call, Operation, read_body
from channeld.sandbox.refusal import denied, impossible, invalid
from channeld.sandbox.reports.kinds import KINDS
from channeld.sandbox.reports.reading import REPORTS, SCHEDULES, report_of
from channeld.sandbox.reports.schedules import PERIODS, Schedule
from channeld.sandbox.rules import parameters

__all__ = ["OPERATIONS"]

Marketplaces = Annotated[list[str], msgspec.Meta(min_length=1, max_length=25)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _ReportSpecification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    report_type: str
    marketplace_ids: Marketplaces
    data_start_time: Instant | None = None
    data_end_time: Instant | None = None
    report_options: dict[str, str] = {}


class _ScheduleSpecification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    report_type: str
    marketplace_ids: Marketplaces
    period: str
    next_report_creation_time: Instant | None = None
    report_options: dict[str, str] = {}


def _create(call: Call) -> dict[str, Any]:
    """The report waits in its lane."""
    parameters(call.query, frozenset())
    wanted = read_body(call, _ReportSpecification)
    _check(call, wanted.report_type, wanted.marketplace_ids)
    _check_span(call, wanted)
    report = call.market.reports.ask(
        call.account.spec.seller_id,
        wanted.report_type,
        wanted.marketplace_ids,
        at=call.market.stamp(),
        start=wanted.data_start_time,
        end=wanted.data_end_time,
        options=wanted.report_options,
    )
    return {"reportId": report.report_id}


def _cancel(call: Call) -> dict[str, Any]:
    parameters(call.query, frozenset())
    if not call.market.reports.cancel(report_of(call), call.market.clock.now()):
        raise impossible("Only a report that is IN_QUEUE can be cancelled.")
    return {}


def _create_schedule(call: Call) -> dict[str, Any]:
    """Makes a schedule, in the place of one for the same type and marketplaces."""
    parameters(call.query, frozenset())
    wanted = read_body(call, _ScheduleSpecification)
    _check(call, wanted.report_type, wanted.marketplace_ids)
    if wanted.period not in PERIODS:
        raise invalid("period has an unknown value.", f"Known are {', '.join(PERIODS)}.")
    schedules, now = call.market.reports.schedules, call.market.stamp()
    schedule = Schedule(
        schedule_id=schedules.new_id(),
        seller_id=call.account.spec.seller_id,
        report_type=wanted.report_type,
        marketplace_ids=tuple(wanted.marketplace_ids),
        options=wanted.report_options,
        period=wanted.period,
        next=wanted.next_report_creation_time or now + PERIODS[wanted.period],
    )
    schedules.add(schedule)
    return {"reportScheduleId": schedule.schedule_id}


def _check(call: Call, report_type: str, marketplace_ids: Sequence[str]) -> None:
    if report_type not in KINDS:
        raise invalid("reportType is not supported.", "Report Type does not exist.")
    if not call.account.marketplace_ids.issuperset(marketplace_ids):
        raise denied("A marketplace is not one of this seller's in this region.")


def _check_span(call: Call, wanted: _ReportSpecification) -> None:
    now = call.market.clock.now()
    start, end = wanted.data_start_time or now, wanted.data_end_time or now
    if max(start, end) > now:
        raise invalid("dataStartTime and dataEndTime cannot be later than the time of the request.")
    if start > end:
        raise invalid("dataStartTime is later than dataEndTime.")
    longest = KINDS[wanted.report_type].longest
    if longest and end - start > longest:
        raise invalid(f"The span of this report type is at most {longest.days} days.")


OPERATIONS = (
    Operation("createReport", REPORTS, _create, method="POST", status=202),
    Operation("cancelReport", f"{REPORTS}/{{report_id}}", _cancel, method="DELETE"),
    Operation("createReportSchedule", SCHEDULES, _create_schedule, method="POST", status=201),
)
