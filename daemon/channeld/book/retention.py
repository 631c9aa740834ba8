"""Removing what may not be kept any longer (semantics P1)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from channeld.store import (
    audit,
    commands,
    meta,
    personal,
    price_history,
    quarantine,
    reports,
    rereads,
    stock,
    stock_history,
)
from channeld.store.audit import AuditEntry
from channeld.store.unit import Unit

__all__ = ["forget_old", "last_removal", "note_removal", "remove_overdue"]

_DONE_AT = "retention_done_at"

COMMANDS_KEPT = timedelta(days=90)
REREADS_KEPT = timedelta(days=30)
REPORTS_KEPT = timedelta(days=90)
"""As long as Amazon keeps them."""
REPORTS_AT_ONCE = 500
STOCK_CHANGES_AT_ONCE = 5_000
STOCK_HISTORY_AT_ONCE = 5_000
PRICE_HISTORY_AT_ONCE = 5_000


def remove_overdue(unit: Unit, now: datetime, limit: int) -> int:
    """Remove the personal data of so many orders at most; how many there were."""
    overdue = personal.due(unit.connection, now, limit)
    personal.purge(unit, [each.order_pk for each in overdue], now)
    audit.add_many(
        unit,
        [
            AuditEntry(
                at=now,
                code="order.personal_removed",
                text="Personal data removed: its time was over",
                account_id=each.account_id,
                channel_id=each.channel_id,
                order_id=each.order_id,
            )
            for each in overdue
        ],
    )
    return len(overdue) + quarantine.purge_due(unit, now, limit)


def forget_old(unit: Unit, now: datetime) -> None:
    """Answers to commands that nobody will repeat, re-reads that are done, reports and stock of long ago."""
    commands.forget(unit, now - COMMANDS_KEPT)
    rereads.forget_done(unit, now - REREADS_KEPT)
    reports.forget(unit, now - REPORTS_KEPT, REPORTS_AT_ONCE)
    stock.forget(unit, now, STOCK_CHANGES_AT_ONCE)
    stock_history.forget(unit, now, STOCK_HISTORY_AT_ONCE)
    price_history.forget(unit, now, PRICE_HISTORY_AT_ONCE)


def last_removal(connection: Connection) -> datetime | None:
    """When it was last looked for data past its time, by the clock of then; None for never."""
    value = meta.get(connection, _DONE_AT)
    return None if value is None else datetime.fromisoformat(value.decode())


def note_removal(unit: Unit, now: datetime) -> None:
    """It was just looked for data past its time."""
    meta.put(unit, _DONE_AT, now.isoformat().encode())
