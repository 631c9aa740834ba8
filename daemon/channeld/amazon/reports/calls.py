"""Asking for reports: what each call sends (Amazon's reference, section 7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from channeld.amazon.documents.places import ResultDocument
from channeld.amazon.instants import format_instant
from channeld.amazon.operations import (
    CANCEL_REPORT,
    CREATE_REPORT,
    GET_REPORT,
    GET_REPORT_DOCUMENT,
    GET_REPORTS,
    Call,
)
from channeld.amazon.reports.answers import Report, ReportsPage
from channeld.amazon.reports.types import report_type, why_refused

__all__ = [
    "cancel_report_call",
    "create_report_call",
    "report_call",
    "report_document_call",
    "reports_call",
    "reports_page_call",
]

_MOST_MARKETPLACES = 25
_MOST_TYPES = 10
_PAGE_SIZE = 100
_LOCALE = {"preferredReportDocumentLocale": "en_US"}
_NO_OPTIONS: Mapping[str, str] = {}


def create_report_call(
    name: str,
    marketplace_ids: Sequence[str],
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    options: Mapping[str, str] = _NO_OPTIONS,
) -> Call[str]:
    """Order a report of that type; the answer is its id. An English header is asked for where that is known.

    Listing reports take one marketplace: of several only the first counts. A request without an answer is
    not repeated: `reports_call` tells whether it was taken. Raises `ValueError` without a marketplace, for
    more than 25, for a span that ends before it starts, and for a type that is refused.
    """
    if reason := why_refused(name):
        raise ValueError(reason)
    if not 1 <= len(marketplace_ids) <= _MOST_MARKETPLACES:
        raise ValueError(f"a report is of 1 to {_MOST_MARKETPLACES} marketplaces")
    if start and end and end < start:
        raise ValueError("the span ends before it starts")
    wanted: dict[str, object] = {"reportType": name, "marketplaceIds": list(marketplace_ids)}
    if start:
        wanted["dataStartTime"] = format_instant(start)
    if end:
        wanted["dataEndTime"] = format_instant(end)
    if chosen := {**(_LOCALE if report_type(name).takes_locale else {}), **options}:
        wanted["reportOptions"] = chosen
    return Call(operation=CREATE_REPORT, body=msgspec.json.encode(wanted))


def report_call(report_id: str) -> Call[Report]:
    """How one report stands."""
    return Call(operation=GET_REPORT, path_params=(("reportId", report_id),))


def reports_call(names: Sequence[str], created_since: datetime) -> Call[ReportsPage]:
    """The reports of those types, by whatever program, created since then.

    Raises `ValueError` without a type, or for more than 10.
    """
    if not 1 <= len(names) <= _MOST_TYPES:
        raise ValueError(f"reports are listed for 1 to {_MOST_TYPES} types")
    filters = (
        ("reportTypes", ",".join(names)),
        ("pageSize", str(_PAGE_SIZE)),
        ("createdSince", format_instant(created_since)),
    )
    return Call(operation=GET_REPORTS, query=filters)


def reports_page_call(next_token: str) -> Call[ReportsPage]:
    """The page that a token stands for; no other parameter may go with it."""
    return Call(operation=GET_REPORTS, query=(("nextToken", next_token),))


def cancel_report_call(report_id: str) -> Call[None]:
    """Take a report back that Amazon has not begun."""
    return Call(operation=CANCEL_REPORT, path_params=(("reportId", report_id),))


def report_document_call(document_id: str) -> Call[ResultDocument]:
    """Where a report can be read, for five minutes. One in a minute: asked just before it is fetched."""
    return Call(operation=GET_REPORT_DOCUMENT, path_params=(("reportDocumentId", document_id),))
