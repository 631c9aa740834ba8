"""The columns of a channel's listings, and of the items that one may be."""

from datetime import datetime

from channel_protocol.listings import ListingRow, Suggestion
from channeltop.format import NOTHING, amount
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["LINKS", "LISTING_COLUMNS", "SUGGESTION_COLUMNS", "standing", "standing_tone"]

LINKS: dict[str, tuple[str, Tone]] = {
    "linked": ("✓ linked", "good"),
    "linked by sku": ("✓ by SKU", "good"),
    "unlinked": ("○ not", "warn"),
    "left alone": ("– left", "muted"),
}
"""How each link is shown."""
UNKNOWN: tuple[str, Tone] = ("?", "")


def standing(row: ListingRow) -> str:
    """Amazon's status; that it is missing or gone says more."""
    return row.status or NOTHING if row.presence == "listed" else row.presence


def standing_tone(row: ListingRow) -> Tone:
    if row.presence != "listed":
        return "warn" if row.presence == "missing" else "muted"
    return "" if row.status == "active" else "muted"


def _item(row: ListingRow, now: datetime) -> str:
    return row.item or (f"{row.suggestion} ?" if row.suggestion else NOTHING)


def _muted(row: object, now: datetime) -> Tone:
    return "muted"


def _quantity(row: ListingRow, now: datetime) -> str:
    if row.fulfilled_by == "AMAZON":
        return "FBA"
    return NOTHING if row.quantity is None else f"{row.quantity:,}"


LISTING_COLUMNS: tuple[Column[ListingRow], ...] = (
    Column(
        name="sku",
        heading="SKU",
        width=14,
        text=lambda row, now: row.sku,
        tone=lambda row, now: "strong",
        grow=1,
    ),
    Column(name="title", heading="Title", width=18, text=lambda row, now: row.title, grow=3),
    Column(
        name="link",
        heading="Link",
        width=8,
        text=lambda row, now: LINKS.get(row.link, UNKNOWN)[0],
        tone=lambda row, now: LINKS.get(row.link, UNKNOWN)[1],
    ),
    Column(
        name="item",
        heading="Item",
        width=14,
        text=_item,
        tone=lambda row, now: "" if row.item else "muted",
        grow=1,
    ),
    Column(
        name="status",
        heading="Status",
        width=10,
        text=lambda row, now: standing(row),
        tone=lambda row, now: standing_tone(row),
    ),
    Column(
        name="price",
        heading="Price",
        width=11,
        priority=2,
        right=True,
        text=lambda row, now: amount(row.price, row.currency),
        tone=lambda row, now: "" if row.price is not None else "muted",
    ),
    Column(name="quantity", heading="Qty", width=6, priority=3, right=True, text=_quantity),
    Column(name="asin", heading="ASIN", width=10, priority=4, text=lambda row, now: row.asin, tone=_muted),
)
SUGGESTION_COLUMNS: tuple[Column[Suggestion], ...] = (
    Column(
        name="item",
        heading="Item",
        width=16,
        text=lambda row, now: row.item,
        tone=lambda row, now: "strong",
        grow=1,
    ),
    Column(name="title", heading="Title", width=20, text=lambda row, now: row.title, grow=3),
    Column(name="why", heading="Same", width=8, text=lambda row, now: row.why, tone=_muted),
)
