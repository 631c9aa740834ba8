"""Link and unlink listings, alike on every page that shows them."""

from collections.abc import Callable, Sequence
from functools import partial

from textual.binding import Binding, BindingType
from textual.content import Content

from channel_protocol.base import Reply
from channel_protocol.listings import LEFT_ALONE, LinkListings, LinkWanted, ListingRow, ListingsLinked
from channeltop.asked import Asked, Raised
from channeltop.format import things
from channeltop.screens.entry import Entry, EntryField, Misread
from channeltop.screens.page import Page
from channeltop.screens.question import Question
from channeltop.widgets.tones import joined, toned

__all__ = ["LINKING_KEYS", "Linking"]

LINKING_KEYS: Sequence[BindingType] = (
    Binding("l", "link", "Link", tooltip="say which item the listing is, on all channels of its account"),
    Binding("u", "unlink", "Unlink", tooltip="unlink the listing from its item; asks first"),
)
FOLLOW = "Lines of open orders follow at once. No automation undoes what you say."


class Linking:
    """Of one page; `changed` is called when a link was made or ended."""

    def __init__(self, page: Page, changed: Callable[[], None]) -> None:
        self._page = page
        self._changed = changed

    def link(self, row: ListingRow, offered: Sequence[str] = (), typed: str = "", wrong: str = "") -> None:
        """Ask for the item; what looks like it is filled in."""
        likely = list(dict.fromkeys(each for each in (row.suggestion, *offered) if each))
        field = EntryField(
            key="item", label="SKU of the item", text=typed or row.suggestion or row.item, offered=likely
        )
        heading = joined((Content(row.title), toned(row.asin, "muted")))
        body = Content("\n").join(
            line for line in (heading, toned(wrong, "bad"), toned(FOLLOW, "muted")) if line.plain
        )
        form = Entry(
            f"Which item is {row.sku} of {row.channel}?",
            body,
            [field],
            lambda texts: _wish(row, _named(texts["item"])),
            saves="link",
        )

        def answered(reply: Reply | None) -> None:
            sent = form.sent
            item = sent.rows[0].item if isinstance(sent, LinkListings) else ""
            self._told(row, item, reply)

        self._page.post_message(Raised(form, answered))

    def unlink(self, row: ListingRow) -> None:
        """End the link, after a question."""
        if not row.item:
            self._page.notify("It is linked to no item.", severity="warning")
            return
        body = Content(
            f"{row.sku} is item {row.item} on all channels of the account of {row.channel}. "
            "Amazon is left as it is; lines of open orders follow, and no automation links it again."
        )
        question = Question(f"Unlink {row.sku}?", body, "unlinks it")

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._page.post_message(Asked(_wish(row, ""), partial(self._told, row, "")))

        self._page.post_message(Raised(question, answered))

    def _told(self, row: ListingRow, item: str, reply: Reply | None) -> None:
        """A refusal of the row comes back into the form, with what was typed."""
        if not isinstance(reply, ListingsLinked):
            return
        answer = reply.answers[0]
        if answer.problems:
            said = "; ".join(
                f"{each.key} {each.message}" + (f" (did you mean {each.nearest}?)" if each.nearest else "")
                for each in answer.problems
            )
            self.link(row, typed=item, wrong=said)
            return
        what = f"is item {item}" if item not in ("", LEFT_ALONE) else "is linked to no item"
        was = " already" if answer.outcome == "unchanged" else ""
        lines = f" {things(answer.orders, 'line')} of open orders followed." if answer.orders else ""
        self._page.notify(f"{row.sku} {what}{was}.{lines}", markup=False)
        self._changed()


def _named(typed: str) -> str:
    if not typed:
        raise Misread("item", "write the SKU of an item; u on the list unlinks")
    return typed


def _wish(row: ListingRow, item: str) -> LinkListings:
    return LinkListings(command_id="", rows=(LinkWanted(channel=row.channel, sku=row.sku, item=item),))
