"""Send once more what Amazon is to be told, on a key and after a question, alike on every page with it."""

from collections.abc import Callable

from textual.binding import Binding, BindingType
from textual.content import Content

from channel_protocol.base import Reply
from channel_protocol.offers import OfferRow, PushStock, StockPushed
from channeltop.asked import Asked, Raised
from channeltop.screens.offer_columns import quantity
from channeltop.screens.page import Page
from channeltop.screens.question import Question
from channeltop.screens.stock_texts import pushed

__all__ = ["PUSH_KEY", "Pushing"]

PUSH_KEY: BindingType = Binding(
    "p", "push", "Push", tooltip="send once more what Amazon is to be told; asks first"
)
CLOSED = "What was closed by hand at Amazon is opened again by it."


class Pushing:
    """Of one page; `done` is called when something is sent."""

    def __init__(self, page: Page, done: Callable[[], None]) -> None:
        self._page = page
        self._done = done

    def push_one(self, row: OfferRow) -> None:
        """One seller SKU."""
        told = f"Amazon is told {quantity(row.quantity)} of {row.sku}"
        handling = f", with the handling time {row.handling}" if row.handling else ""
        self._ask(
            f"Send {row.sku} once more?",
            f"{told}{handling}, whatever it is thought to have. {CLOSED}",
            PushStock(command_id="", skus=(row.sku,), account=row.account),
        )

    def push_channel(self, channel: str) -> None:
        """All that a channel sells."""
        self._ask(
            f"Send all of {channel} once more?",
            f"Every linked seller SKU on {channel} is sent, also those that Amazon has confirmed. "
            f"With many of them it takes a while. {CLOSED}",
            PushStock(command_id="", channel=channel),
        )

    def _ask(self, title: str, body: str, request: PushStock) -> None:
        question = Question(title, Content(body), "sends it")

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._page.post_message(Asked(request, self._told))

        self._page.post_message(Raised(question, answered))

    def _told(self, reply: Reply | None) -> None:
        if isinstance(reply, StockPushed):
            self._page.notify(pushed(reply), markup=False)
            self._done()
