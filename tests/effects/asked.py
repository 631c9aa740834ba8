"""The requests of a deed: composed once, so that after a death the very same can be asked again."""

from collections.abc import Mapping
from decimal import Decimal

from channel_protocol.base import Reply, WriteRequest
from channel_protocol.feeds import AbandonFeed, FeedAbandoned, FeedList, ListFeeds
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundOrder,
    RefundPart,
)
from channel_protocol.work import DismissWork, ListWork, RetryWork, WorkChanged, WorkList
from channeld.sandbox import Order
from tests.effects.plan import Deed, digits_of
from tests.support.daemon import Daemon

__all__ = ["ANSWERS", "requests_of"]

CARRIERS = {"GB": "Royal Mail", "US": "Joe's Vans", "JP": "YamatoTransport"}
"""One of them has no code at Amazon."""
ANSWERS: Mapping[type[WriteRequest], type[Reply]] = {
    ProcessOrder: OrderProcessed,
    CancelOrder: OrderCancelled,
    RefundOrder: OrderRefunded,
    RetryWork: WorkChanged,
    DismissWork: WorkChanged,
    AbandonFeed: FeedAbandoned,
}


async def requests_of(daemon: Daemon, deed: Deed, order: Order, number: int) -> list[WriteRequest]:
    """One for the order, or one for each piece of its work, or each feed, that has not ended."""
    command_id = f"deed-{number:04d}"
    match deed.kind:
        case "retry" | "dismiss":
            return await _decisions(daemon, deed, order, command_id)
        case "abandon":
            return await _abandonments(daemon, command_id)
        case _:
            return [_answer(deed, order, command_id)]


async def _abandonments(daemon: Daemon, command_id: str) -> list[WriteRequest]:
    rows = (await daemon.client.request(ListFeeds(limit=1000), FeedList)).rows
    standing = sorted(row.number for row in rows if row.ended_at is None)
    return [
        AbandonFeed(command_id=f"{command_id}-{number}", feed=str(number), confirmed=True)
        for number in standing
    ]


async def _decisions(daemon: Daemon, deed: Deed, order: Order, command_id: str) -> list[WriteRequest]:
    found = await daemon.client.request(ListWork(order_id=order.order_id, limit=1000), WorkList)
    standing = sorted(row.work_id for row in found.rows if row.ended_at is None)
    return [_decision(deed, work_id, f"{command_id}-{work_id}") for work_id in standing]


def _decision(deed: Deed, work_id: int, command_id: str) -> WriteRequest:
    if deed.kind == "dismiss":
        return DismissWork(command_id=command_id, work_ids=(work_id,))
    return RetryWork(command_id=command_id, work_ids=(work_id,), force=deed.force)


def _answer(deed: Deed, order: Order, command_id: str) -> WriteRequest:
    named = tuple(
        LineUnits(line=order.lines[place].order_item_id, quantity=units) for place, units in deed.lines
    )
    match deed.kind:
        case "process":
            return ProcessOrder(
                command_id=command_id,
                order_id=order.order_id,
                carrier=CARRIERS[order.country],
                service="Tracked 24",
                tracking=deed.tracking,
                lines=named,
            )
        case "cancel":
            return CancelOrder(
                command_id=command_id, order_id=order.order_id, reason="NoInventory", lines=named
            )
        case _:
            parts = (
                *(RefundPart(line=each.line, quantity=each.quantity) for each in named),
                *_by_amount(deed, order),
            )
            return RefundOrder(command_id=command_id, order_id=order.order_id, parts=parts, again=True)


def _by_amount(deed: Deed, order: Order) -> list[RefundPart]:
    scale = -digits_of(order.country)
    return [
        RefundPart(
            line=order.lines[place].order_item_id, amounts={"Principal": str(Decimal(minor).scaleb(scale))}
        )
        for place, minor in deed.amounts.items()
    ]
