"""getReport, getReports, getReportDocument and getReportSchedules."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, get_args

from channeld.sandbox.lists import instant_or, page_of, values
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.refusal import Refusal, denied, invalid
from channeld.sandbox.reports.kinds import KEPT, KINDS, RESTRICTED
from channeld.sandbox.reports.report import Processing, Report
from channeld.sandbox.reports.schedules import Schedule
from channeld.sandbox.rules import parameters
from channeld.sandbox.shape import instant

__all__ = ["OPERATIONS", "REPORTS", "SCHEDULES", "report_of"]

REPORTS, SCHEDULES = "/reports/2021-06-30/reports", "/reports/2021-06-30/schedules"


def report_of(call: Call) -> Report:
    """The seller's report that the path names. Refusal 404."""
    report = call.market.reports.reports.get(call.path["report_id"])
    seller_id, now = call.account.spec.seller_id, call.market.clock.now()
    if report is None or report.seller_id != seller_id or now - report.created >= KEPT:
        raise Refusal(404, "NotFound", "The report does not exist.")
    return report


def _get(call: Call) -> dict[str, Any]:
    parameters(call.query, frozenset())
    return _shape(report_of(call))


def _list(call: Call) -> dict[str, Any]:
    """Newest first."""
    find = partial(_found, call)
    reports, following = page_of(call.query, "reportTypes", call.account.report_pages, find)
    return {"reports": [_shape(report) for report in reports], **following}


def _found(call: Call, given: Mapping[str, str]) -> list[Report]:
    now = call.market.clock.now()
    since, until = instant_or(given, "createdSince", now - KEPT), instant_or(given, "createdUntil", now)
    types, statuses = values(given, "reportTypes"), values(given, "processingStatuses")
    places = values(given, "marketplaceIds")
    if not statuses <= set(get_args(Processing)):
        raise invalid("processingStatuses has an unknown value.")
    return [
        report
        for report in call.market.reports.known(call.account.spec.seller_id, now)
        if report.report_type in types
        and (not statuses or report.status in statuses)
        and (not places or places & set(report.marketplace_ids))
        and since <= report.created <= until
    ]


def _document(call: Call) -> dict[str, Any]:
    """An address to download the document from, a new one each time."""
    given = parameters(call.query, frozenset({"enableContentEncodingUrlHeader"}))
    market, now = call.market, call.market.clock.now()
    seller_id, document_id = call.account.spec.seller_id, call.path["document_id"]
    document = market.documents.get(document_id, seller_id)
    known = market.reports.known(seller_id, now)
    report = next((each for each in known if each.document_id == document_id), None)
    if document is None or report is None or now - report.created >= KINDS[report.report_type].kept:
        raise Refusal(404, "NotFound", "The report document does not exist.")
    if report.report_type in RESTRICTED | set(market.options.restricted_reports):
        raise denied("A restricted data token is needed for the document of this report type.")
    inflated = given.get("enableContentEncodingUrlHeader") == "true" and document.gzipped
    lapsed = market.faults.fires("url_lapsed", seller_id=seller_id, operation=report.report_type)
    issued = now - timedelta(seconds=market.options.document_seconds if lapsed else 0)
    token = market.documents.address(document, issued, inflated_by_client=inflated)
    body = {"reportDocumentId": document_id, "url": f"{call.base}/documents/{token}"}
    return body | ({"compressionAlgorithm": "GZIP"} if document.gzipped else {})


def _schedules(call: Call) -> dict[str, Any]:
    given = parameters(call.query, frozenset({"reportTypes"}))
    if "reportTypes" not in given:
        raise invalid("reportTypes is required.")
    found = call.market.reports.schedules.of(call.account.spec.seller_id, values(given, "reportTypes"))
    return {"reportSchedules": [_schedule(each) for each in found]}


def _shape(report: Report) -> dict[str, Any]:
    body: dict[str, Any] = {
        "reportId": report.report_id,
        "reportType": report.report_type,
        "marketplaceIds": list(report.marketplace_ids),
        "dataStartTime": instant(report.start, True),
        "dataEndTime": instant(report.end, True),
        "createdTime": instant(report.created, True),
        "processingStatus": report.status,
        "processingStartTime": report.started and instant(report.started, True),
        "processingEndTime": report.ended and instant(report.ended, True),
        "reportDocumentId": report.document_id,
        "reportScheduleId": report.schedule_id,
    }
    return {name: value for name, value in body.items() if value}


def _schedule(schedule: Schedule) -> dict[str, Any]:
    body: dict[str, Any] = {
        "reportScheduleId": schedule.schedule_id,
        "reportType": schedule.report_type,
        "marketplaceIds": list(schedule.marketplace_ids),
        "period": schedule.period,
        "nextReportCreationTime": instant(schedule.next, True),
    }
    return body | ({"reportOptions": dict(schedule.options)} if schedule.options else {})


OPERATIONS = (
    Operation("getReport", f"{REPORTS}/{{report_id}}", _get),
    Operation("getReports", REPORTS, _list),
    Operation("getReportDocument", "/reports/2021-06-30/documents/{document_id}", _document),
    Operation("getReportSchedules", SCHEDULES, _schedules),
)
