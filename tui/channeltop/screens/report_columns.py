"""The columns of reports, of their bad rows and of the gaps they showed, and what is told of one."""

from datetime import datetime

from textual.content import Content

from channel_protocol.reports import BadRow, GapRow, ReportRow
from channeltop.format import NOTHING, countdown, moment
from channeltop.reports import short_type, status, status_tone
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.widgets.tones import joined, toned

__all__ = ["BAD_ROW_COLUMNS", "GAP_COLUMNS", "REPORT_COLUMNS", "report_described", "report_text"]


def report_text(row: ReportRow) -> str:
    """What words of a filter are looked for in."""
    names = f"{row.report_type} {short_type(row.report_type)} {row.channel} {row.account} {row.report_id}"
    return f"{names} {row.status} {row.purpose} {row.by} {row.reason}"


def _muted(row: object, now: datetime) -> Tone:
    return "muted"


def _rows(row: ReportRow, now: datetime) -> str:
    return NOTHING if row.rows is None else f"{row.rows:,}"


REPORT_COLUMNS: tuple[Column[ReportRow], ...] = (
    Column(
        name="type",
        heading="Report",
        width=16,
        text=lambda row, now: short_type(row.report_type),
        tone=lambda row, now: "strong",
        grow=3,
        order=lambda row: row.report_type,
    ),
    Column(
        name="channel",
        heading="Channel",
        width=9,
        text=lambda row, now: row.channel or row.account,
        grow=1,
        order=lambda row: row.channel,
    ),
    Column(
        name="requested",
        heading="Last requested",
        width=19,
        text=lambda row, now: moment(row.requested_at, now),
        order=lambda row: row.requested_at.timestamp(),
    ),
    Column(
        name="status",
        heading="Status",
        width=10,
        text=lambda row, now: status(row),
        tone=lambda row, now: status_tone(row),
        order=lambda row: row.status,
    ),
    Column(
        name="next",
        heading="Next look",
        width=9,
        right=True,
        text=lambda row, now: countdown(row.next_look, now),
        tone=_muted,
        ticking=True,
    ),
    Column(name="rows", heading="Rows", width=9, priority=2, right=True, text=_rows),
    Column(
        name="bad",
        heading="Bad",
        width=6,
        priority=3,
        right=True,
        text=lambda row, now: f"{row.bad_rows:,}" if row.bad_rows else NOTHING,
        tone=lambda row, now: "warn" if row.bad_rows else "muted",
    ),
    Column(
        name="purpose", heading="For", width=9, priority=4, text=lambda row, now: row.purpose, tone=_muted
    ),
    Column(
        name="by", heading="By", width=8, priority=5, text=lambda row, now: row.by or "channeld", tone=_muted
    ),
    Column(
        name="id",
        heading="Amazon's id",
        width=14,
        priority=6,
        text=lambda row, now: row.report_id,
        tone=_muted,
    ),
)
BAD_ROW_COLUMNS: tuple[Column[BadRow], ...] = (
    Column(name="line", heading="Line", width=8, right=True, text=lambda row, now: f"{row.line:,}"),
    Column(
        name="reason",
        heading="Reason",
        width=24,
        text=lambda row, now: row.reason,
        tone=lambda row, now: "warn",
        grow=1,
    ),
    Column(name="text", heading="Begins with", width=20, text=lambda row, now: row.text, tone=_muted, grow=2),
)
GAP_COLUMNS: tuple[Column[GapRow], ...] = (
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=lambda row, now: "strong",
    ),
    Column(name="channel", heading="Channel", width=9, text=lambda row, now: row.channel, grow=1),
    Column(name="kind", heading="It was", width=8, text=lambda row, now: row.kind),
    Column(
        name="outcome",
        heading="Reading it",
        width=12,
        text=lambda row, now: row.outcome or "under way",
        tone=lambda row, now: "good" if row.outcome else "accent",
        grow=1,
    ),
    Column(name="settled", heading="Settled", width=19, text=lambda row, now: moment(row.settled_at, now)),
)


def report_described(row: ReportRow, now: datetime) -> Content:
    """Which report, how it stands, why, and what to do: four lines at most."""
    first = joined(
        (
            toned(f"report {row.number}", "strong"),
            Content(row.report_type),
            toned(status(row), status_tone(row)),
            toned(row.amazon_status.replace("_", " ").lower(), "muted"),
        )
    )
    second = joined(
        (
            Content(f"of {_range(row, now)}" if row.data_from or row.data_to else ""),
            Content(f"{row.rows:,} rows" if row.rows is not None else ""),
            toned(f"{row.bad_rows:,} could not be read" if row.bad_rows else "", "warn"),
            toned(f"{row.letters_lost:,} letters lost" if row.letters_lost else "", "warn"),
            toned("Amazon had it already" if row.reused else "", "muted"),
            toned(f"asked for by {row.by}" if row.by else "asked for by itself", "muted"),
            toned(f"ended {moment(row.ended_at, now)}" if row.ended_at else "", "muted"),
        )
    )
    third = joined((toned(row.reason, "warn"), toned(row.hint, "accent")), "  →  ")
    return Content("\n").join(line for line in (first, second, third) if line.plain)


def _range(row: ReportRow, now: datetime) -> str:
    return f"{moment(row.data_from, now)} to {moment(row.data_to, now)}"
