"""All orders, with the way to one order's detail."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channel_protocol.orders import OrderRow, RecoverOrder
from channeltop.asked import Asked, OrderOpened
from channeltop.format import moment, things
from channeltop.model import Model
from channeltop.screens.list_page import ListPage
from channeltop.screens.order_columns import ORDER_COLUMNS, order_text
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.widgets.tones import joined, toned

__all__ = ["Orders"]


class Orders(ListPage[OrderRow]):
    """The most recently purchased first."""

    MODE = "orders"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="open the order"),
        Binding("v", "recover", "Read again", tooltip="read the order again from Amazon and apply it"),
    ]

    def body(self) -> Iterable[Widget]:
        yield Told(id="latest")
        yield from super().body()

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        latest = self.query_one("#latest", Told)
        shown, all_of_them = len(model.orders), sum(row.orders for row in model.channels.values())
        latest.display = model.fresh and shown < all_of_them
        latest.tell(_more(shown, all_of_them))

    def table(self) -> Table[OrderRow]:
        return Table(ORDER_COLUMNS, key=lambda row: row.key, text=order_text, sort="purchased", reverse=True)

    def rows(self, model: Model) -> Mapping[str, OrderRow]:
        return model.orders

    def empty(self, model: Model) -> str:
        if not any(channel.enabled for channel in model.channels.values()):
            return "No order yet, as no channel is enabled:  channelctl channel enable NAME"
        return "No order yet. They appear here by themselves; s on the overview asks for them now."

    def describe(self, row: OrderRow, now: datetime) -> Content:
        return joined(
            (
                toned(row.order_id, "strong"),
                Content(f"{things(row.lines, 'line')}, {things(row.units, 'unit')}"),
                Content(row.payment_method),
                Content(row.shipping_service),
                Content(row.location),
                toned(row.flags.replace(",", ", "), "warn"),
                toned(f"e-mail {row.email_state}", "muted"),
                toned(f"updated {moment(row.updated_at, now)}", "muted"),
            )
        )

    def on_table_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if row := self.selected:
            self.post_message(OrderOpened(row.order_id, row.channel))

    def action_recover(self) -> None:
        if row := self.selected:
            self.post_message(Asked(RecoverOrder(command_id="", order_id=row.order_id, channel=row.channel)))


def _more(shown: int, all_of_them: int) -> Content:
    """A filter only looks through what is here, so that there is more must be seen."""
    latest = f"Latest {shown:,} of {all_of_them:,} orders by last change."
    return toned(f"{latest} More: channelctl order list", "muted")
