"""The columns of the ship-by board."""

from datetime import datetime

from channel_protocol.order_answers import DueRow
from channeltop.format import NOTHING
from channeltop.screens.work_columns import lateness
from channeltop.ship_by import RISKS, local, risk
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["SHIP_BY_COLUMNS", "due_text", "note_tone", "risk_tone"]

NOTE_TONES: dict[str, Tone] = {"needs attention": "bad", "unknown": "warn", "confirmed": "good"}


def due_text(row: DueRow) -> str:
    """What words of a filter are looked for in."""
    note = row.note.replace("_", " ") or "not processed"
    places = f"{row.order_id} {row.channel} {row.account} {row.marketplace}"
    return f"{places} {row.risk} {note} {row.service} {row.flags}"


def risk_tone(row: DueRow, now: datetime) -> Tone:
    """How near its time is."""
    return RISKS.get(risk(row, now), RISKS[""])[1]


def note_tone(row: DueRow) -> Tone:
    """How the state of its despatch note is meant."""
    return NOTE_TONES.get(row.note.replace("_", " "), "muted")


def _risk(row: DueRow, now: datetime) -> str:
    word = risk(row, now)
    return f"{RISKS.get(word, RISKS[''])[0]} {word or 'no time'}"


def _muted(row: DueRow, now: datetime) -> Tone:
    return "muted"


SHIP_BY_COLUMNS: tuple[Column[DueRow], ...] = (
    Column(name="risk", heading="Risk", width=10, text=_risk, tone=risk_tone),
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=lambda row, now: "strong",
        order=lambda row: row.order_id,
        grow=1,
    ),
    Column(
        name="channel",
        heading="Channel",
        width=8,
        priority=2,
        text=lambda row, now: row.channel,
        order=lambda row: row.channel,
        grow=1,
    ),
    Column(
        name="ship_by",
        heading="Ship by there",
        width=21,
        text=lambda row, now: local(row.ship_by, row.zone),
        order=lambda row: row.ship_by.timestamp() if row.ship_by else float("inf"),
    ),
    Column(
        name="left",
        heading="Due in",
        width=9,
        right=True,
        text=lambda row, now: lateness(row.ship_by, now),
        tone=risk_tone,
        ticking=True,
    ),
    Column(
        name="units",
        heading="Units",
        width=6,
        priority=3,
        right=True,
        text=lambda row, now: str(row.units),
        order=lambda row: row.units,
    ),
    Column(
        name="note",
        heading="Its note",
        width=16,
        priority=4,
        text=lambda row, now: row.note.replace("_", " ") or NOTHING,
        tone=lambda row, now: note_tone(row),
        order=lambda row: row.note,
    ),
    Column(
        name="service",
        heading="Service",
        width=14,
        priority=5,
        text=lambda row, now: row.service,
        tone=_muted,
        grow=1,
        order=lambda row: row.service,
    ),
    Column(
        name="flags",
        heading="Flags",
        width=8,
        priority=6,
        text=lambda row, now: row.flags.replace(",", ", "),
        tone=lambda row, now: "warn",
        grow=1,
    ),
)
