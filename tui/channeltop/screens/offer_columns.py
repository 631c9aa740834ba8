"""The columns of the stock page: channels with their dates, and seller SKUs with what Amazon is told."""

from datetime import datetime

from channel_protocol.offers import OfferRow
from channeltop.format import NOTHING, age, count, instant
from channeltop.offers import STANDINGS, Place, is_late, notes
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["OFFER_COLUMNS", "PLACE_COLUMNS", "quantity", "standing"]


def quantity(units: int | None) -> str:
    """Zero is a quantity; none is a dash."""
    return NOTHING if units is None else f"{units:,}"


def standing(row: OfferRow) -> tuple[str, Tone]:
    """Sign and word, and tone; a newer daemon may have words of its own."""
    known = STANDINGS.get(row.standing)
    return known if known else (row.standing, "")


def _note(row: OfferRow, now: datetime) -> str:
    return _first_note(row)[0]


def _note_tone(row: OfferRow, now: datetime) -> Tone:
    return _first_note(row)[1]


def _first_note(row: OfferRow) -> tuple[str, Tone]:
    return next(notes(row), ("", ""))


def _shown(row: OfferRow, now: datetime) -> str:
    """In brackets what says nothing of the last message, as it is from before."""
    shown = quantity(row.shown_quantity)
    return f"({shown})" if row.is_shown_before else shown


def _shown_tone(row: OfferRow, now: datetime) -> Tone:
    """What Amazon shows although it was told otherwise long enough ago stands out."""
    told = row.sent_quantity is not None and row.standing == "confirmed"
    return "warn" if told and row.shown_quantity not in (None, row.sent_quantity) else "muted"


def _since_tone(row: OfferRow | Place, now: datetime) -> Tone:
    since = row.dirty_since if isinstance(row, OfferRow) else row.oldest_dirty
    return "warn" if is_late(since, now) else "muted"


def _muted(row: object, now: datetime) -> Tone:
    return "muted"


PLACE_COLUMNS: tuple[Column[Place], ...] = (
    Column(
        name="channel",
        heading="Channel",
        width=10,
        text=lambda row, now: row.channel or "all",
        tone=lambda row, now: "strong",
        grow=1,
    ),
    Column(
        name="account",
        heading="Account",
        width=8,
        priority=4,
        text=lambda row, now: row.account,
        tone=_muted,
    ),
    Column(
        name="synced",
        heading="Inventory sync UTC",
        width=19,
        text=lambda row, now: instant(row.synced_at, "never"),
        tone=lambda row, now: "" if row.synced_at else "muted",
    ),
    Column(
        name="dirty",
        heading="Not told",
        width=8,
        right=True,
        text=lambda row, now: count(row.dirty) if row.channel else "",
        tone=lambda row, now: "accent" if row.dirty else "muted",
    ),
    Column(
        name="oldest",
        heading="Oldest",
        width=8,
        right=True,
        text=lambda row, now: age(row.oldest_dirty, now),
        tone=_since_tone,
        ticking=True,
    ),
    Column(
        name="compared",
        heading="Compared",
        width=8,
        priority=3,
        right=True,
        text=lambda row, now: age(row.drift_checked_at, now) if row.channel else "",
        tone=_muted,
        ticking=True,
    ),
    Column(
        name="warning",
        heading="Warning",
        width=12,
        text=lambda row, now: row.warning,
        tone=lambda row, now: "warn",
        grow=3,
    ),
)
OFFER_COLUMNS: tuple[Column[OfferRow], ...] = (
    Column(
        name="sku",
        heading="SKU",
        width=14,
        text=lambda row, now: row.sku,
        tone=lambda row, now: "strong",
        grow=1,
    ),
    Column(
        name="item",
        heading="Item",
        width=14,
        priority=3,
        text=lambda row, now: row.item or NOTHING,
        tone=lambda row, now: "" if row.item else "muted",
        grow=1,
    ),
    Column(
        name="account",
        heading="Account",
        width=8,
        priority=6,
        text=lambda row, now: row.account,
        tone=_muted,
    ),
    Column(
        name="quantity",
        heading="Tell",
        width=6,
        right=True,
        text=lambda row, now: quantity(row.quantity),
        tone=lambda row, now: "muted" if row.quantity is None else "strong",
    ),
    Column(
        name="standing",
        heading="Standing",
        width=17,
        text=lambda row, now: standing(row)[0],
        tone=lambda row, now: standing(row)[1],
    ),
    Column(
        name="dirty",
        heading="Since",
        width=6,
        right=True,
        text=lambda row, now: age(row.dirty_since, now),
        tone=_since_tone,
        ticking=True,
    ),
    Column(
        name="sent",
        heading="Sent",
        width=6,
        right=True,
        text=lambda row, now: quantity(row.sent_quantity),
    ),
    Column(
        name="sent_at",
        heading="Ago",
        width=8,
        right=True,
        text=lambda row, now: age(row.sent_at, now),
        tone=_muted,
        ticking=True,
    ),
    Column(
        name="route", heading="By", width=5, priority=4, text=lambda row, now: row.sent_route, tone=_muted
    ),
    Column(
        name="shown",
        heading="Shown",
        width=6,
        priority=2,
        right=True,
        text=_shown,
        tone=_shown_tone,
    ),
    Column(
        name="handling",
        heading="Handling",
        width=16,
        priority=5,
        text=lambda row, now: row.handling,
        tone=_muted,
    ),
    Column(name="note", heading="Note", width=9, text=_note, tone=_note_tone, grow=4),
)
