"""Requests about the audit trail."""

from sqlalchemy import Connection

from channel_protocol.audit import AuditList, ListAudit
from channeld.commands.asking import find_channel
from channeld.control.context import Context
from channeld.control.rows.audit import audit_row
from channeld.store import audit
from channeld.store.names import names

__all__ = ["list_all"]


async def list_all(request: ListAudit, context: Context) -> AuditList:
    def query(connection: Connection) -> AuditList:
        channel = find_channel(connection, request.channel) if request.channel else None
        found = audit.entries(
            connection, request.limit, request.order_id, channel.id if channel else None, request.before
        )
        known = names(connection)
        return AuditList(rows=tuple(audit_row(entry, known) for entry in found))

    return await context.read(query)
