"""What a report says of work that its feed does not carry any more, or that a person was asked about (C1-C3).

A feed that had been given up, or was stuck for days, moved after all. What it did counts as long as nothing
else is under way for that work.
"""

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.moves import AuditStamp, confirmed, failed, given_up, submitted
from channeld.book.ledger.step import is_looked_at_first
from channeld.domain.ledger.doubt import MAY_HAVE_HAPPENED
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import State
from channeld.store import feeds, ledger
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["judge_late"]

_SAFE = "It had no effect, so `channelctl work retry` is safe; or dismiss it."


def judge_late(
    unit: Unit, feed: FeedRecord, record: WorkRecord, outcome: str, refusal: Failure, stamp: AuditStamp
) -> None:
    """`outcome`: that of its message. `refusal`: what it means if that is an error."""
    if not _is_open_question(record, feed):
        return
    if outcome in ("ok", "warning"):
        _done(unit, feed, record, stamp)
    elif outcome == "error" and record.sent_at == feed.sent_at:
        _refused(unit, feed, record, refusal, stamp)


def _is_open_question(record: WorkRecord, feed: FeedRecord) -> bool:
    """Whether it may have been this feed that did it, and nothing else is under way for it."""
    if record.state is State.QUEUED:
        return True  # also in a feed that is being prepared: without it that feed is not created
    if record.feed_pk not in (None, feed.id):
        return False
    if record.state is State.NEEDS_ATTENTION:
        return record.in_doubt > 0 or record.reason_code in MAY_HAVE_HAPPENED
    return record.state is State.UNKNOWN


def _done(unit: Unit, feed: FeedRecord, record: WorkRecord, stamp: AuditStamp) -> None:
    """It proves what was sent last and not changed since. What would count twice is not sent once more."""
    kind = kind_of(record.kind)
    is_last = record.sent_at == feed.sent_at
    counts_twice = not kind.repeat_safe or is_looked_at_first(record)
    free = msgspec.structs.replace(record, feed_pk=None)
    if kind.confirmed_by == "report or order" and not feed.adopted:
        if is_last:
            confirmed(unit, free, stamp, f"feed {feed.feed_id}")
    elif is_last if record.state is State.UNKNOWN else counts_twice:
        submitted(unit, free, stamp)


def _refused(unit: Unit, feed: FeedRecord, record: WorkRecord, refusal: Failure, stamp: AuditStamp) -> None:
    """Its last submission certainly had no effect. The doubt ends with it, if no other is in doubt."""
    if record.state is State.UNKNOWN:
        failed(unit, record, stamp, refusal)
    elif _others_in_doubt(unit.connection, record, feed):
        return
    elif record.state is State.NEEDS_ATTENTION:
        certain = msgspec.structs.replace(record, feed_pk=None, in_doubt=0)
        given_up(unit, certain, stamp, msgspec.structs.replace(refusal, hint=refusal.hint or _SAFE))
    elif record.in_doubt:
        ledger.save(unit, msgspec.structs.replace(record, in_doubt=0))


def _others_in_doubt(connection: Connection, record: WorkRecord, feed: FeedRecord) -> bool:
    """Whether another feed may have done it."""
    return any(
        other.id != feed.id and other.state != "not created" and message.result != "error"
        for other, message in feeds.of_work(connection, record.id)
    )
