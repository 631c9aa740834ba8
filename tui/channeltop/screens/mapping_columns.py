"""The columns of the mapping page: words of payment and shipping, carriers, and locations."""

from datetime import datetime

from channel_protocol.locations import LocationRow
from channel_protocol.mappings import MappingRow
from channeltop.format import NOTHING, count
from channeltop.mapping import Offering, origin
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = [
    "CARRIER_COLUMNS",
    "LOCATION_COLUMNS",
    "OFFERING_COLUMNS",
    "WORD_COLUMNS",
    "location_text",
    "offering_text",
    "word_key",
    "word_text",
]


def word_key(row: MappingRow) -> str:
    """A word is one of its channel's."""
    return f"{row.channel}/{row.tag}"


def word_text(row: MappingRow) -> str:
    """What words of a filter are looked for in."""
    return f"{row.channel} {row.tag} {row.target or 'not mapped'}"


def location_text(row: LocationRow) -> str:
    """What words of a filter are looked for in."""
    return f"{row.location} {row.kind} {row.channels}"


def offering_text(row: Offering) -> str:
    """What words of a filter are looked for in."""
    return f"{row.channel} {' '.join(row.locations)}"


def _strong(row: MappingRow | LocationRow, now: datetime) -> Tone:
    return "strong"


def _muted(row: MappingRow | LocationRow, now: datetime) -> Tone:
    return "muted"


def _target_tone(row: MappingRow, now: datetime) -> Tone:
    return "warn" if row.target is None else "good"


def _waiting_tone(row: MappingRow, now: datetime) -> Tone:
    return "warn" if row.target is None and row.unmapped else "muted"


def _named(word: str, target: str) -> tuple[Column[MappingRow], ...]:
    """Channel, word and what it is mapped to, with those headings."""
    return (
        Column(
            name="channel",
            heading="Channel",
            width=10,
            text=lambda row, now: row.channel,
            order=lambda row: row.channel,
        ),
        Column(
            name="word",
            heading=word,
            width=20,
            text=lambda row, now: row.tag,
            tone=_strong,
            grow=1,
            order=lambda row: row.tag,
        ),
        Column(
            name="target",
            heading=target,
            width=max(14, len(target) + 1),
            text=lambda row, now: row.target or "not mapped",
            tone=_target_tone,
            grow=1,
            order=lambda row: row.target or "",
        ),
    )


CARRIER_COLUMNS: tuple[Column[MappingRow], ...] = _named("Your service", "Amazon's carrier / method")
WORD_COLUMNS: tuple[Column[MappingRow], ...] = (
    *_named("Amazon's word", "Yours"),
    Column(
        name="orders",
        heading="Orders",
        width=7,
        right=True,
        text=lambda row, now: count(row.orders),
        order=lambda row: row.orders,
    ),
    Column(
        name="unmapped",
        heading="Default",
        width=8,
        right=True,
        text=lambda row, now: count(row.unmapped),
        tone=_waiting_tone,
        order=lambda row: row.unmapped,
    ),
    Column(
        name="origin",
        heading="From",
        width=6,
        priority=2,
        text=lambda row, now: origin(row),
        tone=_muted,
        order=origin,
    ),
)
OFFERING_COLUMNS: tuple[Column[Offering], ...] = (
    Column(
        name="channel",
        heading="Channel",
        width=16,
        text=lambda row, now: row.channel,
        tone=lambda row, now: "strong",
        order=lambda row: row.channel,
    ),
    Column(
        name="locations",
        heading="Offers what lies at",
        width=30,
        text=lambda row, now: ", ".join(row.locations) or "nowhere: nothing is sent",
        tone=lambda row, now: "" if row.locations else "muted",
        grow=1,
        order=lambda row: ", ".join(row.locations),
    ),
)
LOCATION_COLUMNS: tuple[Column[LocationRow], ...] = (
    Column(
        name="location",
        heading="Location",
        width=20,
        text=lambda row, now: row.location,
        tone=_strong,
        grow=1,
        order=lambda row: row.location,
    ),
    Column(
        name="kind",
        heading="Kind",
        width=5,
        text=lambda row, now: row.kind.upper() if row.kind == "fba" else row.kind,
        tone=_muted,
        order=lambda row: row.kind,
    ),
    Column(
        name="channels",
        heading="Orders of",
        width=20,
        text=lambda row, now: row.channels or NOTHING,
        grow=1,
        order=lambda row: row.channels,
    ),
    Column(
        name="open",
        heading="Open",
        width=7,
        right=True,
        text=lambda row, now: count(row.open_orders),
        order=lambda row: row.open_orders,
    ),
    Column(
        name="orders",
        heading="Orders",
        width=8,
        right=True,
        text=lambda row, now: count(row.orders),
        order=lambda row: row.orders,
    ),
)
