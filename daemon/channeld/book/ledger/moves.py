"""The moves of outbound work that requests and their answers make, each with its audit entry.

A move that the state machine does not have raises `ImpossibleMove`: whoever asks has to have read the row in
the same unit of work.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random

import msgspec

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.step import AuditStamp, can_call, route_after, step, tell
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import OPEN_WORK, Event, State, leaving
from channeld.domain.ledger.tries import Attempts, next_slow_look, next_try, window_of
from channeld.store import ledger
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = [
    "AuditStamp",
    "begin",
    "can_call",
    "confirmed",
    "failed",
    "given_up",
    "interrupted",
    "put_back",
    "queue",
    "slow_look",
    "submitted",
]

_MAY_BE_PAID = (
    "A submission before this one may have been paid: look at the order in Seller Central before you repeat "
    "it. If Amazon shows it, it is confirmed by itself."
)


def queue(unit: Unit, new: Sequence[WorkRecord]) -> list[WorkRecord]:
    """Write new work down. What Amazon is told of it is told after this is committed, never before."""
    return ledger.add(unit, new)


def begin(unit: Unit, record: WorkRecord, stamp: AuditStamp, *, route: Route) -> WorkRecord:
    """The request is about to leave; committed before it does."""
    repeat_safe = kind_of(record.kind).repeat_safe
    event = leaving(record.state, repeat_safe=repeat_safe)
    doubt = {} if repeat_safe else _doubt(record, stamp)
    return step(unit, record, event, route=route, sent_at=stamp.now, look_at=None, **doubt)


def submitted(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    """Amazon took it: 204, 202, or a feed that was found to exist."""
    first_look = kind_of(record.kind).looks[0]
    after = step(
        unit,
        record,
        Event.TAKEN,
        submitted_at=stamp.now,
        look_at=stamp.now + first_look,
        looks=0,
        reason="",
        reason_code="",
        hint="",
    )
    tell(unit, after, stamp, "submitted")
    return after


def confirmed(unit: Unit, record: WorkRecord, stamp: AuditStamp, reason: str = "") -> WorkRecord:
    """Amazon has shown that it happened; what follows this work is confirmed with it."""
    after = step(
        unit,
        record,
        Event.CONFIRMED,
        ended_at=stamp.now,
        look_at=None,
        in_doubt=0,
        reason="",
        reason_code="",
        hint="",
    )
    tell(unit, after, stamp, "confirmed", reason)
    for follower in ledger.following(unit.connection, record.id):
        confirmed(unit, follower, stamp, f"with cancellation {record.id}")
    return after


def interrupted(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    """The daemon stopped while a request of its own carried it: in doubt, and no try that failed."""
    reason = "channeld stopped while it was being sent; it is sent again under the same number"
    return step(unit, record, Event.LOST, next_at=stamp.now, reason=reason, reason_code="interrupted")


def failed(unit: Unit, record: WorkRecord, stamp: AuditStamp, failure: Failure) -> WorkRecord:
    """A try came to nothing, or nobody knows whether it did.

    Tried again by its kind's policy; what no try can help, and what has had its last, needs a person. So does
    the one repeat that a person took upon himself while a submission before it may have had its effect.
    """
    kind = kind_of(record.kind)
    if failure.in_doubt and not kind.repeat_safe:
        return _in_doubt(unit, record, stamp, failure)
    attempts = record.attempts + 1
    until = record.window_until or window_of(kind.tries, stamp.now)
    is_the_one = _was_the_one_repeat(record)
    is_over = failure.lasting or is_the_one
    next_at = None if is_over else next_try(kind.tries, attempts, until, stamp.now, _jitter(record))
    event = Event.GIVEN_UP if next_at is None else Event.LOST if failure.in_doubt else Event.FAILED
    doubt = record.in_doubt if failure.in_doubt or record.in_doubt > 1 else 0
    after = step(
        unit,
        record,
        event,
        attempts=attempts,
        window_until=until,
        next_at=next_at or record.next_at,
        look_at=_look_after(record, event, stamp, is_in_doubt=doubt > 0),
        looks=0,
        in_doubt=doubt,
        feed_pk=None,
        route=route_after(record, event),
        reason=failure.reason,
        reason_code=failure.code,
        hint=_MAY_BE_PAID if is_the_one else failure.hint,
    )
    tell(unit, after, stamp, "failed", _attempt(after, failure))
    if event is Event.GIVEN_UP:
        for follower in ledger.following(unit.connection, record.id):
            failed(unit, follower, stamp, msgspec.structs.replace(failure, lasting=True, in_doubt=False))
    return after


def put_back(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    """It certainly did not leave, and that was no try: credentials or a role were missing (semantics C3)."""
    return step(unit, record, Event.FAILED, next_at=stamp.now, route=route_after(record, Event.FAILED))


def given_up(unit: Unit, record: WorkRecord, stamp: AuditStamp, failure: Failure) -> WorkRecord:
    """It needs a person, without a further try having failed; what follows this work does, too."""
    after = step(
        unit,
        record,
        Event.GIVEN_UP,
        look_at=slow_look(record, stamp) if failure.in_doubt else None,
        reason=failure.reason,
        reason_code=failure.code,
        hint=failure.hint,
    )
    tell(unit, after, stamp, "failed", failure.reason)
    for follower in ledger.following(unit.connection, record.id):
        if follower.state in OPEN_WORK:
            given_up(unit, follower, stamp, failure)
    return after


def slow_look(record: WorkRecord, stamp: AuditStamp) -> datetime | None:
    """When an effect is looked for that was given up; None: not any more, or it is another's."""
    if record.follows is not None:
        return None
    return next_slow_look(kind_of(record.kind).slow_looks, record.left_at, stamp.now)


def _doubt(record: WorkRecord, stamp: AuditStamp) -> dict[str, object]:
    """It may have its effect from now on, unless a submission before it is in doubt as well."""
    return {} if record.in_doubt else {"in_doubt": 1, "in_doubt_since": stamp.now}


def _was_the_one_repeat(record: WorkRecord) -> bool:
    has_left = record.state is not State.QUEUED
    return has_left and record.in_doubt > 1 and not kind_of(record.kind).repeat_safe


def _look_after(record: WorkRecord, event: Event, stamp: AuditStamp, *, is_in_doubt: bool) -> datetime | None:
    """When its effect is looked for after a failed try; None: it is repeated, or nothing is to be seen."""
    if event is Event.GIVEN_UP and is_in_doubt:
        return slow_look(record, stamp)
    is_looked_for = event is Event.LOST and not can_call(record)
    return stamp.now + kind_of(record.kind).looks[0] if is_looked_for else None


def _in_doubt(unit: Unit, record: WorkRecord, stamp: AuditStamp, failure: Failure) -> WorkRecord:
    """Not repeated: only the effect, or what is found out about its feed, settles it (semantics C3)."""
    after = step(
        unit,
        record,
        Event.LOST,
        look_at=(record.sent_at or stamp.now) + kind_of(record.kind).looks[0],
        looks=0,
        reason=failure.reason,
        reason_code=failure.code,
        hint=failure.hint,
    )
    tell(unit, after, stamp, "lost", failure.reason)
    return after


def _jitter(record: WorkRecord) -> Random:
    """Its own for each piece of work and try, and the same when a crash makes it be asked for again."""
    return Random(record.id * 1_000 + record.attempts)  # noqa: S311 (a pause, to be the same after a crash; no secret)


def _attempt(record: WorkRecord, failure: Failure) -> str:
    policy = kind_of(record.kind).tries
    number = f"attempt {record.attempts}"
    if isinstance(policy, Attempts):
        number += f" of {policy.most}"
    over = record.state is State.NEEDS_ATTENTION
    end = "; no further attempts" if over and not failure.lasting else ""
    waits = "; it waits for a change" if over and failure.lasting else ""
    return f"{number}: {failure.reason.rstrip('.')}{end}{waits}"
