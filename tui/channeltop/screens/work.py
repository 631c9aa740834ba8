"""Outbound work: what is told to Amazon, how it stands, and what needs a person."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channel_protocol.work import WorkRow
from channeltop.asked import Raised
from channeltop.model import Model, Rows
from channeltop.screens.feeds import Feeds
from channeltop.screens.list_page import ListPage
from channeltop.screens.work_columns import WORK_COLUMNS, work_text
from channeltop.screens.work_detail import WorkDetail
from channeltop.screens.work_handling import HANDLING_KEYS, Handling
from channeltop.screens.work_texts import described, summary
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.work import counted, in_order

__all__ = ["Work"]


NOTHING_YET = """Nothing was told to Amazon yet.
An order is processed, cancelled or refunded in its detail (2, then enter)."""


class Work(ListPage[WorkRow]):
    """What needs a person first, then what is open by deadline, then what ended."""

    MODE = "work"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="what Amazon is told, and what came of it"),
        *HANDLING_KEYS,
        Binding("f", "feeds", "Feeds", tooltip="the feeds that carry the work"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._handling = Handling(self)
        self._source: tuple[Rows, Rows] | None = None
        self._ordered: Mapping[str, WorkRow] = {}

    def body(self) -> Iterable[Widget]:
        yield Told(id="summary")
        yield from super().body()

    def table(self) -> Table[WorkRow]:
        return Table(WORK_COLUMNS, key=lambda row: row.key, text=work_text)

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        source = model.topics["work"].rows, model.topics["feeds"].rows
        if self._source is None or source[0] is not self._source[0] or source[1] is not self._source[1]:
            self._source = source
            line = summary(counted(model.work.values()), model.feeds.values())
            self.query_one("#summary", Told).tell(line)

    def rows(self, model: Model) -> Mapping[str, WorkRow]:
        if self._source is None or model.topics["work"].rows is not self._source[0]:
            self._ordered = {row.key: row for row in in_order(model.work.values())}
        return self._ordered

    def empty(self, model: Model) -> str:
        return NOTHING_YET

    def describe(self, row: WorkRow, now: datetime) -> Content:
        return described(row, now)

    def on_table_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if row := self.selected:
            self.post_message(Raised(WorkDetail(row.work_id)))

    def action_feeds(self) -> None:
        self.post_message(Raised(Feeds()))

    def action_retry(self) -> None:
        if row := self.selected:
            self._handling.retry(row)

    def action_carrier(self) -> None:
        if row := self.selected:
            self._handling.carrier(row)

    def action_dismiss_work(self) -> None:
        if row := self.selected:
            self._handling.dismiss(row)

    def action_order(self) -> None:
        if row := self.selected:
            self._handling.order(row)
