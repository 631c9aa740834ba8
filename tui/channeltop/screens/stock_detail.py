"""One seller SKU: what each channel says and why, what is there, what reserves it, and what was sent."""

from collections.abc import Hashable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.offers import ExplainedOffer, ExplainStock, StockExplained
from channeltop.format import things
from channeltop.model import Model
from channeltop.screens.detail import Detail, section
from channeltop.screens.explained_columns import (
    EVENT_COLUMNS,
    PART_COLUMNS,
    RESERVING_COLUMNS,
    parts_of,
)
from channeltop.screens.pushing import PUSH_KEY, Pushing
from channeltop.screens.stock_texts import channel_lines, offer_heading
from channeltop.widgets.table import Table

__all__ = ["StockDetail"]

EVENTS = 50
PACE = 5
"""Seconds within which it is read once at most, while stock is moving."""


class StockDetail(Detail):
    """Asked for again, now and then, while the stock of its account moves."""

    MODE = "stock"
    BINDINGS: ClassVar[list[BindingType]] = [PUSH_KEY]

    def __init__(self, account: str, sku: str) -> None:
        super().__init__()
        self._account = account
        self._sku = sku
        self._offer: ExplainedOffer | None = None
        self._marked: tuple[Hashable, float] | None = None
        self._pushing = Pushing(self, self.ask)

    def request(self) -> Request:
        return ExplainStock(sku=self._sku, account=self._account, limit=EVENTS)

    def mark(self, model: Model) -> Hashable:
        """Stays the same for some seconds after it was another one."""
        rows = tuple(row for row in model.stock_sync.values() if row.account == self._account)
        now = self.now.timestamp()
        if self._marked is None or (self._marked[0] != rows and now - self._marked[1] >= PACE):
            self._marked = rows, now
        return self._marked[0]

    def unread(self) -> str:
        return "It could not be read: no listing has that seller SKU any more. Escape goes back."

    def heading(self, reply: Reply) -> Content:
        if not isinstance(reply, StockExplained) or not reply.offers:
            return Content(self.unread())
        return offer_heading(reply.offers[0], self.now)

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if not isinstance(reply, StockExplained) or not reply.offers:
            return
        self._offer = offer = reply.offers[0]
        nobody = Content("No channel has a listing of it.")
        yield from section("What each channel says", Static(channel_lines(offer.channels) or nobody))
        where = Table(PART_COLUMNS, key=lambda row: row.key, group=lambda row: row.channel, cursor=False)
        where.show(parts_of(offer.channels), self.now)
        yield from section("Stock at its inventory locations", where)
        yield from _orders(offer, self)
        events = Table(EVENT_COLUMNS, key=str, cursor=False)
        events.show(offer.events, self.now)
        nothing = Static("Nothing was sent yet, and nothing was seen.")
        yield from section("What happened", events if offer.events else nothing)

    def action_push(self) -> None:
        if self._offer:
            self._pushing.push_one(self._offer.row)


def _orders(offer: ExplainedOffer, page: Detail) -> Iterable[Widget]:
    shown = len(offer.orders)
    more = f", {things(shown, 'order')} of {offer.orders_in_all:,}" if offer.orders_in_all > shown else ""
    orders = Table(RESERVING_COLUMNS, key=lambda row: f"{row.order_id}/{row.sku}", cursor=False)
    orders.show(offer.orders, page.now)
    yield from section(f"Orders that reserve it{more}", orders if shown else Static("None."))
