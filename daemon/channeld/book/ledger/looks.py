"""Looking for an effect: the order is read again some time after Amazon took the work (semantics C1, C2)."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book.careful import apply_readings
from channeld.book.desk import open_desk
from channeld.book.ledger.echoes import FAILURES, judge
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.moves import Hand, failed
from channeld.book.ledger.unread import looked_for, order_unread, without_unread
from channeld.book.readings import Readings
from channeld.domain.ledger.echo import echo_of
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import State
from channeld.domain.order import IncomingOrder
from channeld.store import channels, ledger, ledger_due
from channeld.store.cipher import Cipher
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["book_look", "orders_to_read"]


def orders_to_read(
    connection: Connection, channel_id: int, kind: str, now: datetime, limit: int
) -> list[str]:
    """Orders whose work is to be looked for now, each once."""
    return list(
        dict.fromkeys(r.order_id for r in ledger_due.to_look_for(connection, channel_id, kind, now, limit))
    )


def book_look(
    unit: Unit,
    cipher: Cipher,
    account_id: int,
    order_id: str,
    readings: Readings,
    began: datetime,
    hand: Hand,
) -> None:
    """Book what the read brought, which confirms what it shows; what it does not show failed, or waits on."""
    enabled = [c for c in channels.of_account(unit.connection, account_id) if c.enabled]
    apply_readings(unit, open_desk(unit.connection, cipher, account_id, enabled, hand.now), readings)
    view = next((order for order in readings.orders if order.order_id == order_id), None)
    if view is None:
        order_unread(unit, order_id, began, hand)
        return
    for record in looked_for(unit, order_id, began):
        _judge_late(unit, record, view, hand)


def _judge_late(unit: Unit, record: WorkRecord, view: IncomingOrder, hand: Hand) -> None:
    looks = kind_of(record.kind).looks
    looked = record.looks + 1
    ruled_out = FAILURES.get(judge(unit, record, echo_of(view)))
    since = record.submitted_at or record.sent_at or hand.now
    if ruled_out is None and looked < len(looks) and record.state is State.SUBMITTED:
        next_look = max(since + looks[looked], hand.now + looks[0])
        ledger.save(unit, msgspec.structs.replace(without_unread(record), looks=looked, look_at=next_look))
        return
    failed(unit, record, hand, ruled_out or _not_seen(hand.now - since))


def _not_seen(after: timedelta) -> Failure:
    minutes = round(after.total_seconds() / 60)
    told = f"{minutes / 60:.0f} h" if minutes >= 90 else f"{minutes} min"
    return Failure(code="not_seen", reason=f"Amazon took it and does not show it {told} later.")
