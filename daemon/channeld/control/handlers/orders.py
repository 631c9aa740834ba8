"""Requests about orders."""

from sqlalchemy import Connection

from channel_protocol.orders import (
    ListOrders,
    OrderList,
    OrderPersonal,
    OrderShown,
    OrdersRewound,
    RevealOrder,
    RewindOrders,
    ShowOrder,
)
from channeld.commands.asking import find_channel, find_order
from channeld.commands.orders import check_state, reveal_order, rewind_orders
from channeld.control.context import Context
from channeld.control.rows.audit import audit_row
from channeld.control.rows.orders import money_of, order_facts, order_lines, order_row
from channeld.store import audit, locations, order_queries, personal
from channeld.store.names import names

__all__ = ["list_all", "reveal", "rewind", "show"]

AUDIT_SHOWN = 200


async def list_all(request: ListOrders, context: Context) -> OrderList:
    check_state(request.state)

    def query(connection: Connection) -> OrderList:
        channel = find_channel(connection, request.channel) if request.channel else None
        found = order_queries.latest(
            connection, request.limit, channel.id if channel else None, request.state
        )
        known, places = names(connection), locations.labels(connection)
        return OrderList(rows=tuple(order_row(record, known, places) for record in found))

    return await context.read(query)


async def show(request: ShowOrder, context: Context) -> OrderShown:
    def query(connection: Connection) -> OrderShown:
        record = find_order(connection, request.order_id, request.channel)
        known, money = names(connection), money_of(record)
        kept = personal.kept(connection, [record.id]).get(record.id)
        entries = audit.entries(connection, AUDIT_SHOWN, record.order_id, record.channel_id)
        return OrderShown(
            row=order_row(record, known, locations.labels(connection)),
            items=order_lines(record, money),
            explanation=money.explanation,
            facts=order_facts(record, kept),
            audit=tuple(audit_row(entry, known) for entry in entries),
        )

    return await context.read(query)


async def reveal(request: RevealOrder, context: Context) -> OrderPersonal:
    """Audited each time, and never remembered: an answer that was kept would outlive the data's retention."""
    asked = context.asked()

    record, found = await context.parts.store.write(
        lambda unit: reveal_order(unit, asked, request.order_id, request.channel)
    )
    known = await context.read(names)
    return OrderPersonal(
        order_id=record.order_id,
        channel=known.channel(record.channel_id),
        removed_at=found.purged_at if found else None,
        fields=found.fields if found else {},
    )


async def rewind(request: RewindOrders, context: Context) -> OrdersRewound:
    reply = await context.change(
        request,
        OrdersRewound,
        lambda unit, asked: _rewound(
            rewind_orders(unit, asked, request.channel, request.to, confirmed=request.confirmed).days,
            done=request.confirmed,
        ),
    )
    if reply.done:
        channel = await context.read(lambda c: find_channel(c, request.channel))
        known = await context.read(names)
        context.parts.supervisor.wake(f"{known.account(channel.account_id)}/order_download")
    return reply


def _rewound(days: float, *, done: bool) -> OrdersRewound:
    what = f"{days} days of orders" if days >= 1 else f"{days * 24:.1f} hours of orders"
    verb = "are" if done else "would be"
    return OrdersRewound(done=done, message=f"{what} {verb} read again; no order can come in twice.")
