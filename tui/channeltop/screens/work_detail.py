"""One piece of work: what it does, what Amazon is told, the feeds that carried it, and its audit trail."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.work import ShowWork, WorkFeed, WorkLine, WorkRow, WorkShown
from channeltop.format import NOTHING, number
from channeltop.model import Model
from channeltop.screens.audit_columns import ORDER_AUDIT_COLUMNS
from channeltop.screens.detail import Detail, section
from channeltop.screens.order_texts import aligned
from channeltop.screens.work_columns import does, said, said_tone
from channeltop.screens.work_handling import HANDLING_KEYS, Handling
from channeltop.screens.work_texts import facts, trouble
from channeltop.widgets.columns import Column
from channeltop.widgets.table import Table
from channeltop.widgets.tones import joined, toned
from channeltop.work import KINDS

__all__ = ["FEED_COLUMNS", "WorkDetail", "line_columns"]

FEED_COLUMNS: tuple[Column[WorkFeed], ...] = (
    Column(name="number", heading="Feed", width=6, right=True, text=lambda row, now: str(row.number)),
    Column(name="id", heading="Amazon's id", width=20, text=lambda row, now: row.feed_id or NOTHING, grow=1),
    Column(name="message", heading="Message", width=7, right=True, text=lambda row, now: str(row.message_id)),
    Column(name="result", heading="Result", width=8, text=lambda row, now: row.result or NOTHING),
    Column(name="code", heading="Amazon's code", width=13, text=lambda row, now: row.code),
)


def line_columns(currency: str) -> Sequence[Column[WorkLine]]:
    """What is done to each line; amounts are of that currency."""
    return (
        Column(name="sku", heading="SKU", width=16, text=lambda row, now: row.sku, grow=1),
        Column(
            name="item", heading="Order item", width=16, priority=2, text=lambda row, now: row.order_item_id
        ),
        Column(
            name="quantity",
            heading="Units",
            width=6,
            right=True,
            text=lambda row, now: NOTHING if row.quantity is None else str(row.quantity),
        ),
        Column(
            name="amounts",
            heading="Amounts",
            width=20,
            text=lambda row, now: _amounts(row, currency),
            grow=2,
        ),
    )


class WorkDetail(Detail):
    """Asked for again whenever its row changes."""

    MODE = "work"
    BINDINGS: ClassVar[list[BindingType]] = [*HANDLING_KEYS]

    def __init__(self, work_id: int) -> None:
        super().__init__()
        self._work_id = work_id
        self._row: WorkRow | None = None
        self._handling = Handling(self)

    def request(self) -> Request:
        return ShowWork(work_id=self._work_id)

    def mark(self, model: Model) -> Hashable:
        row = model.work.get(str(self._work_id))
        self._row = row or self._row
        return row.version if row else -1

    def heading(self, reply: Reply) -> Content:
        return _heading(reply.row) if isinstance(reply, WorkShown) else Content()

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if not isinstance(reply, WorkShown):
            return
        self._row = reply.row
        yield Static(aligned(facts(reply.row, self.now, reply.facts)))
        if reply.lines:
            lines = Table(line_columns(reply.row.currency), key=lambda row: row.order_item_id, cursor=False)
            lines.show(reply.lines, self.now)
            yield from section("Lines", lines)
        if reply.feeds:
            feeds = Table(FEED_COLUMNS, key=lambda row: str(row.number), cursor=False)
            feeds.show(reply.feeds, self.now)
            yield from section("Feeds that carried it", feeds)
        yield from section("What Amazon is told", Static(Content(reply.request or NOTHING)))
        yield from section("Audit trail", self._audit(reply, self.now))

    def _audit(self, reply: WorkShown, now: datetime) -> Widget:
        audit = Table(ORDER_AUDIT_COLUMNS, key=lambda row: row.key, cursor=False)
        audit.show(reply.audit, now)
        return audit

    def action_retry(self) -> None:
        if self._row:
            self._handling.retry(self._row)

    def action_carrier(self) -> None:
        if self._row:
            self._handling.carrier(self._row)

    def action_dismiss_work(self) -> None:
        if self._row:
            self._handling.dismiss(self._row)

    def action_order(self) -> None:
        if self._row:
            self._handling.order(self._row)


def _heading(row: WorkRow) -> Content:
    first = joined(
        (
            toned(KINDS.get(row.kind, row.kind).capitalize(), "strong"),
            Content(f"{row.order_id} on {row.channel}"),
            toned(said(row), said_tone(row)),
        )
    )
    return Content("\n").join(line for line in (first, Content(does(row)), *trouble(row)) if line.plain)


def _amounts(row: WorkLine, currency: str) -> str:
    return ", ".join(f"{name} {number(minor, currency)}" for name, minor in row.components.items())
