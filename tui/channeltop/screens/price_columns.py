"""The columns of prices, and of what happened to one."""

from datetime import datetime

from channel_protocol.prices import PriceEvent, PriceRow
from channeltop.format import age, instant, number
from channeltop.prices import STATES
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["PRICE_COLUMNS", "event_columns", "state"]


def state(row: PriceRow) -> tuple[str, Tone]:
    """Sign and word, and tone; a newer daemon may have words of its own."""
    known = STATES.get(row.state)
    if known:
        return known
    return row.state, ""


def _muted(row: object, now: datetime) -> Tone:
    return "muted"


def _why(row: PriceRow, now: datetime) -> str:
    return "; ".join(row.holds) or row.reason or row.held_back


PRICE_COLUMNS: tuple[Column[PriceRow], ...] = (
    Column(
        name="sku",
        heading="SKU",
        width=14,
        text=lambda row, now: row.sku,
        tone=lambda row, now: "strong",
        grow=1,
    ),
    Column(
        name="saved",
        heading="Saved",
        width=10,
        right=True,
        text=lambda row, now: number(row.saved, row.currency),
    ),
    Column(
        name="state",
        heading="State",
        width=15,
        text=lambda row, now: state(row)[0],
        tone=lambda row, now: state(row)[1],
    ),
    Column(
        name="confirmed",
        heading="Confirmed",
        width=10,
        right=True,
        text=lambda row, now: number(row.confirmed, row.currency),
    ),
    Column(
        name="listed",
        heading="Shown",
        width=10,
        priority=2,
        right=True,
        text=lambda row, now: number(row.listed, row.currency),
        tone=_muted,
    ),
    Column(
        name="min",
        heading="Min",
        width=10,
        priority=5,
        right=True,
        text=lambda row, now: number(row.min_price, row.currency),
        tone=_muted,
    ),
    Column(
        name="max",
        heading="Max",
        width=10,
        priority=5,
        right=True,
        text=lambda row, now: number(row.max_price, row.currency),
        tone=_muted,
    ),
    Column(
        name="saved_at",
        heading="Ago",
        width=8,
        priority=3,
        right=True,
        text=lambda row, now: age(row.saved_at, now),
        tone=_muted,
        ticking=True,
    ),
    Column(name="by", heading="By", width=9, priority=4, text=lambda row, now: row.by, tone=_muted),
    Column(name="why", heading="Why", width=12, text=_why, tone=lambda row, now: "warn", grow=3),
)


def event_columns(currency: str) -> tuple[Column[PriceEvent], ...]:
    """Of one listing, whose currency they have."""
    return (
        Column(name="at", heading="At (UTC)", width=19, text=lambda row, now: instant(row.at), tone=_muted),
        Column(name="event", heading="Event", width=9, text=lambda row, now: row.event),
        Column(
            name="price",
            heading=currency,
            width=10,
            right=True,
            text=lambda row, now: number(row.price, currency),
        ),
        Column(
            name="reference",
            heading="Amazon's id",
            width=16,
            priority=2,
            text=lambda row, now: row.reference,
            tone=_muted,
            grow=1,
        ),
        Column(name="note", heading="Note", width=14, text=lambda row, now: row.note, grow=2),
        Column(name="by", heading="By", width=9, priority=3, text=lambda row, now: row.by, tone=_muted),
    )
