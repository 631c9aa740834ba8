"""Requests that answer an order: process, cancel, refund; and the board of those that wait for it."""

from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from channel_protocol.base import Reply
from channel_protocol.order_answers import (
    CancelOrder,
    DueList,
    ListDue,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundOrder,
)
from channeld.commands.asking import Asked, find_channel
from channeld.commands.order_cancel import Cancelling, cancel_order, plan_cancel
from channeld.commands.order_process import Sending, process_order
from channeld.commands.order_refund import Refunding, plan_refunding, refund_order
from channeld.control.context import Context
from channeld.control.once import check_command_id, first_answer
from channeld.control.rows.due import due_board, due_counts
from channeld.control.rows.order_answers import cancelled, processed, refunded
from channeld.domain.refund.parts import Part
from channeld.store.unit import Unit

__all__ = ["cancel", "due", "process", "refund"]

R = TypeVar("R", bound=Reply)


async def process(request: ProcessOrder, context: Context) -> OrderProcessed:
    wish = Sending(
        order_id=request.order_id,
        channel=request.channel,
        carrier=request.carrier,
        service=request.service,
        tracking=request.tracking,
        lines=tuple((line.line, line.quantity) for line in request.lines),
        shipped_at=request.shipped_at,
        force=request.force,
    )

    def act(unit: Unit, asked: Asked) -> OrderProcessed:
        return processed(unit.connection, process_order(unit, asked, wish), context.parts.instance)

    return await context.change(request, OrderProcessed, act)


async def cancel(request: CancelOrder, context: Context) -> OrderCancelled:
    wish = Cancelling(
        order_id=request.order_id,
        channel=request.channel,
        reason=request.reason,
        lines=tuple((line.line, line.quantity) for line in request.lines),
        amount_seen=request.amount_seen,
    )
    instance = context.parts.instance
    if request.preview:

        def look(connection: Connection) -> OrderCancelled:
            earlier = _done_before(connection, request, context, OrderCancelled)
            return earlier or cancelled(connection, plan_cancel(connection, wish), instance)

        return await context.read(look)

    def act(unit: Unit, asked: Asked) -> OrderCancelled:
        plan, work = cancel_order(unit, asked, wish)
        return cancelled(unit.connection, plan, instance, done=True, work=work)

    return await context.change(request, OrderCancelled, act)


async def refund(request: RefundOrder, context: Context) -> OrderRefunded:
    wish = Refunding(
        order_id=request.order_id,
        channel=request.channel,
        reason=request.reason,
        parts=tuple(Part(line=p.line, quantity=p.quantity, amounts=p.amounts) for p in request.parts),
        again=request.again,
        amount_seen=request.amount_seen,
    )
    instance = context.parts.instance
    if request.preview:
        now = context.asked().now

        def look(connection: Connection) -> OrderRefunded:
            earlier = _done_before(connection, request, context, OrderRefunded)
            return earlier or refunded(connection, plan_refunding(connection, now, wish), instance)

        return await context.read(look)

    def act(unit: Unit, asked: Asked) -> OrderRefunded:
        planned, work = refund_order(unit, asked, request.command_id, wish)
        return refunded(unit.connection, planned, instance, done=True, work=work)

    return await context.change(request, OrderRefunded, act)


async def due(request: ListDue, context: Context) -> DueList:
    """The counts are over all, so that a short list does not hide what is late."""
    now = context.asked().now

    def query(connection: Connection) -> DueList:
        channel = find_channel(connection, request.channel) if request.channel else None
        channel_id = channel.id if channel else None
        overdue, at_risk, on_track = due_counts(connection, now, channel_id)
        return DueList(
            rows=tuple(due_board(connection, now, request.limit, channel_id)),
            overdue=overdue,
            at_risk=at_risk,
            on_track=on_track,
        )

    return await context.read(query)


def _done_before(
    connection: Connection, request: CancelOrder | RefundOrder, context: Context, kind: type[R]
) -> R | None:
    """The answer of the deed that is looked at first, if it was done already."""
    if not request.deed_id:
        return None
    check_command_id(request.deed_id)
    deed = msgspec.structs.replace(request, preview=False, deed_id="", command_id=request.deed_id)
    return first_answer(connection, context.parts.store.cipher, deed, kind)
