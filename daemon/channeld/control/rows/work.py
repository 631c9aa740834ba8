"""Outbound work on the wire: where it stands, why it waits, what it does. Nothing personal."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channel_protocol.work import WorkRow
from channeld.book.ledger.holding import DISABLED, held_channels
from channeld.domain.ledger.effects import Cancel, Despatch, Effect, Refund
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import OPEN_WORK, State, people_say
from channeld.domain.ledger.tries import Attempts
from channeld.domain.money import format_amount
from channeld.domain.order import Units
from channeld.store import feeds
from channeld.store.ledger_records import WorkRecord
from channeld.store.names import Names, names

__all__ = ["carrier_text", "work_row", "work_rows"]

_PLANNED = {State.QUEUED: "next_at", State.SUBMITTED: "look_at", State.UNKNOWN: "look_at"}
"""When something happens to it next."""


class _Around(msgspec.Struct, frozen=True):
    """What rows are labelled with, read once for all of them."""

    known: Names
    held: Mapping[int, str]
    feed_ids: Mapping[int, str]


def work_rows(connection: Connection, found: Sequence[WorkRecord], instance: str) -> tuple[WorkRow, ...]:
    """Rows of these pieces of work; so many queries however many there are."""
    around = _Around(
        known=names(connection),
        held=held_channels(connection, {record.channel_id for record in found}, instance),
        feed_ids=_feed_ids(connection, {record.feed_pk for record in found if record.feed_pk is not None}),
    )
    return tuple(_row(record, around) for record in found)


def work_row(connection: Connection, record: WorkRecord, instance: str) -> WorkRow:
    """One."""
    return work_rows(connection, (record,), instance)[0]


def carrier_text(effect: Despatch) -> str:
    """Carrier and method as people read them."""
    return " ".join(filter(None, (effect.carrier_name or effect.carrier_code, effect.method)))


def _feed_ids(connection: Connection, feed_pks: Collection[int]) -> dict[int, str]:
    if not feed_pks:
        return {}
    return {feed.id: feed.feed_id for feed in feeds.latest(connection, len(feed_pks), ids=feed_pks)}


def _row(record: WorkRecord, around: _Around) -> WorkRow:
    effect, policy = record.effect, kind_of(record.kind).tries
    return WorkRow(
        version=record.version,
        work_id=record.id,
        kind=record.kind,
        order_id=record.order_id,
        channel=around.known.channel(record.channel_id),
        account=around.known.account(record.account_id),
        state=record.state.value,
        says=people_say(record.kind, record.state),
        held=_held(record, around.held.get(record.channel_id, "")),
        route=(Route.FEED if record.route is Route.BULK else record.route).value,
        summary=_summary(effect),
        amount=effect.minor if isinstance(effect, Refund) else None,
        currency=effect.currency if isinstance(effect, Refund) else "",
        attempts=record.attempts,
        attempts_allowed=policy.most if isinstance(policy, Attempts) else None,
        next_at=_next_at(record),
        deadline=record.deadline,
        window_until=record.window_until,
        reason=record.reason,
        hint=record.hint,
        created_at=record.created_at,
        created_by=record.created_by,
        submitted_at=record.submitted_at,
        ended_at=record.ended_at,
        feed_id=around.feed_ids.get(record.feed_pk, "") if record.feed_pk is not None else "",
    )


def _next_at(record: WorkRecord) -> datetime | None:
    if record.state is State.UNKNOWN and record.look_at is None and record.route is Route.CALL:
        return record.next_at
    name = _PLANNED.get(record.state)
    return getattr(record, name) if name else None


def _summary(effect: Effect) -> str:
    match effect:
        case Despatch():
            told = ", ".join(filter(None, (carrier_text(effect), effect.tracking or "untracked")))
            return f"{_units(effect.lines)} by {told}"
        case Cancel():
            return f"cancel {_units(effect.lines)}: {effect.reason}"
        case Refund():
            way = "by cancellation, " if effect.by_cancellation else ""
            return f"{format_amount(effect.minor, effect.currency)} for {effect.sku}, {way}{effect.reason}"


def _units(lines: Sequence[Units]) -> str:
    count = sum(part.quantity for part in lines)
    return "1 unit" if count == 1 else f"{count:,} units"


def _held(record: WorkRecord, why: str) -> str:
    """What is to be sent is held for every reason; on a disabled channel nothing is looked for either."""
    return why if _is_to_be_sent(record) or (why == DISABLED and record.state in OPEN_WORK) else ""


def _is_to_be_sent(record: WorkRecord) -> bool:
    """Queued, or in doubt and settled by sending it once more."""
    return record.state is State.QUEUED or (record.state is State.UNKNOWN and record.route is Route.CALL)
