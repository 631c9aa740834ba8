"""Limits and Ignore Sync of one listing: set after their consequences were shown."""

from collections.abc import Callable, Mapping

from textual.binding import Binding, BindingType
from textual.content import Content

from channel_protocol.base import Reply
from channel_protocol.listings import ListingRow
from channel_protocol.offers import (
    ListingSettings,
    ListingsPreviewed,
    ListingsSet,
    PreviewListings,
    SetListings,
)
from channeltop.screens.considered import Consideration, consider
from channeltop.screens.entry import EntryField
from channeltop.screens.page import Page
from channeltop.widgets.tones import toned

__all__ = ["LIMITS_KEY", "NAMES", "Limiting"]

LIMITS_KEY: BindingType = Binding(
    "m",
    "limits",
    "Limits",
    tooltip="set the listing's own Max Listed, Stock Percentage, End When, Ignore Sync",
)
NAMES: Mapping[str, str] = {
    "end_when": "End When",
    "stock_percentage": "Stock Percentage",
    "max_listed": "Max Listed",
    "ignore_sync": "Ignore Sync",
}
"""Key → the specification's words."""
HINT = "They override the channel's; an empty one leaves it to the channel. Ignore Sync is on or off."
NOTHING = "No quantity and no handling time changes by it now."


class Limiting:
    """Of one page; `changed` is called when something was set."""

    def __init__(self, page: Page, changed: Callable[[], None]) -> None:
        self._page = page
        self._changed = changed

    def edit(self, row: ListingRow, before: Mapping[str, str]) -> None:
        """Ask for them; what is set is filled in, and only what is typed otherwise is sent."""

        def listings(texts: Mapping[str, str]) -> tuple[ListingSettings, ...]:
            values = {key: text for key, text in texts.items() if text != before.get(key, "")}
            return (ListingSettings(sku=row.sku, values=values),)

        wanted = Consideration(
            title=f"Limits of {row.sku} on {row.channel}",
            body=toned(HINT, "muted"),
            fields=[EntryField(key=key, label=name, text=before.get(key, "")) for key, name in NAMES.items()],
            preview=lambda texts: PreviewListings(channel=row.channel, listings=listings(texts)),
            question=_consequences,
            change=lambda texts, seen: SetListings(
                command_id="", channel=row.channel, listings=listings(texts)
            ),
        )
        consider(self._page, wanted, self._done)

    def _done(self, reply: Reply) -> None:
        if not isinstance(reply, ListingsSet):
            return
        for answer in reply.answers:
            self._page.notify(f"{answer.sku} is {answer.outcome}. {answer.message}".strip(), markup=False)
        self._changed()


def _consequences(reply: Reply) -> Content | None:
    if not isinstance(reply, ListingsPreviewed) or not reply.changed:
        return None
    return Content("\n").join(Content(f"· {text}") for text in reply.consequences or (NOTHING,))
