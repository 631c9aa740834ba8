"""What a read of an order settles of its outbound work: what Amazon shows has happened (semantics C1, C2)."""

from collections.abc import Mapping, Sequence

import msgspec

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.moves import AuditStamp, confirmed, failed
from channeld.book.ledger.parts import shown_without
from channeld.domain.ledger.echo import Echo, Sighting, echo_of, judge_cancel, judge_despatch, seen_of
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.ledger.states import OPEN_WORK, State
from channeld.domain.order import IncomingOrder
from channeld.store import ledger, ledger_lists
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["FAILURES", "judge", "settle_views"]

FAILURES: Mapping[Sighting, Failure] = {
    Sighting.CANCELLED: Failure(
        code="order_cancelled",
        reason="Amazon shows the order, or a line of the parcel, as cancelled.",
        hint="Do not send it; if it has left, settle it with the buyer. Then dismiss the note.",
        lasting=True,
    ),
    Sighting.OTHERWISE: Failure(
        code="already_shipped",
        reason="already shipped on Amazon with other data",
        hint="Compare with Seller Central; dismiss the note, or overwrite it with `work retry --force`.",
        lasting=True,
    ),
    Sighting.ABSENT: Failure(
        code="item_unknown",
        reason="The order on Amazon does not have that item.",
        hint="Look the order up in Seller Central; dismiss the note and process the order anew.",
        lasting=True,
    ),
    Sighting.SHIPPED: Failure(
        code="shipped_meanwhile",
        reason="The units have been shipped: it is too late to cancel them.",
        hint="Refund them with `channelctl order refund` instead, then dismiss the cancellation.",
        lasting=True,
    ),
}
"""What stands in the way for good."""
_OTHERWISE = FAILURES[Sighting.OTHERWISE].code
AFTER_ALL = "Amazon shows it after all"


def settle_views(
    unit: Unit, channels: Mapping[str, int], orders: Sequence[IncomingOrder], stamp: AuditStamp
) -> None:
    """Confirm what these views show, however late, and give up what they rule out.

    One query when there is no open work.

    `channels`: channel ids by marketplace.
    """
    views = {(channels.get(order.marketplace_id), order.order_id): order for order in orders}
    found = ledger.unsettled_of_orders(unit.connection, [order.order_id for order in orders])
    for record in sorted(found, key=lambda each: each.id):  # of two alike the older one is seen first
        view = views.get((record.channel_id, record.order_id))
        if view is not None:
            _settle(unit, record, echo_of(view), stamp)


def judge(unit: Unit, record: WorkRecord, echo: Echo) -> Sighting:
    """What this view says of that work."""
    match record.effect:
        case Despatch():
            sent = ledger_lists.units_sent(unit.connection, record.order_pk)
            if record.state in (State.QUEUED, State.NEEDS_ATTENTION):
                sent.update({part.order_item_id: part.quantity for part in record.effect.lines})
            by_name = record.state is State.NEEDS_ATTENTION and record.reason_code == _OTHERWISE
            return judge_despatch(record.effect, record.id, sent, echo, by_name=by_name)
        case Cancel():
            return judge_cancel(record.effect, echo, shown_without(unit.connection, record, record.effect))
        case _:
            return Sighting.UNSEEN


def _settle(unit: Unit, record: WorkRecord, echo: Echo, stamp: AuditStamp) -> None:
    sighting = judge(unit, record, echo)
    if sighting is Sighting.SEEN:
        confirmed(unit, record, stamp, AFTER_ALL if record.state is State.NEEDS_ATTENTION else "")
    elif record.state not in OPEN_WORK or record.state is State.SENDING:
        return
    elif sighting in (Sighting.CANCELLED, Sighting.SHIPPED):
        failed(unit, record, stamp, FAILURES[sighting])
    elif isinstance(record.effect, Cancel):
        _note_seen(unit, record, record.effect, echo)


def _note_seen(unit: Unit, record: WorkRecord, effect: Cancel, echo: Echo) -> None:
    """Some of its lines are done: what proves them proves nothing else, and they are not told again."""
    seen = seen_of(effect, echo, shown_without(unit.connection, record, effect))
    if seen != effect.seen:
        other = msgspec.structs.replace(effect, seen=seen)
        ledger.save(unit, msgspec.structs.replace(record, effect=other))
