"""Requests about orders that could not be applied."""

from sqlalchemy import Connection

from channel_protocol.orders import DismissOrder, ListQuarantine, OrderDismissed, QuarantineList
from channeld.commands.asking import Asked, find_channel
from channeld.commands.quarantine import dismiss_order
from channeld.control.context import Context
from channeld.control.rows.quarantine import quarantine_row
from channeld.store import quarantine
from channeld.store.names import names
from channeld.store.unit import Unit

__all__ = ["dismiss", "list_all"]


async def list_all(request: ListQuarantine, context: Context) -> QuarantineList:
    def query(connection: Connection) -> QuarantineList:
        channel = find_channel(connection, request.channel) if request.channel else None
        known = names(connection)
        found = quarantine.entries(connection, request.limit, channel.id if channel else None)
        return QuarantineList(rows=tuple(quarantine_row(entry, known) for entry in found))

    return await context.read(query)


async def dismiss(request: DismissOrder, context: Context) -> OrderDismissed:
    def act(unit: Unit, asked: Asked) -> OrderDismissed:
        entry = dismiss_order(unit, asked, request.order_id, request.account)
        return OrderDismissed(row=quarantine_row(entry, names(unit.connection)))

    return await context.change(request, OrderDismissed, act)
