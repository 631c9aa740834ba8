"""The columns of the audit trail, for its own page and for an order's."""

from datetime import datetime

from channel_protocol.audit import AuditRow
from channeltop.format import instant
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["AUDIT_COLUMNS", "ORDER_AUDIT_COLUMNS", "happened"]


def happened(row: AuditRow) -> str:
    """What happened, and why where that is known."""
    return f"{row.text}: {row.reason}" if row.reason else row.text


def _muted(row: AuditRow, now: datetime) -> Tone:
    return "muted"


def _by_tone(row: AuditRow, now: datetime) -> Tone:
    return "muted" if row.by == "channeld" else "accent"


AT: Column[AuditRow] = Column(
    name="at",
    heading="At (UTC)",
    width=19,
    text=lambda row, now: instant(row.at),
    tone=_muted,
    order=lambda row: row.entry,
)
CODE: Column[AuditRow] = Column(
    name="code", heading="Code", width=18, priority=4, text=lambda row, now: row.code, tone=_muted
)
TEXT: Column[AuditRow] = Column(
    name="text", heading="What happened", width=20, text=lambda row, now: happened(row), grow=1
)
BY: Column[AuditRow] = Column(
    name="by", heading="By", width=10, priority=3, text=lambda row, now: row.by, tone=_by_tone
)

AUDIT_COLUMNS: tuple[Column[AuditRow], ...] = (
    AT,
    Column(name="channel", heading="Channel", width=9, text=lambda row, now: row.channel or row.account),
    Column(name="order", heading="Order", width=19, priority=2, text=lambda row, now: row.order_id),
    CODE,
    TEXT,
    BY,
)
ORDER_AUDIT_COLUMNS: tuple[Column[AuditRow], ...] = (AT, CODE, TEXT, BY)
