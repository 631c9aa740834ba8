"""What Amazon said to each message of a feed, taken down with what follows for its work (semantics C1–C3)."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.late_results import judge_late
from channeld.book.ledger.moves import AuditStamp, confirmed, failed
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import OPEN_WORK
from channeld.domain.masking import masked
from channeld.store import feeds, ledger, personal
from channeld.store.cipher import Cipher
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["Ending", "Result", "end_feed", "take_down"]

MESSAGES_PER_UNIT = 500
"""Messages judged in one unit of work."""
ADOPTED_LOOK = timedelta(minutes=2)
_CORRECT = "Correct what Amazon names, then `channelctl work retry`; or dismiss it."


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says of one message."""

    outcome: str
    """`ok`, `warning`, `error` or `unknown`."""
    code: str = ""
    text: str = ""
    """Amazon's, as it came: it may repeat what was sent."""
    passing: bool = False
    """An error of the whole feed, not of this message: trying again may help."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a feed ended."""

    state: str
    results: Mapping[int, Result]
    """By message number; for a number that is missing, `others` holds."""
    others: Result
    successful: int | None = None
    with_error: int | None = None
    with_warning: int | None = None
    reason: str = ""


def take_down(unit: Unit, cipher: Cipher, feed: FeedRecord, ending: Ending, stamp: AuditStamp) -> bool:
    """Judge the next messages; True when the last was judged, and the feed has ended.

    Also one that was given up since it was read: what Amazon says of it counts, however late.
    """
    messages = feeds.unjudged(unit.connection, feed.id, MESSAGES_PER_UNIT)
    work = {record.id: record for record in ledger.by_ids(unit.connection, [m.work_id for m in messages])}
    noted: dict[int, tuple[str, str]] = {}
    for message in messages:
        result = ending.results.get(message.message_id, ending.others)
        noted[message.message_id] = (result.outcome, result.code)
        _judge(unit, cipher, feed, work[message.work_id], result, stamp)
    feeds.note_results(unit, feed.id, noted)
    if len(messages) == MESSAGES_PER_UNIT:
        return False
    end_feed(unit, feed, ending, stamp)
    return True


def end_feed(unit: Unit, feed: FeedRecord, ending: Ending, stamp: AuditStamp) -> None:
    """The lane is free for the next."""
    feeds.end(
        unit,
        feeds.get(unit.connection, feed.id) or feed,
        ending.state,
        stamp.now,
        ending.reason,
        successful=ending.successful,
        with_error=ending.with_error,
        with_warning=ending.with_warning,
    )


def _judge(
    unit: Unit, cipher: Cipher, feed: FeedRecord, record: WorkRecord, result: Result, stamp: AuditStamp
) -> None:
    is_good = result.outcome in ("ok", "warning")
    if record.feed_pk != feed.id or record.state not in OPEN_WORK:
        judge_late(unit, feed, record, result.outcome, _failure(unit, cipher, record, result), stamp)
    elif is_good:
        _succeeded(unit, feed, record, stamp)
    else:
        failed(unit, record, stamp, _failure(unit, cipher, record, result))


def _succeeded(unit: Unit, feed: FeedRecord, record: WorkRecord, stamp: AuditStamp) -> None:
    kind = kind_of(record.kind)
    if kind.confirmed_by == "report or order" and not feed.adopted:
        confirmed(unit, record, stamp)
        return
    wait = min(ADOPTED_LOOK, kind.looks[0]) if feed.adopted else kind.looks[0]
    ledger.save(unit, msgspec.structs.replace(record, look_at=stamp.now + wait, looks=0))


def _failure(unit: Unit, cipher: Cipher, record: WorkRecord, result: Result) -> Failure:
    """In Amazon's words without the order's personal data."""
    if result.outcome == "unknown":
        return Failure(
            code=result.code or "report_contradicts",
            reason=result.text or "Amazon's report contradicts itself",
            in_doubt=True,
        )
    found = personal.get(unit.connection, cipher, record.order_pk) if result.text else None
    text = masked(result.text, found.fields.values() if found else ())
    lasting = kind_of(record.kind).repeat_safe and not result.passing
    return Failure(
        code=result.code or "refused",
        reason=f"Amazon refused it: {text}" if text else "Amazon refused it without saying why.",
        hint=_CORRECT if lasting else "",
        lasting=lasting,
    )
