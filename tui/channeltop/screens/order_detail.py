"""One order: its lines, how its total comes about, its facts and its audit trail.

Personal data is asked for by a key of its own, lives only in this screen, and is gone when it closes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply
from channel_protocol.orders import OrderPersonal, OrderShown, RecoverOrder, RevealOrder, ShowOrder
from channeltop.asked import Asked
from channeltop.model import Model
from channeltop.screens.audit_columns import ORDER_AUDIT_COLUMNS
from channeltop.screens.item_columns import item_columns
from channeltop.screens.order_texts import facts, heading, personal
from channeltop.screens.page import Page
from channeltop.widgets.table import Table

__all__ = ["OrderDetail"]


class OrderDetail(Page):
    """Asks for the order when it opens, and again when its row changes."""

    MODE = "orders"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "close", "Back", key_display="esc", tooltip="back to the list"),
        Binding("p", "reveal", "Personal data", tooltip="show the personal data (audited)"),
        Binding("v", "recover", "Read again", tooltip="read the order again from Amazon and apply it"),
    ]

    def __init__(self, order_id: str, channel: str) -> None:
        super().__init__()
        self._order_id = order_id
        self._channel = channel
        self._version: int | None = None
        """Of the row that was asked for last."""

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="detail"):
            yield Static(f"Reading {self._order_id} …", id="heading")
            yield Vertical(id="personal")
            yield Vertical(id="parts")

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        row = model.orders.get(f"{self._channel}/{self._order_id}")
        version = row.version if row else 0
        if model.fresh and version != self._version:
            self._version = version
            self.post_message(Asked(ShowOrder(order_id=self._order_id, channel=self._channel), self._shown))

    def _shown(self, reply: Reply | None) -> None:
        if not self.is_attached:
            return
        if not isinstance(reply, OrderShown):
            self.query_one("#heading", Static).update(
                f"{self._order_id} could not be read. v reads it again."
            )
            return
        self.query_one("#heading", Static).update(heading(reply.row, self.now))
        self.run_worker(self._replace("#parts", self._parts(reply)), group="parts", exclusive=True)

    def _parts(self, order: OrderShown) -> list[Widget]:
        lines = Table(item_columns(order.row.currency), key=lambda row: row.order_item_id, cursor=False)
        lines.show(order.items, self.now)
        audit = Table(ORDER_AUDIT_COLUMNS, key=lambda row: row.key, cursor=False)
        audit.show(order.audit, self.now)
        return [
            Static("Lines", classes="section"),
            lines,
            Static("How the total comes about", classes="section"),
            Static(Content("\n").join(map(Content, order.explanation))),
            Static("Facts", classes="section"),
            Static(facts(order.row, order.facts)),
            Static("Audit trail", classes="section"),
            audit,
        ]

    async def _replace(self, where: str, widgets: list[Widget]) -> None:
        place = self.query_one(where)
        await place.remove_children()
        await place.mount_all(widgets)

    def action_reveal(self) -> None:
        request = RevealOrder(command_id="", order_id=self._order_id, channel=self._channel)
        self.post_message(Asked(request, self._revealed))

    def _revealed(self, reply: Reply | None) -> None:
        if self.is_attached and isinstance(reply, OrderPersonal):
            widgets: list[Widget] = [
                Static("Personal data (gone when this closes)", classes="section"),
                Static(personal(reply)),
            ]
            self.run_worker(self._replace("#personal", widgets), group="personal", exclusive=True)

    def action_recover(self) -> None:
        request = RecoverOrder(command_id="", order_id=self._order_id, channel=self._channel)
        self.post_message(Asked(request))

    def action_close(self) -> None:
        self.dismiss()
