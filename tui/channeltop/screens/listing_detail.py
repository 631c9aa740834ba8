"""One listing: which item it is or may be, what Amazon shows of it, and its audit trail."""

from collections.abc import Hashable, Iterable, Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.listings import ListingRow, ListingShown, ShowListing
from channeltop.format import amount
from channeltop.model import Model
from channeltop.screens.audit_columns import ORDER_AUDIT_COLUMNS
from channeltop.screens.detail import Detail, section
from channeltop.screens.limiting import LIMITS_KEY, NAMES, Limiting
from channeltop.screens.listing_columns import LINKS, SUGGESTION_COLUMNS, standing, standing_tone
from channeltop.screens.listing_linking import LINKING_KEYS, Linking
from channeltop.screens.order_texts import aligned
from channeltop.widgets.table import Table
from channeltop.widgets.tones import joined, toned

__all__ = ["ListingDetail"]


class ListingDetail(Detail):
    """Asked for again when its channel's listings or links change."""

    MODE = "listings"
    BINDINGS: ClassVar[list[BindingType]] = [*LINKING_KEYS, LIMITS_KEY]

    def __init__(self, channel: str, sku: str) -> None:
        super().__init__()
        self._channel = channel
        self._sku = sku
        self._seen: ListingShown | None = None
        self._linking = Linking(self, self.ask)
        self._limiting = Limiting(self, self.ask)

    def request(self) -> Request:
        return ShowListing(channel=self._channel, sku=self._sku)

    def mark(self, model: Model) -> Hashable:
        row = model.listing_downloads.get(self._channel)
        return (row.in_progress, row.started_at, row.linked) if row else ()

    def unread(self) -> str:
        return "It could not be read: the channel has no such listing any more. Escape goes back."

    def heading(self, reply: Reply) -> Content:
        return _heading(reply.row) if isinstance(reply, ListingShown) else Content()

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if not isinstance(reply, ListingShown):
            return
        self._seen = reply
        if reply.suggestions:
            items = Table(SUGGESTION_COLUMNS, key=lambda row: row.item, cursor=False)
            items.show(reply.suggestions, self.now)
            yield from section("Items that it may be", items)
        if reply.issues:
            issues = Content("\n").join(toned(f"▲ {issue}", "warn") for issue in reply.issues)
            yield from section("Amazon's issues with it", Static(issues))
        yield from section("What Amazon shows", Static(aligned(_facts(reply.row) | reply.facts)))
        yield from section("Its own limits", Static(_limits(reply.settings)))
        audit = Table(ORDER_AUDIT_COLUMNS, key=lambda row: row.key, cursor=False)
        audit.show(reply.audit, self.now)
        nothing = Static("Nothing has happened to it.")
        yield from section("Audit trail", audit if reply.audit else nothing)

    def action_limits(self) -> None:
        if self._seen:
            self._limiting.edit(self._seen.row, self._seen.settings)

    def action_link(self) -> None:
        if self._seen:
            self._linking.link(self._seen.row, [each.item for each in self._seen.suggestions])

    def action_unlink(self) -> None:
        if self._seen:
            self._linking.unlink(self._seen.row)


def _heading(row: ListingRow) -> Content:
    sign, tone = LINKS.get(row.link, ("?", ""))
    first = (
        toned(row.sku, "strong"),
        Content(row.channel),
        toned(row.asin, "muted"),
        toned(standing(row), standing_tone(row)),
    )
    link = toned(f"{sign[:1]} {row.link.replace('sku', 'SKU')}", tone)
    item = f"item {row.item}" if row.item else f"may be {row.suggestion}" if row.suggestion else ""
    return Content("\n").join((joined(first), Content(row.title), joined((link, Content(item)))))


def _facts(row: ListingRow) -> dict[str, str]:
    return {
        "price": amount(row.price, row.currency) if row.price is not None else "",
        "quantity": "" if row.quantity is None else f"{row.quantity:,}",
        "condition": row.condition,
        "fulfilled by": row.fulfilled_by.lower(),
        "presence": row.presence,
    }


def _limits(settings: Mapping[str, str]) -> Content:
    """What is set for it alone."""
    if not settings:
        return toned("None: the channel's count. m sets some.", "muted")
    return aligned({NAMES.get(key, key): text for key, text in settings.items()})
