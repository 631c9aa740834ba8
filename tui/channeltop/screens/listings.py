"""Listings: how they come in, channel by channel, and below it those of one channel, a page at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channel_protocol.base import Reply
from channel_protocol.listings import DownloadRow, ListingRow, ListListings
from channeltop.asked import Asked, Raised
from channeltop.downloads import by_channel
from channeltop.filter import Filter
from channeltop.listings import LARGEST, MOST, VIEWS, batch, query
from channeltop.model import Model, Rows
from channeltop.paging import Loading
from channeltop.screens.download_columns import DOWNLOAD_COLUMNS, download_described, download_key
from channeltop.screens.downloading import Downloading
from channeltop.screens.listing_columns import LISTING_COLUMNS, standing, standing_tone
from channeltop.screens.listing_detail import ListingDetail
from channeltop.screens.listing_linking import LINKING_KEYS, Linking
from channeltop.screens.page import Page
from channeltop.screens.prices import Prices
from channeltop.widgets.filter_box import FilterBox
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.widgets.tones import joined, toned

__all__ = ["Listings"]

NO_CHANNEL = """No channel yet. Add one, and switch it on:
  channelctl channel add NAME --account ACCOUNT --marketplace UK"""
NEAR_END = 20
"""Rows before the last one at which the next page is asked for."""


class Listings(Page):
    """Tab goes from the channels to the listings of the one below the cursor, and back."""

    MODE = "listings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="the channel's listings; what is known of a listing"),
        Binding("d", "download", "Load", tooltip="download the listings of the channel now"),
        *LINKING_KEYS,
        Binding("p", "prices", "Prices", tooltip="the prices that were saved for the channel's listings"),
        Binding("f", "view", "View", tooltip="which are shown: all, not linked, with a suggestion …"),
        Binding(
            "slash",
            "find",
            "Find",
            key_display="/",
            tooltip="find part of SKU, ASIN or title; link:…, presence:…",
        ),
        Binding("escape", "back", "Channels", key_display="esc", show=False, tooltip="back to the channels"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._downloads: Table[DownloadRow] = Table(DOWNLOAD_COLUMNS, key=download_key, id="downloads")
        self._listings: Table[ListingRow] = Table(LISTING_COLUMNS, key=lambda row: row.key, id="listings")
        self._source: Rows | None = None
        self._fresh = False
        self._view = 0
        self._wanted = Filter()
        self._loading: Loading[ListListings, ListingRow] = Loading(batch, largest=LARGEST, most=MOST)
        self._counts: object = None
        """Of the chosen channel: when they are others, its listings are asked for again."""
        self._shown: object = None
        """The rows below, and what is said when there are none."""
        self._linking = Linking(self, self._loading.renew)
        self._downloading = Downloading(self)

    def body(self) -> Iterable[Widget]:
        yield self._downloads
        yield Told(id="listed")
        yield FilterBox()
        yield self._listings
        yield Told(id="description")

    def on_mount(self) -> None:
        self._downloads.focus()

    def on_screen_resume(self) -> None:
        self._loading.renew()
        super().on_screen_resume()

    # --- what is shown -----------------------------------------------------------------------------

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        rows = model.topics["listing_downloads"].rows
        if rows is self._source:
            self._downloads.tick(now)
        else:
            self._source = rows
            self._downloads.show(by_channel(model.listing_downloads.values()).values(), now)
        if model.fresh and not self._fresh:
            self._loading.renew()
        self._fresh = model.fresh
        self._load()
        self._describe()

    @property
    def channel(self) -> DownloadRow | None:
        """The channel below the cursor."""
        return self._downloads.selected

    def _load(self) -> None:
        """Ask for what is looked at and is not here."""
        row = self.channel
        if row is None:
            self._fill()
            return
        counts = row.channel, row.in_progress, row.started_at, row.listings, row.linked, row.missing_now
        if counts != self._counts:
            self._counts = counts
            self._loading.renew()
        wanted = query(row.channel, VIEWS[self._view], self._wanted)
        if self._fresh and (request := self._loading.next(wanted, at_end=self._is_at_end)):
            self.post_message(Asked(request, self._came))
        self._fill()

    @property
    def _is_at_end(self) -> bool:
        count = self._listings.count
        return self._listings.has_focus and self._listings.place >= count - NEAR_END

    def _came(self, reply: Reply | None) -> None:
        self._loading.came(reply)
        if self.is_attached:
            self._fill()
            self._describe()

    def _fill(self) -> None:
        rows = self._loading.rows if self.channel else ()
        shown = rows, self._nothing()
        if shown != self._shown:
            self._shown = shown
            self._listings.empty = self._nothing()
            self._listings.show(rows, self.now)
        self.query_one("#listed", Told).tell(self._heading())

    def _heading(self) -> Content:
        """Which listings are shown, and whether there are more."""
        row = self.channel
        if row is None:
            return Content()
        here = len(self._loading.rows)
        more = "" if not self._loading.more else "; more below" if here < MOST else "; / finds others"
        return joined(
            (
                toned(f"Listings of {row.channel}", "strong"),
                toned(VIEWS[self._view].name, "accent"),
                toned(f"{here:,} here{more}" if self._loading.is_here else "reading …", "muted"),
            )
        )

    def _nothing(self) -> str:
        row = self.channel
        if not self._fresh and not self._loading.is_here:
            return "Waiting for the daemon."
        if row is None:
            return NO_CHANNEL
        if not self._loading.is_here:
            return "Reading …"
        if self._wanted or self._view:
            return "None of its listings is so. f shows others, / finds others."
        return f"No listing yet. d downloads those of {row.channel} from Amazon."

    def _describe(self) -> None:
        """Of the list that the keyboard is in."""
        text = Content()
        if self._listings.has_focus:
            text = described(row) if (row := self._listings.selected) else Content()
        elif channel := self.channel:
            text = download_described(channel, self.now)
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
        self._listings.focus()

    def action_open(self) -> None:
        if self._listings.has_focus:
            if row := self._listings.selected:
                self.post_message(Raised(ListingDetail(row.channel, row.sku)))
        elif self.channel:
            self._listings.focus()

    def action_back(self) -> None:
        self._downloads.focus()

    def action_find(self) -> None:
        self.query_one(FilterBox).open()

    def action_view(self) -> None:
        self._view = (self._view + 1) % len(VIEWS)
        self._load()

    def action_download(self) -> None:
        if row := self.channel:
            self._downloading.download(row.channel)

    def action_prices(self) -> None:
        if row := self.channel:
            self.post_message(Raised(Prices(row.channel)))

    def action_link(self) -> None:
        if row := self._chosen():
            self._linking.link(row)

    def action_unlink(self) -> None:
        if row := self._chosen():
            self._linking.unlink(row)

    def _chosen(self) -> ListingRow | None:
        """The listing below the cursor, if the keyboard is in the listings."""
        row = self._listings.selected if self._listings.has_focus else None
        if row is None:
            self.notify("No listing is chosen: Enter or Tab goes to them.", severity="warning")
        return row


def described(row: ListingRow) -> Content:
    """More of one listing than its columns tell."""
    first = (
        toned(row.sku, "strong"),
        toned(row.asin, "muted"),
        toned(standing(row), standing_tone(row)),
        Content(row.condition),
        Content("fulfilled by Amazon" if row.fulfilled_by == "AMAZON" else ""),
    )
    return Content("\n").join((joined(first), Content(row.title), _link(row)))


def _link(row: ListingRow) -> Content:
    if row.item:
        return Content(f"{row.link.replace('sku', 'SKU')}: item {row.item}")
    likely = f"it may be item {row.suggestion}: l links it" if row.suggestion else "l links it to an item"
    return joined((toned(row.link, "warn" if row.link == "unlinked" else "muted"), toned(likely, "accent")))
