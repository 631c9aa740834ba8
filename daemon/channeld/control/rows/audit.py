"""The audit trail on the wire."""

from channel_protocol.audit import AuditRow
from channeld.store.audit import AuditEntry
from channeld.store.names import Names

__all__ = ["audit_row"]


def audit_row(entry: AuditEntry, known: Names) -> AuditRow:
    """One entry."""
    return AuditRow(
        version=entry.id,
        entry=entry.id,
        at=entry.at,
        account=known.account(entry.account_id),
        channel=known.channel(entry.channel_id),
        order_id=entry.order_id or "",
        code=entry.code,
        text=entry.text,
        reason=entry.details.get("reason", ""),
        by=entry.by,
    )
