"""Despatch notes that go by a request of their own: which leave now, and what came of each (semantics C1)."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.amazon.orders import read_order
from channeld.book.ledger.echoes import FAILURES, judge
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp, begin, confirmed, failed, interrupted, put_back, submitted
from channeld.domain.ledger.echo import Sighting, echo_of
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.kinds import DESPATCH
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.order_state import OrderState
from channeld.store import channels, ledger, ledger_due, order_queries, orders
from channeld.store.ledger_records import WorkRecord
from channeld.store.order_records import OrderRecord
from channeld.store.unit import Unit

__all__ = ["Note", "call_failed", "call_taken", "recover_calls", "take_calls"]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note whose request leaves now."""

    work_id: int
    order_id: str
    marketplace_id: str
    deadline: datetime | None
    effect: Despatch


def recover_calls(unit: Unit, channel_id: int, stamp: AuditStamp) -> None:
    """After a start: what was being sent when the daemon stopped is in doubt, and is sent again."""
    for record in ledger_due.sending(unit.connection, channel_id, DESPATCH.name):
        interrupted(unit, record, stamp)


def take_calls(unit: Unit, channel_id: int, instance: str, stamp: AuditStamp, limit: int) -> list[Note]:
    """The notes to send now, marked as being sent; those that Amazon's view settles are settled instead."""
    channel = channels.get(unit.connection, channel_id)
    if channel is None or held(unit.connection, channel, instance):
        return []
    due = ledger_due.calls(unit.connection, channel_id, DESPATCH.name, stamp.now, limit)
    stored = order_queries.by_keys(unit.connection, [(record.channel_id, record.order_id) for record in due])
    known = {order.id: order for order in stored}
    notes: list[Note] = []
    for record in due:
        if isinstance(record.effect, Despatch) and not _settled(unit, record, known[record.order_pk], stamp):
            begin(unit, record, stamp, route=Route.CALL)
            notes.append(
                Note(
                    work_id=record.id,
                    order_id=record.order_id,
                    marketplace_id=channel.marketplace_id,
                    deadline=record.deadline,
                    effect=record.effect,
                )
            )
    return notes


def call_taken(unit: Unit, work_id: int, stamp: AuditStamp) -> None:
    """Amazon answered 204, which says that it was taken and no more."""
    record = _being_sent(unit.connection, work_id)
    if record is not None:
        submitted(unit, record, stamp)


def call_failed(unit: Unit, work_id: int, failure: Failure | None, stamp: AuditStamp) -> None:
    """The request failed; without a failure it was no try."""
    record = _being_sent(unit.connection, work_id)
    if record is not None and failure is not None:
        failed(unit, record, stamp, _as_shown(unit, record) or failure if failure.lasting else failure)
    elif record is not None:
        put_back(unit, record, stamp)


def _as_shown(unit: Unit, record: WorkRecord) -> Failure | None:
    """What Amazon shows of the order says more than its refusal does."""
    (order,) = order_queries.by_keys(unit.connection, [(record.channel_id, record.order_id)])
    return FAILURES.get(_sighting(unit, record, order))


def _being_sent(connection: Connection, work_id: int) -> WorkRecord | None:
    """None when it moved meanwhile: a read has shown it, or its channel was removed."""
    record = ledger.get(connection, work_id)
    return record if record is not None and record.state is State.SENDING else None


def _settled(unit: Unit, record: WorkRecord, order: OrderRecord, stamp: AuditStamp) -> bool:
    """Whether what Amazon has shown of the order decides before anything is sent."""
    sighting = _sighting(unit, record, order)
    if sighting is Sighting.SEEN:
        confirmed(unit, record, stamp)
    elif sighting in FAILURES:
        failed(unit, record, stamp, FAILURES[sighting])
    return sighting is not Sighting.UNSEEN


def _sighting(unit: Unit, record: WorkRecord, order: OrderRecord) -> Sighting:
    if order.state == OrderState.CANCELLED:
        return Sighting.CANCELLED
    open_units = {line.order_item_id: line.unfulfilled for line in order.lines}
    effect = record.effect
    if isinstance(effect, Despatch) and all(
        open_units.get(part.order_item_id, 0) >= part.quantity for part in effect.lines
    ):
        return Sighting.UNSEEN  # there is room for it; the payload need not be read
    raw = orders.payload(unit.connection, order.id)
    return judge(unit, record, echo_of(read_order(raw))) if raw else Sighting.UNSEEN
