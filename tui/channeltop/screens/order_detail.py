"""One order: how it is answered, its lines, how its total comes about, its facts and its audit trail.

Personal data is asked for by a key of its own, lives only in this screen, and is gone when it closes.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.errors import ClientError
from channel_protocol.orders import OrderPersonal, OrderRow, OrderShown, RecoverOrder, RevealOrder, ShowOrder
from channel_protocol.work import ListWork, WorkList, WorkRow
from channeltop.asked import Asked
from channeltop.model import Model, Rows
from channeltop.screens.answering import Answering
from channeltop.screens.audit_columns import ORDER_AUDIT_COLUMNS
from channeltop.screens.detail import Detail, section
from channeltop.screens.item_columns import item_columns
from channeltop.screens.order_texts import answers, facts, heading, personal
from channeltop.screens.work_columns import ORDER_WORK_COLUMNS
from channeltop.widgets.table import Table

__all__ = ["OrderDetail"]

MOST = 1000


class OrderDetail(Detail):
    """Asked for again when its row changes, or one of its notes, refunds and cancellations."""

    MODE = "orders"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "process", "Process", tooltip="a parcel has left: say how"),
        Binding("c", "cancel", "Cancel", tooltip="cancel the order or lines of it; asks first"),
        Binding("r", "refund", "Refund", tooltip="give money back; shows the amounts and asks first"),
        Binding("p", "reveal", "Personal", tooltip="show the personal data (audited)"),
        Binding("v", "recover", "Read again", tooltip="read the order again from Amazon and apply it"),
    ]

    def __init__(self, order_id: str, channel: str) -> None:
        super().__init__()
        self._order_id = order_id
        self._channel = channel
        self._row: OrderRow | None = None
        self._answering = Answering(self)
        self._work: tuple[Rows | None, Hashable] = (None, ())
        """The topic's rows that were looked through last, and what of them is this order's."""

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="detail"):
            yield Static(f"Reading {self._order_id} …", id="heading")
            yield Vertical(id="personal")
            yield Vertical(id="answers")
            yield Vertical(id="parts")

    # --- what is shown -------------------------------------------------------------------------------

    def request(self) -> Request:
        return ShowOrder(order_id=self._order_id, channel=self._channel)

    def mark(self, model: Model) -> Hashable:
        row = model.orders.get(f"{self._channel}/{self._order_id}")
        self._row = row or self._row
        rows = model.topics["work"].rows
        if rows is not self._work[0]:
            mine = (row for row in model.work.values() if row.order_id == self._order_id)
            self._work = rows, tuple((each.work_id, each.version) for each in mine)
        return row.version if row else 0, self._work[1]

    def ask(self) -> None:
        super().ask()
        request = ListWork(order_id=self._order_id, channel=self._channel, limit=MOST)
        self.post_message(Asked(request, self._answers_came, self._answers_failed))

    def heading(self, reply: Reply) -> Content:
        if not isinstance(reply, OrderShown):
            return Content()
        self._row = reply.row
        return heading(reply.row, self.now)

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if not isinstance(reply, OrderShown):
            return
        lines = Table(item_columns(reply.row.currency), key=lambda row: row.order_item_id, cursor=False)
        lines.show(reply.items, self.now)
        yield from section("Lines", lines)
        explained = Static(Content("\n").join(map(Content, reply.explanation)))
        yield from section("How the total comes about", explained)
        yield from section("Facts", Static(facts(reply.row, reply.facts)))
        audit = Table(ORDER_AUDIT_COLUMNS, key=lambda row: row.key, cursor=False)
        audit.show(reply.audit, self.now)
        yield from section("Audit trail", audit)

    def unread(self) -> str:
        return f"{self._order_id} could not be read. v reads it again."

    def _answers_came(self, reply: Reply | None) -> None:
        if isinstance(reply, WorkList):
            self.replace("#answers", _answers(reply.rows, self.now) if reply.rows else ())

    def _answers_failed(self, error: ClientError) -> None:
        self.replace("#answers", section("Told to Amazon", Static(Content(str(error)))))

    # --- what people do ------------------------------------------------------------------------------

    def action_process(self) -> None:
        if self._row:
            self._answering.process(self._row)

    def action_cancel(self) -> None:
        if self._row:
            self._answering.cancel(self._row)

    def action_refund(self) -> None:
        if self._row:
            self._answering.refund(self._row)

    def action_reveal(self) -> None:
        request = RevealOrder(command_id="", order_id=self._order_id, channel=self._channel)
        self.post_message(Asked(request, self._revealed))

    def _revealed(self, reply: Reply | None) -> None:
        if isinstance(reply, OrderPersonal):
            shown = section("Personal data (gone when this closes)", Static(personal(reply)))
            self.replace("#personal", shown)

    def action_recover(self) -> None:
        request = RecoverOrder(command_id="", order_id=self._order_id, channel=self._channel)
        self.post_message(Asked(request))


def _answers(rows: Iterable[WorkRow], now: datetime) -> Iterable[Widget]:
    """The notes, cancellations and refunds, and below them what is wrong with any."""
    rows = tuple(rows)
    table = Table(ORDER_WORK_COLUMNS, key=lambda row: row.key, cursor=False)
    table.show(rows, now)
    yield from section("Told to Amazon", table)
    if (wrong := answers(rows)).plain:
        yield Static(wrong)
