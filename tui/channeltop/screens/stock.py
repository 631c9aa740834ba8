"""Stock: how far each channel's is told to Amazon, and below it the seller SKUs, a page at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channel_protocol.base import Reply
from channel_protocol.offers import ListOffers, OfferRow
from channeltop.asked import Asked, Raised
from channeltop.filter import Filter
from channeltop.model import Model, Rows
from channeltop.offers import MOST, VIEWS, Place, batch, places, query
from channeltop.paging import Loading
from channeltop.screens.offer_columns import OFFER_COLUMNS, PLACE_COLUMNS
from channeltop.screens.page import Page
from channeltop.screens.pushing import PUSH_KEY, Pushing
from channeltop.screens.stock_detail import StockDetail
from channeltop.screens.stock_texts import offer_described, place_described
from channeltop.widgets.filter_box import FilterBox
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.widgets.tones import joined, toned

__all__ = ["Stock"]

NO_CHANNEL = """No channel yet. Add one, and switch it on:
  channelctl channel add NAME --account ACCOUNT --marketplace UK"""
NO_OFFER = """Amazon is told of no seller SKU yet. That begins when
Update inventory is on and listings are linked."""
NEAR_END = 20
"""Rows before the last one at which the next page is asked for."""
RENEWED_EVERY = 3.0
"""Seconds between two readings of what is shown, while stock is moving."""


class Stock(Page):
    """Tab goes from the channels to the seller SKUs of the one below the cursor, and back."""

    MODE = "stock"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="the channel's seller SKUs; how one's quantity comes about"),
        PUSH_KEY,
        Binding("f", "view", "View", tooltip="which are shown: all, not told yet, channels differ …"),
        Binding(
            "slash",
            "find",
            "Find",
            key_display="/",
            tooltip="find what the SKU begins with; is:dirty, is:conflict …, account:…",
        ),
        Binding("escape", "back", "Channels", key_display="esc", show=False, tooltip="back to the channels"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._places: Table[Place] = Table(PLACE_COLUMNS, key=lambda row: row.channel or " ", id="places")
        self._offers: Table[OfferRow] = Table(OFFER_COLUMNS, key=lambda row: row.key, id="offers")
        self._source: Rows | None = None
        self._fresh = False
        self._view = 0
        self._wanted = Filter()
        self._loading: Loading[ListOffers, OfferRow] = Loading(batch, largest=MOST, most=MOST)
        self._moved = False
        """Something of the stock is other than when it was asked for."""
        self._asked_at: datetime | None = None
        self._shown: object = None
        """The rows below, and what is said when there are none."""
        self._pushing = Pushing(self, self._loading.renew)

    def body(self) -> Iterable[Widget]:
        yield self._places
        yield Told(id="listed")
        yield FilterBox()
        yield self._offers
        yield Told(id="description")

    def on_mount(self) -> None:
        self._places.focus()

    def on_screen_resume(self) -> None:
        self._loading.renew()
        super().on_screen_resume()

    # --- what is shown -----------------------------------------------------------------------------

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        rows = model.stock_sync
        if rows is self._source:
            self._places.tick(now)
        else:
            self._source, self._moved = rows, True
            self._places.show(places(rows.values()), now)
        if model.fresh and not self._fresh:
            self._loading.renew()
        self._fresh = model.fresh
        self._renew()
        self._load()
        self._describe()

    def _renew(self) -> None:
        """Values move in bursts: they are read again now and then, not each time."""
        elapsed = (self.now - self._asked_at).total_seconds() if self._asked_at else RENEWED_EVERY
        if self._moved and elapsed >= RENEWED_EVERY:
            self._moved = False
            self._loading.renew()

    def _load(self) -> None:
        """Ask for what is looked at and is not here."""
        if self._places.selected is not None:
            wanted = query(self._places.selected.channel, VIEWS[self._view], self._wanted)
            if self._fresh and (request := self._loading.next(wanted, at_end=self._is_at_end)):
                self._asked_at = self.now
                self.post_message(Asked(request, self._came))
        self._fill()

    @property
    def _is_at_end(self) -> bool:
        return self._offers.has_focus and self._offers.place >= self._offers.count - NEAR_END

    def _came(self, reply: Reply | None) -> None:
        self._loading.came(reply)
        if self.is_attached:
            self._fill()
            self._describe()

    def _fill(self) -> None:
        rows = self._loading.rows if self._places.selected else ()
        shown = rows, self._nothing()
        if shown == self._shown:
            self._offers.tick(self.now)
        else:
            self._shown = shown
            self._offers.empty = self._nothing()
            self._offers.show(rows, self.now)
        self.query_one("#listed", Told).tell(self._heading())

    def _heading(self) -> Content:
        """Which seller SKUs are shown, and whether there are more."""
        row = self._places.selected
        if row is None:
            return Content()
        here = len(self._loading.rows)
        more = "" if not self._loading.more else "; more below" if here < MOST else "; / finds others"
        return joined(
            (
                toned(f"Seller SKUs of {row.channel or 'all channels'}", "strong"),
                toned(VIEWS[self._view].name, "accent"),
                toned(f"{here:,} here{more}" if self._loading.is_here else "reading …", "muted"),
            )
        )

    def _nothing(self) -> str:
        if not self._fresh and not self._loading.is_here:
            return "Waiting for the daemon."
        if self._places.selected is None:
            return NO_CHANNEL
        if not self._loading.is_here:
            return "Reading …"
        if self._wanted or self._view:
            return "None of the seller SKUs is so. f shows others, / finds others."
        return NO_OFFER

    def _describe(self) -> None:
        """Of the list that the keyboard is in."""
        text = Content()
        if self._offers.has_focus:
            text = offer_described(row, self.now) if (row := self._offers.selected) else Content()
        elif place := self._places.selected:
            text = place_described(place, self.now)
        self.query_one("#description", Told).tell(text)

    # --- what people do ----------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        self._describe()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        if self.is_mounted:
            self._load()
            self._describe()

    def on_table_chosen(self) -> None:
        self.action_open()

    def on_filter_box_filtered(self, event: FilterBox.Filtered) -> None:
        """The daemon looks through all of them: it is asked at the next repaint, for what is typed then."""
        self._wanted = event.wanted

    def on_filter_box_left(self) -> None:
        self._offers.focus()

    def action_open(self) -> None:
        if self._offers.has_focus:
            if row := self._offers.selected:
                self.post_message(Raised(StockDetail(row.account, row.sku)))
        elif self._places.selected:
            self._offers.focus()

    def action_back(self) -> None:
        self._places.focus()

    def action_find(self) -> None:
        self.query_one(FilterBox).open()

    def action_view(self) -> None:
        self._view = (self._view + 1) % len(VIEWS)
        self._load()

    def action_push(self) -> None:
        """What the keyboard is at: a seller SKU, or all of a channel."""
        place, offer = self._places.selected, self._offers.selected
        if self._offers.has_focus and offer:
            self._pushing.push_one(offer)
        elif not self._offers.has_focus and place and place.channel:
            self._pushing.push_channel(place.channel)
        else:
            self.notify("Choose a channel, or a seller SKU: Enter or Tab goes to them.", severity="warning")
