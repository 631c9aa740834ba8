"""The columns of a seller SKU's detail: levels, orders that reserve units, and what happened to its value."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from channel_protocol.offers import ExplainedChannel, ExplainedLocation, ExplainedOrder, OfferEvent
from channeltop.format import instant
from channeltop.screens.offer_columns import quantity
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["EVENT_COLUMNS", "PART_COLUMNS", "RESERVING_COLUMNS", "Part", "parts_of"]

EVENT_TONES: dict[str, Tone] = {
    "accepted": "good",
    "refused": "warn",
    "not sent": "warn",
    "lost": "warn",
    "closed": "warn",
    "forced": "accent",
    "relisted": "accent",
}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """An item at a location, for the channels that offer from there."""

    channel: str
    location: ExplainedLocation

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.location.sku}/{self.location.location}"


def parts_of(channels: Iterable[ExplainedChannel]) -> Sequence[Part]:
    """Channels with the same locations share them."""
    alike: dict[tuple[ExplainedLocation, ...], list[str]] = {}
    for each in channels:
        alike.setdefault(each.locations, []).append(each.channel)
    return [
        Part(channel=", ".join(names), location=location)
        for locations, names in alike.items()
        for location in locations
    ]


def _muted(row: object, now: datetime) -> Tone:
    return "muted"


def _left(row: Part) -> int | None:
    physical = row.location.physical
    return None if physical is None else physical - row.location.reserved


PART_COLUMNS: tuple[Column[Part], ...] = (
    Column(
        name="channel",
        heading="Channel",
        width=10,
        text=lambda row, now: row.channel,
        tone=_muted,
        grouped=True,
        grow=1,
    ),
    Column(
        name="location",
        heading="Location",
        width=14,
        text=lambda row, now: row.location.location,
        tone=lambda row, now: "strong",
        grow=1,
    ),
    Column(
        name="item",
        heading="Item",
        width=16,
        text=lambda row, now: (
            row.location.sku if row.location.each == 1 else f"{row.location.each} × {row.location.sku}"
        ),
        grow=1,
    ),
    Column(
        name="physical",
        heading="There",
        width=9,
        right=True,
        text=lambda row, now: "–" if row.location.physical is None else f"{row.location.physical:,}",
    ),
    Column(
        name="reserved",
        heading="Reserved",
        width=8,
        right=True,
        text=lambda row, now: f"{row.location.reserved:,}",
        tone=_muted,
    ),
    Column(
        name="left",
        heading="Left",
        width=8,
        right=True,
        text=lambda row, now: "not counted" if _left(row) is None else quantity(_left(row)),
        tone=lambda row, now: "warn" if _left(row) is None else "",
    ),
)
RESERVING_COLUMNS: tuple[Column[ExplainedOrder], ...] = (
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=lambda row, now: "strong",
    ),
    Column(name="channel", heading="Channel", width=10, text=lambda row, now: row.channel, grow=1),
    Column(name="sku", heading="SKU", width=12, text=lambda row, now: row.sku, grow=1),
    Column(name="location", heading="Location", width=12, text=lambda row, now: row.location, grow=1),
    Column(name="units", heading="Units", width=6, right=True, text=lambda row, now: f"{row.units:,}"),
)
EVENT_COLUMNS: tuple[Column[OfferEvent], ...] = (
    Column(name="at", heading="At (UTC)", width=19, text=lambda row, now: instant(row.at), tone=_muted),
    Column(
        name="event",
        heading="Event",
        width=9,
        text=lambda row, now: row.event,
        tone=lambda row, now: EVENT_TONES.get(row.event, ""),
    ),
    Column(
        name="quantity",
        heading="Units",
        width=6,
        right=True,
        text=lambda row, now: quantity(row.quantity),
    ),
    Column(name="handling", heading="Handling", width=8, priority=3, text=lambda row, now: row.handling),
    Column(name="route", heading="By", width=5, text=lambda row, now: row.route, tone=_muted),
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
)
