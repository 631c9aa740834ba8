"""Reports: files that Amazon makes on request, and how far each is."""

from datetime import datetime

import msgspec

from channel_protocol.base import Reply, Request, Row, WriteRequest


class ReportRow(Row, frozen=True, kw_only=True, tag="report"):
    """One report that was asked for."""

    number: int
    """In this daemon; a report has Amazon's id only once it was requested there."""
    account: str
    channel: str
    """Empty for a report about several channels."""
    report_type: str
    status: str
    """`Submitted`, `Available` or `Processed` (semantics H6); before that `Waiting`; or how it ended
    otherwise: `No data`, `Failed`, `Stuck`."""
    plain: bool
    """Whether `status` is one of the specification's three words; others are shown in another style."""
    state: str
    """The daemon's own: `wanted`, `sending`, `unknown`, `submitted`, `available`, `processed`, `no data`,
    `failed`, `stuck`."""
    amazon_status: str
    """`IN_QUEUE`, `IN_PROGRESS`, `DONE`, `CANCELLED`, `FATAL`, or empty."""
    report_id: str
    purpose: str
    """`listings`, `gaps` (orders compared with it), `backfill`, or `person`."""
    by: str
    """Who asked for it; empty for the daemon itself."""
    reused: bool
    """A recent report of the same kind, which Amazon had already, serves."""
    requested_at: datetime
    data_from: datetime | None
    data_to: datetime | None
    next_look: datetime | None
    ended_at: datetime | None
    rows: int | None
    bad_rows: int
    letters_lost: int
    """Letters that Amazon's file had lost or damaged."""
    reason: str
    hint: str

    @property
    def key(self) -> str:
        return str(self.number)


class ListReports(Request, frozen=True, kw_only=True, tag="report.list"):
    """Reports, the newest first."""

    account: str | None = None
    channel: str | None = None
    report_type: str | None = None
    limit: int = 100


class ReportList(Reply, frozen=True, kw_only=True, tag="report.list.reply"):
    rows: tuple[ReportRow, ...]


class BadRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a report that could not be read. It stopped nothing."""

    line: int
    reason: str
    text: str
    """Its beginning; empty for reports with buyers' data."""


class GapRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order that a report showed to be missing from the book, or behind."""

    order_id: str
    channel: str
    kind: str
    """`missing` or `behind`."""
    outcome: str
    """Of reading it by its id: `inserted`, `changed` …; empty while it is under way."""
    settled_at: datetime | None


class ShowReport(Request, frozen=True, kw_only=True, tag="report.show"):
    """One report by its number or by Amazon's id."""

    report: str
    limit: int = 100


class ReportShown(Reply, frozen=True, kw_only=True, tag="report.show.reply"):
    row: ReportRow
    facts: dict[str, str]
    """When it went through which state, who repeats whom, its columns."""
    bad_rows: tuple[BadRow, ...]
    gaps: tuple[GapRow, ...]


class RequestReport(WriteRequest, frozen=True, kw_only=True, tag="report.request"):
    """Ask Amazon for a report. A listing report downloads listings; an all-orders report looks for gaps."""

    channel: str
    report_type: str
    """Amazon's name; `listings` and `orders` stand for the two that channeld uses itself."""
    data_from: datetime | None = None
    data_to: datetime | None = None
    again: bool = False
    """Also within the time in which Amazon answers a repeat with nothing, or with old data."""


class ReportRequested(Reply, frozen=True, kw_only=True, tag="report.request.reply"):
    row: ReportRow
    attached: bool
    """One was under way, and serves."""
