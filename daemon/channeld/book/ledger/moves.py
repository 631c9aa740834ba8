"""The moves of outbound work, each with its audit entry. Every change of a row's state is made here.

A move that the state machine does not have raises `ImpossibleMove`: whoever asks has to have read the row in
the same unit of work.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random

import msgspec

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.texts import TEXTS
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import Event, State, leaving, moved
from channeld.domain.ledger.tries import Attempts, next_try, window_of
from channeld.store import audit, ledger
from channeld.store.audit import AuditEntry
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = [
    "Hand",
    "begin",
    "can_call",
    "confirmed",
    "dismissed",
    "failed",
    "given_up",
    "interrupted",
    "put_back",
    "queue",
    "rejected",
    "retried",
    "submitted",
    "written_off",
]

DAEMON = "channeld"
IN_DOUBT = "rejected_in_doubt"
"""The code of what was under way when its channel was removed: it may have had its effect."""
_UNDER_WAY = (State.SENDING, State.SUBMITTED, State.UNKNOWN)


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """Who moves it, and when."""

    now: datetime
    by: str = DAEMON


def queue(unit: Unit, new: Sequence[WorkRecord]) -> list[WorkRecord]:
    """Write new work down. What Amazon is told of it is told after this is committed, never before."""
    return ledger.add(unit, new)


def begin(unit: Unit, record: WorkRecord, hand: Hand, *, route: str) -> WorkRecord:
    """The request is about to leave; committed before it does."""
    event = leaving(record.state, repeat_safe=kind_of(record.kind).repeat_safe)
    return _saved(unit, record, event, route=route, feed_pk=record.feed_pk, sent_at=hand.now, look_at=None)


def submitted(unit: Unit, record: WorkRecord, hand: Hand) -> WorkRecord:
    """Amazon took it: 204, 202, or a feed that was found to exist."""
    first_look = kind_of(record.kind).looks[0]
    after = _saved(
        unit,
        record,
        Event.TAKEN,
        submitted_at=hand.now,
        look_at=hand.now + first_look,
        looks=0,
        reason="",
        reason_code="",
        hint="",
    )
    _tell(unit, after, hand, "submitted")
    return after


def confirmed(unit: Unit, record: WorkRecord, hand: Hand, reason: str = "") -> WorkRecord:
    """Amazon has shown that it happened; what follows this work is confirmed with it."""
    after = _saved(
        unit, record, Event.CONFIRMED, ended_at=hand.now, look_at=None, reason="", reason_code="", hint=""
    )
    _tell(unit, after, hand, "confirmed", reason)
    for follower in ledger.following(unit.connection, record.id):
        confirmed(unit, follower, hand, f"with cancellation {record.id}")
    return after


def interrupted(unit: Unit, record: WorkRecord, hand: Hand) -> WorkRecord:
    """The daemon stopped while a request of its own carried it: in doubt, and no try that failed."""
    reason = "channeld stopped while it was being sent; it is sent again under the same number"
    return _saved(unit, record, Event.LOST, next_at=hand.now, reason=reason, reason_code="interrupted")


def failed(unit: Unit, record: WorkRecord, hand: Hand, failure: Failure) -> WorkRecord:
    """A try came to nothing, or nobody knows whether it did.

    Tried again by its kind's policy; what no try can help, and what has had its last, needs a person.
    """
    kind = kind_of(record.kind)
    if failure.in_doubt and not kind.repeat_safe:
        return _in_doubt(unit, record, hand, failure)
    attempts = record.attempts + 1
    until = record.window_until or window_of(kind.tries, hand.now)
    next_at = None if failure.lasting else next_try(kind.tries, attempts, until, hand.now, _jitter(record))
    event = Event.GIVEN_UP if next_at is None else Event.LOST if failure.in_doubt else Event.FAILED
    after = _saved(
        unit,
        record,
        event,
        attempts=attempts,
        window_until=until,
        next_at=next_at or record.next_at,
        look_at=hand.now + kind.looks[0] if event is Event.LOST and not can_call(record) else None,
        looks=0,
        feed_pk=None,
        route=_route_after(record, event),
        reason=failure.reason,
        reason_code=failure.code,
        hint=failure.hint,
    )
    _tell(unit, after, hand, "failed", _attempt(after, failure))
    if event is Event.GIVEN_UP:
        for follower in ledger.following(unit.connection, record.id):
            failed(unit, follower, hand, msgspec.structs.replace(failure, lasting=True, in_doubt=False))
    return after


def put_back(unit: Unit, record: WorkRecord, hand: Hand) -> WorkRecord:
    """It certainly did not leave, and that was no try: credentials or a role were missing (semantics C3)."""
    return _saved(unit, record, Event.FAILED, next_at=hand.now, route=_route_after(record, Event.FAILED))


def given_up(unit: Unit, record: WorkRecord, hand: Hand, failure: Failure) -> WorkRecord:
    """It needs a person, without a further try having failed."""
    after = _saved(
        unit,
        record,
        Event.GIVEN_UP,
        look_at=None,
        reason=failure.reason,
        reason_code=failure.code,
        hint=failure.hint,
    )
    _tell(unit, after, hand, "failed", failure.reason)
    return after


def retried(unit: Unit, record: WorkRecord, hand: Hand) -> WorkRecord:
    """A person wants it tried again now: a new window, or attempts from the first again."""
    again = record.state is State.NEEDS_ATTENTION
    after = _saved(
        unit,
        record,
        Event.RETRIED,
        next_at=hand.now,
        attempts=0 if again else record.attempts,
        window_until=None if again else record.window_until,
        feed_pk=None if again else record.feed_pk,
        route=_route_after(record, Event.FAILED) if again else record.route,
        look_at=None,
        looks=0,
        reason="",
        reason_code="",
        hint="",
    )
    _tell(unit, after, hand, "retried")
    for follower in ledger.following(unit.connection, record.id):
        if follower.state is State.NEEDS_ATTENTION:
            retried(unit, follower, hand)
    return after


def written_off(unit: Unit, record: WorkRecord, hand: Hand) -> WorkRecord:
    """A person takes what is in doubt for failed, at his own risk; it needs attention until it is retried."""
    reason = "its outcome is not known; taken for failed by hand"
    after = _saved(unit, record, Event.GIVEN_UP, look_at=None, reason=reason, reason_code="written_off")
    _tell(unit, after, hand, "failed", reason)
    return after


def dismissed(unit: Unit, record: WorkRecord, hand: Hand) -> WorkRecord:
    """A person decided that nothing more is done about it."""
    after = _saved(unit, record, Event.DISMISSED, ended_at=hand.now, look_at=None)
    _tell(unit, after, hand, "dismissed")
    for follower in ledger.following(unit.connection, record.id):
        if follower.ended_at is None:
            dismissed(unit, follower, hand)
    return after


def rejected(unit: Unit, record: WorkRecord, hand: Hand, reason: str) -> WorkRecord:
    """Its channel was removed (semantics A1)."""
    code = IN_DOUBT if record.state in _UNDER_WAY else "rejected"
    after = _saved(
        unit, record, Event.REJECTED, ended_at=hand.now, look_at=None, reason=reason, reason_code=code
    )
    _tell(unit, after, hand, "rejected", reason)
    return after


def _in_doubt(unit: Unit, record: WorkRecord, hand: Hand, failure: Failure) -> WorkRecord:
    """Not repeated: only the effect, or what is found out about its feed, settles it (semantics C3)."""
    after = _saved(
        unit,
        record,
        Event.LOST,
        look_at=(record.sent_at or hand.now) + kind_of(record.kind).looks[0],
        looks=0,
        reason=failure.reason,
        reason_code=failure.code,
        hint=failure.hint,
    )
    _tell(unit, after, hand, "lost", failure.reason)
    return after


def can_call(record: WorkRecord) -> bool:
    """Whether a request of its own can carry it, so that what is in doubt is settled by repeating."""
    return isinstance(record.effect, Despatch) and bool(record.effect.tracking)


def _route_after(record: WorkRecord, event: Event) -> str:
    """The way of the next try; empty when it is decided anew."""
    if kind_of(record.kind).reconciled and record.route == "feed":
        return ""
    if event is Event.LOST and can_call(record):
        return "call"
    return record.route if record.route in ("feed", "cancellation") else ""


def _saved(unit: Unit, record: WorkRecord, event: Event, **changes: object) -> WorkRecord:
    state = moved(record.state, event)
    return ledger.save(unit, msgspec.structs.replace(record, state=state, **changes))


def _jitter(record: WorkRecord) -> Random:
    """Its own for each piece of work and try, and the same when a crash makes it be asked for again."""
    return Random(record.id * 1_000 + record.attempts)  # noqa: S311 (nothing secret hangs on it)


def _attempt(record: WorkRecord, failure: Failure) -> str:
    policy = kind_of(record.kind).tries
    number = f"attempt {record.attempts}"
    if isinstance(policy, Attempts):
        number += f" of {policy.most}"
    over = record.state is State.NEEDS_ATTENTION
    end = "; no further attempts" if over and not failure.lasting else ""
    waits = "; it waits for a change" if over and failure.lasting else ""
    return f"{number}: {failure.reason.rstrip('.')}{end}{waits}"


def _tell(unit: Unit, record: WorkRecord, hand: Hand, what: str, reason: str = "") -> None:
    code, text = TEXTS[record.kind][what]
    details = {"work": str(record.id)} | ({"reason": reason} if reason else {})
    audit.add(
        unit,
        AuditEntry(
            at=hand.now,
            code=code,
            text=text,
            by=hand.by,
            account_id=record.account_id,
            channel_id=record.channel_id,
            order_id=record.order_id,
            details=details,
        ),
    )
