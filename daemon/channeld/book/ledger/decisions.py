"""What people decide of outbound work, each with its audit entry: again, failed, never, not any more."""

from channeld.book.ledger.step import AuditStamp, is_looked_at_first, may_come_twice, route_after, step, tell
from channeld.book.stock.leaving import settle_units
from channeld.domain.ledger.states import Event, State
from channeld.store import ledger
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["dismissed", "rejected", "retried", "written_off"]

FIRST = "the order is read first, as Amazon may have done it by now"


def retried(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    """A person wants it tried again now: a new window, or attempts from the first again."""
    again = record.state is State.NEEDS_ATTENTION
    is_looked_at = is_looked_at_first(record)
    is_in_doubt = record.in_doubt > 0 or (again and may_come_twice(record))
    after = step(
        unit,
        record,
        Event.RETRIED,
        next_at=stamp.now,
        attempts=0 if again else record.attempts,
        window_until=None if again else record.window_until,
        feed_pk=None if again else record.feed_pk,
        route=route_after(record, Event.FAILED) if again else record.route,
        look_at=None,
        looks=0,
        in_doubt=2 if is_in_doubt else 0,
        reason=FIRST if is_looked_at else "",
        reason_code="looked_at_first" if is_looked_at else "",
        hint="",
    )
    tell(unit, after, stamp, "retried", FIRST if is_looked_at else "")
    for follower in ledger.following(unit.connection, record.id):
        if follower.state is State.NEEDS_ATTENTION:
            retried(unit, follower, stamp)
    return after


def written_off(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    """A person takes what is in doubt for failed, at his own risk; it needs attention until it is retried."""
    reason = "its outcome is not known; taken for failed by hand"
    after = step(unit, record, Event.GIVEN_UP, look_at=None, reason=reason, reason_code="written_off")
    tell(unit, after, stamp, "failed", reason)
    return after


def dismissed(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    """A person decided that nothing more is done about it; units of its parcel go back into stock."""
    after = step(unit, record, Event.DISMISSED, ended_at=stamp.now, look_at=None)
    tell(unit, after, stamp, "dismissed")
    settle_units(unit, [record.order_pk], stamp.now, stamp.by)
    for follower in ledger.following(unit.connection, record.id):
        if follower.ended_at is None:
            dismissed(unit, follower, stamp)
    return after


def rejected(unit: Unit, record: WorkRecord, stamp: AuditStamp, reason: str) -> WorkRecord:
    """Its channel was removed (semantics A1)."""
    after = step(
        unit, record, Event.REJECTED, ended_at=stamp.now, look_at=None, reason=reason, reason_code="rejected"
    )
    tell(unit, after, stamp, "rejected", reason)
    return after
