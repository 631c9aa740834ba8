"""The demo's warehouse: packs what is due, cancels what buyers do not want any more, refunds now and then."""

import uuid
from pathlib import Path
from random import Random

import anyio.abc

from channel_protocol.base import WriteRequest
from channel_protocol.client import Client, connect
from channel_protocol.errors import DaemonLost, RequestRefused
from channel_protocol.order_answers import (
    CancelOrder,
    DueList,
    DueRow,
    ListDue,
    ProcessOrder,
    RefundOrder,
)
from channel_protocol.orders import ListOrders, OrderList
from channeld.runtime.clock import Clock

__all__ = ["CARRIERS", "pack"]

PACK_EVERY = 4.0
"""Seconds between two parcels."""
REFUND_EVERY = 8
"""Parcels between two refunds."""
UNTRACKED = 0.2
"""Share of parcels without tracking: those go by feed."""
CARRIERS = {
    "Parcel 48h": "Royal Mail / Tracked 48",
    "Parcel 24h": "Royal Mail / Tracked 24",
    "Courier": "DPD / Next Day",
    "Default": "Other: Contoso Couriers / Standard",
}
"""The seller's services and who carries them, as Amazon is told."""


async def pack(
    socket: Path,
    clock: Clock,
    seed: int,
    *,
    task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Answer orders for ever, over the socket as anybody would."""
    random = Random(seed)  # noqa: S311 (a demo that can be repeated; no secret)
    async with connect(socket) as client:
        task_status.started()
        parcels = 0
        while True:
            await clock.sleep(PACK_EVERY)
            try:
                parcels += await _pack_one(client, random)
                if parcels % REFUND_EVERY == REFUND_EVERY - 1:
                    parcels += await _refund_one(client)
            except DaemonLost:
                return


async def _pack_one(client: Client, random: Random) -> int:
    rows = (await client.request(ListDue(limit=20), DueList)).rows
    waiting = [row for row in rows if not row.note]
    if not waiting:
        return 0
    row = waiting[0]
    if "cancel requested" in row.flags:
        return await _ask(client, _cancellation(row))
    tracking = "" if random.random() < UNTRACKED else f"DEMO{random.randrange(10**9):09d}GB"
    return await _ask(
        client,
        ProcessOrder(
            command_id=_new_id(),
            order_id=row.order_id,
            channel=row.channel,
            service=row.service if row.service in CARRIERS else "Default",
            tracking=tracking,
        ),
    )


def _cancellation(row: DueRow) -> CancelOrder:
    return CancelOrder(
        command_id=_new_id(), order_id=row.order_id, channel=row.channel, reason="BuyerCanceled"
    )


async def _refund_one(client: Client) -> int:
    """All of some order that has left."""
    rows = (await client.request(ListOrders(state="shipped", limit=5), OrderList)).rows
    for row in rows:
        request = RefundOrder(command_id=_new_id(), order_id=row.order_id, channel=row.channel)
        if await _ask(client, request):
            return 1
    return 0


async def _ask(client: Client, request: WriteRequest) -> int:
    """1 if it was done. What is refused, as for an order cancelled just now, is left to the user."""
    try:
        await client.request(request)
    except RequestRefused:
        return 0
    return 1


def _new_id() -> str:
    return uuid.uuid4().hex
