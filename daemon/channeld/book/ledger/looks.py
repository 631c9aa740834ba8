"""Looking for an effect: the order is read again some time after Amazon took the work (semantics C1, C2)."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book.careful import apply_readings
from channeld.book.desk import open_desk
from channeld.book.ledger.echoes import FAILURES, judge
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp, failed
from channeld.book.ledger.step import is_looked_at_first
from channeld.book.ledger.unread import looked_at_first, looked_for, order_unread, without_unread
from channeld.book.readings import Readings
from channeld.domain.ledger.doubt import NOT_SEEN
from channeld.domain.ledger.echo import echo_of
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.order import IncomingOrder
from channeld.store import channels, ledger, ledger_due
from channeld.store.cipher import Cipher
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["book_look", "orders_before_repeats", "orders_to_read"]


_MAY_COME = (
    "If Amazon shows it later, it is confirmed by itself. Look at the order in Seller Central before you "
    "repeat it: `channelctl work retry --force` may cancel as many units again."
)


def orders_to_read(
    connection: Connection, channel_id: int, kind: str, now: datetime, limit: int
) -> list[str]:
    """Orders whose work is to be looked for now, each once."""
    return list(
        dict.fromkeys(r.order_id for r in ledger_due.to_look_for(connection, channel_id, kind, now, limit))
    )


def orders_before_repeats(
    connection: Connection, channel_id: int, kind: str, instance: str, now: datetime, limit: int
) -> list[str]:
    """Orders whose work is to be told once more now, and may have happened meanwhile; each once."""
    if held(connection, channel_id, instance):
        return []
    due = ledger_due.calls(connection, channel_id, kind, now, limit)
    return list(dict.fromkeys(record.order_id for record in due))


def book_look(
    unit: Unit,
    cipher: Cipher,
    account_id: int,
    order_id: str,
    readings: Readings,
    began: datetime,
    stamp: AuditStamp,
) -> None:
    """Book what the read brought, which confirms what it shows.

    What it does not show failed, or waits on; what was to be told once more if it is not there may go.
    """
    enabled = [c for c in channels.of_account(unit.connection, account_id) if c.enabled]
    apply_readings(unit, open_desk(unit.connection, cipher, account_id, enabled, stamp.now), readings)
    view = next((order for order in readings.orders if order.order_id == order_id), None)
    if view is None:
        order_unread(unit, order_id, began, stamp)
        return
    for record in looked_for(unit, order_id, began):
        _judge_look(unit, record, view, stamp)
    for record in looked_at_first(unit, order_id, began):
        _let_go(unit, record, stamp)


def _let_go(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> None:
    """The next feed may tell it: the order was just read, and does not show it."""
    admitted = msgspec.structs.replace(
        record, route=Route.FEED, admitted_at=stamp.now, reason="", reason_code="", hint=""
    )
    ledger.save(unit, admitted)


def _judge_look(unit: Unit, record: WorkRecord, view: IncomingOrder, stamp: AuditStamp) -> None:
    looks = kind_of(record.kind).looks
    looked = record.looks + 1
    ruled_out = FAILURES.get(judge(unit, record, echo_of(view)))
    counts_twice = is_looked_at_first(record)
    is_waited_for = record.state is State.SUBMITTED or counts_twice
    if ruled_out is None and looked < len(looks) and is_waited_for:
        next_look = max(record.left_at + looks[looked], stamp.now + looks[0])
        ledger.save(unit, msgspec.structs.replace(without_unread(record), looks=looked, look_at=next_look))
        return
    failed(unit, record, stamp, ruled_out or _not_seen(stamp.now - record.left_at, lasting=counts_twice))


def _not_seen(after: timedelta, *, lasting: bool) -> Failure:
    """Lasting: it may come about yet, and only a person can take it upon himself to have it done again."""
    minutes = round(after.total_seconds() / 60)
    told = f"{minutes / 60:.0f} h" if minutes >= 90 else f"{minutes} min"
    reason = f"Amazon took it and does not show it {told} later."
    return Failure(code=NOT_SEEN, reason=reason, hint=_MAY_COME if lasting else "", lasting=lasting)
