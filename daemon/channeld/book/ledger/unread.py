"""Amazon answers, but not about this order: its work waits, and says why; after a day it is a person's.

Other orders go on meanwhile. Work that is too old already gets a second look before it is given up.
"""

from datetime import datetime, timedelta

import msgspec

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.moves import AuditStamp, failed, given_up, slow_look
from channeld.book.ledger.step import is_looked_at_first
from channeld.domain.ledger.doubt import NO_TRANSACTION, ORDER_UNREADABLE
from channeld.domain.ledger.kinds import REFUND, kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store import ledger
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = [
    "LATER",
    "finances_read",
    "finances_unread",
    "looked_at_first",
    "looked_for",
    "order_unread",
    "without_unread",
]

LATER = timedelta(minutes=30)
"""After a read that brought nothing."""
TOO_LONG = timedelta(hours=24)
FINANCES, ORDER = "finances_unreadable", ORDER_UNREADABLE
_AGAIN = "It is read again by itself; if that fails for a day, a person decides."
_NOT_SENT = "Look the order up in Seller Central, refund it there if need be, and dismiss this one."
_MAYBE_PAID = "Look at the order in Seller Central before you repeat it: repeating it may pay twice."
_LOOK = "Look at the order in Seller Central: dismiss it if it is done there, else `channelctl work retry`."


def finances_unread(
    unit: Unit,
    account_id: int,
    order_id: str,
    why: str,
    began: datetime,
    stamp: AuditStamp,
    *,
    later: timedelta = LATER,
) -> None:
    """The finances of the order cannot be had: nothing is sent, and nothing of it counts as not paid.

    They are read again so much later; at zero, for an outage, they stay due and the day counts from its first
    failure.
    """
    reason = f"Amazon's finances of the order cannot be read: {why}"
    for record in ledger.unsettled_of_orders(unit.connection, [order_id]):
        if record.kind != REFUND.name or record.account_id != account_id:
            continue
        if record.state is State.QUEUED and record.route is Route.UNDECIDED and record.next_at <= began:
            if _is_over(record, record.created_at if later else record.next_at, FINANCES, stamp):
                failure = Failure(code=FINANCES, reason=reason, hint=_NOT_SENT, lasting=True)
                failed(unit, record, stamp, failure)
            elif later or record.reason_code != FINANCES:
                _wait(unit, record, FINANCES, reason, next_at=stamp.now + later)
        elif record.look_at is not None and record.look_at <= began:
            if record.state is State.NEEDS_ATTENTION:
                ledger.save(unit, msgspec.structs.replace(record, look_at=slow_look(record, stamp)))
            elif _is_over(record, record.left_at if later else record.look_at, FINANCES, stamp):
                failure = Failure(code=NO_TRANSACTION, reason=reason, hint=_MAYBE_PAID, in_doubt=True)
                given_up(unit, record, stamp, failure)
            elif later or record.reason_code != FINANCES:
                _wait(unit, record, FINANCES, reason, look_at=stamp.now + later)


def finances_read(unit: Unit, account_id: int, order_id: str) -> None:
    """They can be read again."""
    for record in ledger.open_of_orders(unit.connection, [order_id]):
        if record.account_id == account_id and record.reason_code == FINANCES:
            ledger.save(unit, without_unread(record))


def order_unread(unit: Unit, order_id: str, began: datetime, stamp: AuditStamp) -> None:
    """The read of the order brought nothing: neither confirmed nor failed."""
    reason = "Amazon does not show the order, or not so that it can be read."
    looked = [(record, "look_at") for record in looked_for(unit, order_id, began)]
    looked += [(record, "next_at") for record in looked_at_first(unit, order_id, began)]
    for record, again_at in looked:
        if _is_over(record, record.left_at, ORDER, stamp):
            failed(unit, record, stamp, Failure(code=ORDER, reason=reason, hint=_LOOK, lasting=True))
        else:
            _wait(unit, record, ORDER, reason, **{again_at: stamp.now + LATER})


def looked_for(unit: Unit, order_id: str, began: datetime) -> list[WorkRecord]:
    """The order's work whose effect a read of the order that began then shows."""
    return [
        record
        for record in ledger.open_of_orders(unit.connection, [order_id])
        if record.look_at is not None and record.look_at <= began and not kind_of(record.kind).reconciled
    ]


def looked_at_first(unit: Unit, order_id: str, began: datetime) -> list[WorkRecord]:
    """The order's work that a read which began then decides about, before it is told once more."""
    return [
        record
        for record in ledger.open_of_orders(unit.connection, [order_id])
        if record.state is State.QUEUED and record.route is Route.UNDECIDED and record.feed_pk is None
        if record.next_at <= began and is_looked_at_first(record)
    ]


def without_unread(record: WorkRecord) -> WorkRecord:
    """It was read again: what stood there of that is not true any more."""
    if record.reason_code not in (FINANCES, ORDER):
        return record
    return msgspec.structs.replace(record, reason="", reason_code="", hint="")


def _is_over(record: WorkRecord, since: datetime, code: str, stamp: AuditStamp) -> bool:
    return record.reason_code == code and stamp.now - since >= TOO_LONG


def _wait(unit: Unit, record: WorkRecord, code: str, reason: str, **until: datetime) -> None:
    ledger.save(unit, msgspec.structs.replace(record, reason=reason, reason_code=code, hint=_AGAIN, **until))
