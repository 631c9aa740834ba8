"""What a daemon answers when an order is answered, for tests of the command line."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from channel_protocol.audit import AuditRow
from channel_protocol.base import Refused, Reply, Request
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundLine,
    RefundOrder,
)
from channel_protocol.work import WorkRow
from tests.support.fake_daemon import FakeDaemon

__all__ = ["ENTRY", "ID", "NOON", "Office", "work_row"]

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ID = "203-1234567-1234567"
ENTRY = AuditRow(
    entry=9,
    at=NOON,
    account="eu",
    channel="uk",
    order_id=ID,
    code="despatch.failed",
    text="Order Despatch Failed",
    reason="unknown carrier (attempt 1)",
    by="channeld",
)


def work_row(work_id: int = 17, **changed: object) -> WorkRow:
    """A despatch note that is queued, but for what is changed."""
    row = WorkRow(
        work_id=work_id,
        kind="despatch",
        order_id=ID,
        channel="uk",
        account="eu",
        state="queued",
        says="queued",
        summary="2 units by Royal Mail Tracked 24",
        attempts=0,
        created_at=NOON,
        created_by="ada",
    )
    return msgspec.structs.replace(row, **changed)


class Office:
    """Answers each request once, as a daemon does: a `command_id` that comes again gets its first answer."""

    def __init__(self, daemon: FakeDaemon) -> None:
        self.refused: dict[str, Refused] = {}
        """By order id: what it says no to."""
        self.done: dict[str, Reply] = {}
        """By `command_id`."""
        self.currency = "EUR"
        self.refunds_off = False
        self.here_only: set[str] = set()
        """Orders whose cancellation Amazon is not told of."""
        for kind in (ProcessOrder, CancelOrder, RefundOrder):
            daemon.script(kind, self.answer)

    def answer(self, request: Request) -> Iterable[Reply]:
        """The reply to one request."""
        assert isinstance(request, (ProcessOrder, CancelOrder, RefundOrder))
        preview = not isinstance(request, ProcessOrder) and request.preview
        known = self.done.get(
            request.deed_id if not isinstance(request, ProcessOrder) and preview else request.command_id
        )
        if known:
            return [msgspec.structs.replace(known, id=request.id)]
        if refused := self.refused.get(request.order_id):
            return [refused]
        reply = self._reply(request)
        if not preview:
            self.done[request.command_id] = reply
        return [reply]

    def _reply(self, request: ProcessOrder | CancelOrder | RefundOrder) -> Reply:
        match request:
            case ProcessOrder():
                return OrderProcessed(
                    order_id=request.order_id,
                    channel="uk",
                    parcel=request.lines,
                    outcome="queued",
                    message="The note is queued.",
                    row=work_row(),
                    left=1,
                )
            case CancelOrder():
                here_only = request.order_id in self.here_only
                return OrderCancelled(
                    order_id=request.order_id,
                    channel="uk",
                    done=not request.preview,
                    outcome="preview" if request.preview else "not sent" if here_only else "queued",
                    message="2 units would be cancelled."
                    if request.preview
                    else "The cancellation is queued.",
                    lines=(LineUnits(line="item-1", quantity=2, sku="MUG-BLUE"),),
                    currency=self.currency,
                    amount=None if here_only else 2400,
                    here_only=here_only,
                )
            case RefundOrder():
                return OrderRefunded(
                    order_id=request.order_id,
                    channel="uk",
                    done=not request.preview,
                    outcome="not sent" if self.refunds_off else "preview" if request.preview else "queued",
                    message="This would be refunded." if request.preview else "The refund is queued.",
                    currency=self.currency,
                    amount=1200,
                    lines=(LINE,),
                )


LINE = RefundLine(
    order_item_id="item-1",
    sku="MUG-BLUE",
    title="A blue mug",
    components={"Principal": 1000, "Tax": 200},
    amount=1200,
    charged=4100,
    refunded=500,
    left=2400,
    by_cancellation=False,
)
