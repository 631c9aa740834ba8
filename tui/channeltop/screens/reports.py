"""Reports: type, last requested and status of the files that Amazon makes on request."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.reports import ReportRequested, ReportRow, ReportShown, RequestReport, ShowReport
from channeltop import specs
from channeltop.asked import Raised
from channeltop.model import Model, Rows
from channeltop.replies import told
from channeltop.reports import in_order
from channeltop.screens.detail import Detail, section
from channeltop.screens.entry import Entry, EntryField, Misread
from channeltop.screens.list_page import ListPage
from channeltop.screens.order_texts import aligned
from channeltop.screens.report_columns import (
    BAD_ROW_COLUMNS,
    GAP_COLUMNS,
    REPORT_COLUMNS,
    report_described,
    report_text,
)
from channeltop.widgets.table import Table

__all__ = ["ReportDetail", "Reports"]

NOTHING_YET = """No report was asked for yet.
n asks for one; d on the overview downloads a channel's listings."""
OFFERED = (
    "listings",
    "orders",
    "GET_MERCHANT_LISTINGS_DATA",
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA",
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL",
    "GET_AFN_INVENTORY_DATA",
)
"""Types that are completed while typing; what is wrong is what the daemon says."""
REQUEST_HELP = (
    "listings downloads the channel's listings; orders looks for orders that are missing from the book. "
    "Of other types, by Amazon's name, rows are counted and columns named."
)


class Reports(ListPage[ReportRow]):
    """The newest first. The usual three words stand plain, others in brackets and in another tone."""

    MODE = "reports"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="how it went, and lines that could not be read"),
        Binding("n", "request", "Request", tooltip="ask Amazon for a report"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._source: Rows | None = None
        self._ordered: Mapping[str, ReportRow] = {}
        self._channels: tuple[str, ...] = ()

    def table(self) -> Table[ReportRow]:
        return Table(REPORT_COLUMNS, key=lambda row: row.key, text=report_text)

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        self._channels = tuple(sorted(name for name, row in model.channels.items() if row.enabled))

    def rows(self, model: Model) -> Mapping[str, ReportRow]:
        source = model.topics["reports"].rows
        if source is not self._source:
            self._source = source
            self._ordered = {row.key: row for row in in_order(model.reports.values())}
        return self._ordered

    def empty(self, model: Model) -> str:
        return NOTHING_YET

    def describe(self, row: ReportRow, now: datetime) -> Content:
        return report_described(row, now)

    def on_table_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if row := self.selected:
            self.post_message(Raised(ReportDetail(row.number)))

    def action_request(self) -> None:
        only = self._channels[0] if len(self._channels) == 1 else ""
        row = self.selected
        self.post_message(Raised(request_form(row.channel if row else only, self._channels), self._asked))

    def _asked(self, reply: Reply | None) -> None:
        if isinstance(reply, ReportRequested):
            self.notify(told(reply, self.now), markup=False)


class ReportDetail(Detail):
    """One report: when it went through which state, lines that could not be read, gaps that it showed."""

    MODE = "reports"

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def request(self) -> Request:
        return ShowReport(report=str(self._number))

    def mark(self, model: Model) -> Hashable:
        row = model.reports.get(str(self._number))
        return row.version if row else -1

    def heading(self, reply: Reply) -> Content:
        return report_described(reply.row, self.now) if isinstance(reply, ReportShown) else Content()

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if not isinstance(reply, ReportShown):
            return
        yield Static(aligned(reply.facts))
        if reply.gaps:
            gaps = Table(GAP_COLUMNS, key=lambda row: row.order_id, cursor=False)
            gaps.show(reply.gaps, self.now)
            yield from section("Orders that were missing from the book, or behind", gaps)
        if reply.bad_rows:
            bad = Table(BAD_ROW_COLUMNS, key=lambda row: str(row.line), cursor=False)
            bad.show(reply.bad_rows, self.now)
            yield from section("Lines that could not be read; they stopped nothing", bad)


def request_form(channel: str, channels: Iterable[str]) -> Entry:
    """Which report is asked for; its answer is the daemon's."""
    return Entry(
        "Ask Amazon for a report",
        Content(REQUEST_HELP),
        [
            EntryField(key="report_type", label="Type", offered=OFFERED),
            EntryField(key="channel", label="Channel", text=channel, offered=tuple(channels)),
            EntryField(key="data_from", label="From, in UTC, such as 2026-01-31 (empty: as the type needs)"),
            EntryField(key="data_to", label="To, in UTC (empty: now)"),
            EntryField(
                key="again",
                label="Again, though Amazon will hardly have anything new (yes or no)",
                after="asked_recently",
            ),
        ],
        _requested,
        saves_on="ctrl+s",
        saves="ask for it",
    )


def _requested(texts: Mapping[str, str]) -> RequestReport:
    try:
        again = specs.yes(texts["again"])
    except ValueError as error:
        raise Misread("again", str(error)) from None
    return RequestReport(
        command_id="",
        channel=texts["channel"],
        report_type=texts["report_type"],
        data_from=_instant("data_from", texts),
        data_to=_instant("data_to", texts),
        again=again,
    )


def _instant(key: str, texts: Mapping[str, str]) -> datetime | None:
    """A date or time; without a zone it is UTC, as all times on the page."""
    if not texts[key]:
        return None
    try:
        at = datetime.fromisoformat(texts[key])
    except ValueError:
        raise Misread(key, "write 2026-01-31 or 2026-01-31T12:00") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
