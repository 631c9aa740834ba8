"""One step of a row: its new state, and what the audit trail says of it.

The moves themselves stand in `moves.py` (requests and their answers) and `decisions.py` (people).
"""

from datetime import datetime

import msgspec

from channeld.book.ledger.texts import TEXTS
from channeld.domain.ledger.doubt import MAY_HAVE_HAPPENED
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import Event, moved
from channeld.store import audit, ledger, stale_stock
from channeld.store.audit import AuditEntry
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["AuditStamp", "can_call", "is_looked_at_first", "may_come_twice", "route_after", "step", "tell"]

DAEMON = "channeld"


class AuditStamp(msgspec.Struct, frozen=True, kw_only=True):
    """Who moves it, and when."""

    now: datetime
    by: str = DAEMON


def step(unit: Unit, record: WorkRecord, event: Event, **changes: object) -> WorkRecord:
    """Raises `ImpossibleMove` for one that the state machine does not have.

    Units that are to be cancelled are held back until it is known whether they are.
    """
    state = moved(record.state, event)
    after = ledger.save(unit, msgspec.structs.replace(record, state=state, **changes))
    if isinstance(after.effect, Cancel) and after.ended_at is not None:
        stale_stock.mark_lines(unit, [after.order_pk], after.ended_at)
    return after


def tell(unit: Unit, record: WorkRecord, stamp: AuditStamp, what: str, reason: str = "") -> None:
    """Add what happened to the audit trail, in the words of its kind."""
    code, text = TEXTS[record.kind][what]
    details = {"work": str(record.id)} | ({"reason": reason} if reason else {})
    audit.add(
        unit,
        AuditEntry(
            at=stamp.now,
            code=code,
            text=text,
            by=stamp.by,
            account_id=record.account_id,
            channel_id=record.channel_id,
            order_id=record.order_id,
            details=details,
        ),
    )


def can_call(record: WorkRecord) -> bool:
    """Whether a request of its own can carry it, so that what is in doubt is settled by repeating."""
    return isinstance(record.effect, Despatch) and bool(record.effect.tracking)


def route_after(record: WorkRecord, event: Event) -> Route:
    """The way of the next try; empty when it is decided anew."""
    is_checked = kind_of(record.kind).reconciled or is_looked_at_first(record)
    if is_checked and record.route is Route.FEED:
        return Route.UNDECIDED
    if event is Event.LOST and can_call(record):
        return Route.CALL
    return record.route if record.route in (Route.FEED, Route.CANCELLATION) else Route.UNDECIDED


def is_looked_at_first(record: WorkRecord) -> bool:
    """Whether it has left and a repeat would count twice, so that the order is read before one."""
    return isinstance(record.effect, Cancel) and record.effect.counts_twice and record.sent_at is not None


def may_come_twice(record: WorkRecord) -> bool:
    """Whether what needs a person may come about yet, and a repeat would do it again."""
    if not kind_of(record.kind).repeat_safe:
        return record.in_doubt > 0
    is_open = record.in_doubt > 0 or record.reason_code in MAY_HAVE_HAPPENED
    return is_open and is_looked_at_first(record)
