"""Amazon's answers about reports (Amazon's reference, section 7)."""

from datetime import datetime

import msgspec

from channeld.amazon.documents.places import ResultDocument, plain_document_id
from channeld.amazon.errors import plain_code
from channeld.amazon.instants import BadInstant, parse_instant

__all__ = [
    "Report",
    "ReportsPage",
    "read_created_report",
    "read_report_document",
    "read_report_state",
    "read_reports",
]

_LONGEST_TOKEN = 16_384
"""It goes into the next request's URL, and no server takes a longer one."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report as Amazon shows it. Times are UTC."""

    report_id: str
    report_type: str
    status: str
    """IN_QUEUE, IN_PROGRESS, DONE, CANCELLED or FATAL; an open list. CANCELLED also means that there is
    nothing to report, or that the request came too early."""
    created_at: datetime
    marketplace_ids: tuple[str, ...] = ()
    data_start: datetime | None = None
    data_end: datetime | None = None
    started_at: datetime | None = None
    """When Amazon began to work on it."""
    ended_at: datetime | None = None
    document_id: str = ""
    """Empty while there is none; FATAL may have one, which explains."""
    schedule_id: str = ""
    """Empty unless a schedule made it, of whatever program."""


class ReportsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the reports asked for."""

    reports: tuple[Report, ...]
    next_token: str
    """Empty on the last page."""
    unreadable: int = 0
    """How many are left out, as they lack an id, a type, a status or a time."""


_Id = str | int


class _Document(msgspec.Struct, rename="camel"):
    report_document_id: _Id
    url: str
    compression_algorithm: str | None = None


class _Report(msgspec.Struct, rename="camel"):
    report_id: _Id
    report_type: str
    processing_status: str
    created_time: str
    marketplace_ids: list[str] | None = None
    data_start_time: str | None = None
    data_end_time: str | None = None
    processing_start_time: str | None = None
    processing_end_time: str | None = None
    report_document_id: _Id | None = None
    report_schedule_id: _Id | None = None


class _Reports(msgspec.Struct, rename="camel"):
    reports: list[msgspec.Raw]
    next_token: str | None = None


class _Created(msgspec.Struct, rename="camel"):
    report_id: _Id


_DOCUMENT = msgspec.json.Decoder(_Document, strict=False)
_REPORT = msgspec.json.Decoder(_Report, strict=False)
_REPORTS = msgspec.json.Decoder(_Reports, strict=False)
_CREATED = msgspec.json.Decoder(_Created, strict=False)


def read_created_report(body: bytes) -> str:
    """The id of the new report, from the answer of createReport. Raises `ValueError`."""
    return _code(_CREATED.decode(body).report_id)


def read_report_state(body: bytes) -> Report:
    """The answer of getReport. Raises `ValueError`."""
    return _report(_REPORT.decode(body))


def read_reports(body: bytes) -> ReportsPage:
    """The answer of getReports. Raises `ValueError`; a single report never spoils the page."""
    page = _REPORTS.decode(body)
    token = page.next_token or ""
    if len(token) > _LONGEST_TOKEN:
        raise ValueError("the page token is too long")
    read = [_readable(raw) for raw in page.reports]
    found = tuple(report for report in read if report is not None)
    return ReportsPage(reports=found, next_token=token, unreadable=len(read) - len(found))


def read_report_document(body: bytes) -> ResultDocument:
    """The answer of getReportDocument. Raises `ValueError`, also for a compression that is not known."""
    document = _DOCUMENT.decode(body)
    plain_document_id(str(document.report_document_id))
    if document.compression_algorithm not in (None, "", "GZIP"):
        raise ValueError("the document is compressed in an unknown way")
    return ResultDocument(url=document.url, gzip=document.compression_algorithm == "GZIP")


def _readable(raw: msgspec.Raw) -> Report | None:
    try:
        return _report(_REPORT.decode(raw))
    except (ValueError, RecursionError):
        return None


def _report(shown: _Report) -> Report:
    document = shown.report_document_id
    return Report(
        report_id=_code(shown.report_id),
        report_type=_code(shown.report_type),
        status=_code(shown.processing_status),
        created_at=parse_instant(shown.created_time),
        marketplace_ids=tuple(filter(None, map(plain_code, shown.marketplace_ids or ()))),
        data_start=_instant(shown.data_start_time),
        data_end=_instant(shown.data_end_time),
        started_at=_instant(shown.processing_start_time),
        ended_at=_instant(shown.processing_end_time),
        document_id=plain_document_id(str(document)) if document else "",
        schedule_id=plain_code(str(shown.report_schedule_id or "")),
    )


def _code(given: _Id) -> str:
    """Raises `ValueError` for what is no code: without these a report is none."""
    if not (code := plain_code(str(given))):
        raise ValueError("an id, type or status of a report is not a code")
    return code


def _instant(text: str | None) -> datetime | None:
    """None also for what cannot be read: nothing hangs on these."""
    try:
        return parse_instant(text) if text else None
    except BadInstant:
        return None
