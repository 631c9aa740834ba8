"""What a person answers orders with, over the socket, and what came of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from channel_protocol.channels import SetChannel
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
from channel_protocol.work import ListWork, RetryWork, WorkList, WorkRow
from channeld.sandbox import Line, Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import START, FakeClock

__all__ = ["Outbound", "open_outbound", "placed", "unavailable"]

OWN = ("despatch.", "cancellation.", "refund.")
SETTINGS = {"despatch_notes": "on", "order_cancellations": "on", "order_refunds": "on"}


def placed(market: Market, *lines: Line, **details: Any) -> str:
    """An order that the first search finds."""
    return market.place_order(lines=lines, at=START - timedelta(minutes=5), **details).order_id


def unavailable(market: Market, times: int | None = None) -> None:
    """Amazon answers 503 to despatch notes."""
    market.faults.plan("error_503", times, operation="confirmShipment")


class Outbound:
    """Answers orders of a daemon's shop `uk`."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon

    async def process(
        self, order_id: str, tracking: str = "AB123456785GB", lines: dict[str, int] | None = None
    ) -> OrderProcessed:
        parcel = tuple(LineUnits(line=line, quantity=units) for line, units in (lines or {}).items())
        request = ProcessOrder(
            command_id=new_id(),
            order_id=order_id,
            carrier="Royal Mail",
            service="Tracked 24",
            tracking=tracking,
            lines=parcel,
        )
        return await self.daemon.ask(request, OrderProcessed)

    async def cancel(self, order_id: str) -> OrderCancelled:
        request = CancelOrder(command_id=new_id(), order_id=order_id, reason="NoInventory")
        return await self.daemon.ask(request, OrderCancelled)

    async def refund(self, order_id: str, line: str, **amounts: str) -> OrderRefunded:
        part = RefundPart(line=line, amounts=amounts)
        request = RefundOrder(command_id=new_id(), order_id=order_id, parts=(part,))
        return await self.daemon.ask(request, OrderRefunded)

    async def work(self, order_id: str) -> WorkRow:
        """The only piece of work of that order."""
        (row,) = (await self.daemon.ask(ListWork(order_id=order_id), WorkList)).rows
        return row

    async def attention(self) -> int:
        """How many need a person."""
        return (await self.daemon.ask(ListWork(attention=True), WorkList)).attention

    async def retry(self, order_id: str, *, force: bool = False) -> None:
        row = await self.work(order_id)
        await self.daemon.client.request(RetryWork(command_id=new_id(), work_ids=(row.work_id,), force=force))

    async def set(self, **values: str) -> None:
        await self.daemon.client.request(SetChannel(command_id=new_id(), channel="uk", values=values))

    async def story(self, order_id: str) -> list[str]:
        """The codes of what was sent and came of it, oldest first."""
        return [
            code
            for code in await self.daemon.codes(order_id)
            if code.startswith(OWN) and not code.endswith(".requested")
        ]

    async def failures(self, order_id: str) -> list[tuple[datetime, str]]:
        """When a try failed, and why."""
        return [
            (entry.at, entry.reason)
            for entry in await self.daemon.audit(order_id)
            if entry.code.startswith(OWN) and entry.code.endswith(".failed")
        ]

    def packages(self) -> list[dict[str, Any]]:
        """The package of each confirmShipment that left, oldest first."""
        return [
            msgspec.json.decode(request.content)["packageDetail"]
            for request in self.daemon.wire.requests
            if request.url.path.endswith("/shipmentConfirmation")
        ]


@asynccontextmanager
async def open_outbound(
    folder: Path, market: Market, clock: FakeClock, wire: Wire | None = None
) -> AsyncGenerator[Outbound]:
    """A shop that tells Amazon of all that is asked for, and searches once an hour.

    On a folder that has one already, that one goes on.
    """
    is_new = not (folder / "channeld.db").exists()
    async with running_daemon(folder, market, clock, wire) as daemon:
        if is_new:
            await daemon.open_shop(poll_seconds=3600, **SETTINGS)
        await daemon.clock.settle()
        yield Outbound(daemon)
