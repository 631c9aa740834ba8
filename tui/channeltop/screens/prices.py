"""The prices of one channel that were saved, and one of them with what happened to it.

The daemon has no topic for them: they are asked for when the page opens, after each change, and now and then.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.prices import ListPrices, PriceRow, PriceShown, ShowPrice
from channeltop.asked import Asked, Raised
from channeltop.format import amount, moment
from channeltop.model import Model
from channeltop.paging import Loading
from channeltop.prices import MOST, VIEWS, batch, query
from channeltop.screens.detail import Detail, section
from channeltop.screens.page import Page
from channeltop.screens.price_columns import PRICE_COLUMNS, event_columns, state
from channeltop.screens.pricing import PRICING_KEYS, Pricing
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.widgets.tones import joined, toned

__all__ = ["PriceDetail", "Prices"]

RENEWED_EVERY = 5.0
"""Seconds between two readings while it is looked at."""
NEAR_END = 20


class Prices(Page):
    """A page at a time."""

    MODE = "listings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "close", "Back", key_display="esc", tooltip="back to the listings"),
        Binding("enter", "open", "Open", tooltip="what happened to the price"),
        *PRICING_KEYS,
        Binding("f", "view", "View", tooltip="which are shown: all, to be approved, not sent yet …"),
    ]

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel
        self._table: Table[PriceRow] = Table(PRICE_COLUMNS, key=lambda row: row.key, id="prices")
        self._view = 0
        self._fresh = False
        self._asked_at: datetime | None = None
        self._loading: Loading[ListPrices, PriceRow] = Loading(batch, largest=MOST, most=MOST)
        self._pricing = Pricing(self, self._loading.renew)

    def body(self) -> Iterable[Widget]:
        yield Told(id="listed")
        yield self._table
        yield Told(id="description")

    def on_mount(self) -> None:
        self._table.focus()

    def on_screen_resume(self) -> None:
        self._loading.renew()
        super().on_screen_resume()

    # --- what is shown -----------------------------------------------------------------------------

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        waited = (now - self._asked_at).total_seconds() if self._asked_at else 0.0
        if (model.fresh and not self._fresh) or waited >= RENEWED_EVERY:
            self._loading.renew()
        self._fresh = model.fresh
        self._load()
        self._table.tick(now)

    def _load(self) -> None:
        at_end = self._table.place >= self._table.count - NEAR_END
        wanted = query(self._channel, VIEWS[self._view])
        if self._fresh and (request := self._loading.next(wanted, at_end=at_end)):
            self._asked_at = self.now
            self.post_message(Asked(request, self._came))
        self._fill()

    def _came(self, reply: Reply | None) -> None:
        self._loading.came(reply)
        if self.is_attached:
            self._fill()

    def _fill(self) -> None:
        self._table.empty = self._nothing()
        self._table.show(self._loading.rows, self.now)
        here = f"{len(self._loading.rows):,} here" + ("; more below" if self._loading.more else "")
        title = toned(f"Prices of {self._channel}", "strong")
        view = toned(VIEWS[self._view].name, "accent")
        self.query_one("#listed", Told).tell(joined((title, view, toned(here, "muted"))))
        self._describe()

    def _nothing(self) -> str:
        if not self._loading.is_here:
            return "Reading …" if self._fresh else "Waiting for the daemon."
        if self._view:
            return "None of its prices is so. f shows others."
        return f"No price was saved yet:\n  channelctl price set {self._channel} SKU PRICE"

    def _describe(self) -> None:
        row = self._table.selected
        self.query_one("#description", Told).tell(price_described(row, self.now) if row else Content())

    # --- what people do ----------------------------------------------------------------------------

    def on_table_highlighted(self) -> None:
        if self.is_mounted:
            self._describe()

    def on_table_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if row := self._table.selected:
            self.post_message(Raised(PriceDetail(row.channel, row.sku)))

    def action_view(self) -> None:
        self._view = (self._view + 1) % len(VIEWS)
        self._load()

    def action_price(self) -> None:
        if row := self._table.selected:
            self._pricing.price(row)

    def action_approve(self) -> None:
        if row := self._table.selected:
            self._pricing.approve(row)

    def action_drop(self) -> None:
        if row := self._table.selected:
            self._pricing.drop(row)

    def action_push(self) -> None:
        if row := self._table.selected:
            self._pricing.push(row)

    def action_close(self) -> None:
        self.dismiss()


class PriceDetail(Detail):
    """One listing's price; asked for again now and then."""

    MODE = "listings"
    BINDINGS: ClassVar[list[BindingType]] = [*PRICING_KEYS]

    def __init__(self, channel: str, sku: str) -> None:
        super().__init__()
        self._channel = channel
        self._sku = sku
        self._row: PriceRow | None = None
        self._pricing = Pricing(self, self.ask)

    def request(self) -> Request:
        return ShowPrice(channel=self._channel, sku=self._sku)

    def mark(self, model: Model) -> Hashable:
        return int(self.now.timestamp() // RENEWED_EVERY)

    def heading(self, reply: Reply) -> Content:
        return price_described(reply.row, self.now) if isinstance(reply, PriceShown) else Content()

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if isinstance(reply, PriceShown):
            self._row = reply.row
            events = Table(event_columns(reply.row.currency), key=str, cursor=False)
            events.show(reply.events, self.now)
            nothing = Static("Nothing has happened to it.")
            yield from section("What happened", events if reply.events else nothing)

    def action_price(self) -> None:
        if self._row:
            self._pricing.price(self._row)

    def action_approve(self) -> None:
        if self._row:
            self._pricing.approve(self._row)

    def action_drop(self) -> None:
        if self._row:
            self._pricing.drop(self._row)

    def action_push(self) -> None:
        if self._row:
            self._pricing.push(self._row)


def price_described(row: PriceRow, now: datetime) -> Content:
    """How a price stands, who saved it, what Amazon has, and why it waits."""
    text, tone = state(row)
    first = (
        toned(row.sku, "strong"),
        Content(row.channel),
        toned(amount(row.saved, row.currency), "strong"),
        toned(text, tone),
        toned(f"saved {moment(row.saved_at, now)} by {row.by}" if row.saved_at else "", "muted"),
    )
    bounds = [
        f"{name} {amount(bound, row.currency)}"
        for name, bound in (("from", row.min_price), ("to", row.max_price))
        if bound is not None
    ]
    second = (
        Content(f"confirmed {amount(row.confirmed, row.currency)}" if row.confirmed is not None else ""),
        Content(f"Amazon shows {amount(row.listed, row.currency)}" if row.listed is not None else ""),
        toned(" ".join(bounds), "muted"),
    )
    waits = f"tried again at {moment(row.next_try_at, now)}" if row.next_try_at else ""
    third = [toned(each, "warn") for each in (*row.holds, row.reason, row.held_back, waits)]
    lines = [joined(first), joined(second), joined(third)]
    return Content("\n").join([line for line in lines if line.plain])
