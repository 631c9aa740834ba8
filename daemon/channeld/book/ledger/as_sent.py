"""A piece of work as Amazon is told it: the body of its request, or its message in a feed."""

import msgspec

from channeld.amazon.feeds.envelope import Message, build
from channeld.amazon.shipments import confirm_shipment_call
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.route import Route
from channeld.store.ledger_records import WorkRecord

__all__ = ["as_sent"]

_BY_FEED = (Route.FEED, Route.BULK)


def as_sent(record: WorkRecord, *, seller_id: str, marketplace_id: str) -> str:
    """What is sent for it, or was; in a feed it stands among others, under another number.

    Empty for a refund that comes with a cancellation. Work that cannot be said gives the reason instead.
    """
    if record.route is Route.CANCELLATION:
        return ""
    try:
        if isinstance(record.effect, Despatch) and record.effect.tracking and record.route not in _BY_FEED:
            return _call(record, record.effect, marketplace_id)
        message = Message(message_id=1, work_id=record.id, order_id=record.order_id, effect=record.effect)
        return build(seller_id, record.kind, [message]).decode()
    except ValueError as error:
        return f"It cannot be sent as it stands: {error}."


def _call(record: WorkRecord, effect: Despatch, marketplace_id: str) -> str:
    call = confirm_shipment_call(record.order_id, marketplace_id, record.id, effect)
    body = msgspec.json.format(call.body, indent=2).decode()
    return f"{call.operation.method} {call.target}\n{body}"
