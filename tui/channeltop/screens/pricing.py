"""What people decide about one listing's price, alike on every page that has it."""

from collections.abc import Callable, Mapping, Sequence

from textual.binding import Binding, BindingType
from textual.content import Content

from channel_protocol.base import Reply, Request
from channel_protocol.prices import (
    ApprovePrices,
    DropPrices,
    PriceRow,
    PricesDecided,
    PricesSaved,
    PriceToApprove,
    PriceWanted,
    PushPrices,
    SavePrices,
)
from channeltop.asked import Asked, Raised
from channeltop.format import amount
from channeltop.prices import decided, saved, typed
from channeltop.screens.entry import Entry, EntryField
from channeltop.screens.page import Page
from channeltop.screens.question import Question
from channeltop.widgets.tones import toned

__all__ = ["PRICING_KEYS", "Pricing"]

PRICING_KEYS: Sequence[BindingType] = (
    Binding("n", "price", "Price", tooltip="save another price, or its bounds"),
    Binding("a", "approve", "Approve", tooltip="let the price that waits for approval go out; asks first"),
    Binding("x", "drop", "Drop", tooltip="forget the saved price; asks first"),
    Binding("p", "push", "Push", tooltip="send the saved price once more; asks first"),
)
FOLLOW = "A price that is far from the one before, or out of its bounds, waits for approval."


class Pricing:
    """Of one page; `changed` is called when something was decided."""

    def __init__(self, page: Page, changed: Callable[[], None]) -> None:
        self._page = page
        self._changed = changed

    def price(self, row: PriceRow) -> None:
        """Ask for a price and its bounds; only what is typed otherwise is saved."""
        before = {
            "price": typed(row.saved, row.currency),
            "min_price": typed(row.min_price, row.currency),
            "max_price": typed(row.max_price, row.currency),
        }
        labels = {"price": f"Price in {row.currency}", "min_price": "Lowest", "max_price": "Highest"}
        fields = [EntryField(key=key, label=labels[key], text=text) for key, text in before.items()]

        def wish(texts: Mapping[str, str]) -> Request:
            new = {key: text for key, text in texts.items() if text != before[key]}
            wanted = PriceWanted(
                sku=row.sku,
                price=new.get("price", ""),
                min_price=new.get("min_price"),
                max_price=new.get("max_price"),
            )
            return SavePrices(command_id="", channel=row.channel, rows=(wanted,))

        form = Entry(
            f"The price of {row.sku} on {row.channel}",
            toned(FOLLOW, "muted"),
            fields,
            wish,
            saves_on="ctrl+s",
        )
        self._page.post_message(Raised(form, lambda reply: self._told(row.sku, reply)))

    def approve(self, row: PriceRow) -> None:
        """That very price; another one that was saved meanwhile stays held."""
        if not row.holds:
            self._page.notify("It does not wait for approval.", severity="warning")
            return
        before = amount(row.listed if row.confirmed is None else row.confirmed, row.currency)
        body = "\n".join((f"{amount(row.saved, row.currency)} instead of {before}", *row.holds))
        approved = (PriceToApprove(sku=row.sku, price=typed(row.saved, row.currency)),)
        self._ask(
            row,
            f"Let the price of {row.sku} go out?",
            body,
            ApprovePrices(command_id="", channel=row.channel, rows=approved),
        )

    def drop(self, row: PriceRow) -> None:
        """What Amazon has stays there."""
        body = f"{amount(row.saved, row.currency)} is forgotten. What Amazon has stays as it is."
        request = DropPrices(command_id="", channel=row.channel, skus=(row.sku,))
        self._ask(row, f"Forget the saved price of {row.sku}?", body, request)

    def push(self, row: PriceRow) -> None:
        """Whatever Amazon is thought to have."""
        body = f"Amazon is told {amount(row.saved, row.currency)}, whatever it is thought to have."
        request = PushPrices(command_id="", channel=row.channel, skus=(row.sku,))
        self._ask(row, f"Send the price of {row.sku} once more?", body, request)

    def _ask(self, row: PriceRow, title: str, body: str, request: Request) -> None:
        if row.saved is None:
            self._page.notify("No price is saved for it: n saves one.", severity="warning")
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._page.post_message(Asked(request, lambda reply: self._told(row.sku, reply)))

        self._page.post_message(Raised(Question(title, Content(body), "does it"), answered))

    def _told(self, sku: str, reply: Reply | None) -> None:
        if isinstance(reply, PricesSaved):
            self._page.notify(saved(sku, reply), markup=False)
        elif isinstance(reply, PricesDecided):
            self._page.notify(decided(reply), markup=False)
        else:
            return
        self._changed()
