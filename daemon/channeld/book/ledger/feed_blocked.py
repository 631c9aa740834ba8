"""Work that waits behind a feed that is stuck: after its time it needs a person (semantics C1-C3)."""

from datetime import timedelta

import msgspec

from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_moves import ROWS_PER_UNIT
from channeld.book.ledger.feed_stuck import feed_name, minute, present, way_out
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp, given_up
from channeld.book.ledger.step import may_come_twice
from channeld.domain.ledger.doubt import MAY_HAVE_HAPPENED, NO_TRANSACTION, NOT_SEEN
from channeld.domain.ledger.kinds import CANCELLATION, KINDS_OF_FEED, REFUND, kind_of
from channeld.domain.ledger.route import Route
from channeld.store import channels, ledger_due
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["give_up_waiting"]

PATIENCE = timedelta(hours=24)
"""So long work without a window of its own waits behind a feed that is stuck."""
_WAITING = {Route.FEED, Route.BULK}
"""The ways of what waits for a feed; what is checked before has none until the lane is nearly free."""
_EARLIER = {
    CANCELLATION.name: "An earlier submission of it may have cancelled these units",
    REFUND.name: "An earlier submission of it may have been paid",
}
"""Why a repeat may do it twice, by kind; of parcels, none does."""


def give_up_waiting(unit: Unit, stale: FeedRecord, instance: str, stamp: AuditStamp) -> bool:
    """Work that has waited behind it for too long needs a person, as nobody knows when the lane is free.

    So many rows at a time; True when none is left. What is held waits for another reason, and waits on.
    """
    feed = present(unit, stale)
    if feed is None or feed.stuck_since is None:
        return True
    kind = KINDS_OF_FEED[feed.feed_type]
    known = channels.of_account(unit.connection, feed.account_id)
    late = stamp.now - PATIENCE
    over = ledger_due.overdue_for_feed(
        unit.connection,
        [channel.id for channel in known if not held(unit.connection, channel, instance)],
        kind.name,
        routes=_WAITING | {Route.UNDECIDED} if kind.reconciled else _WAITING,
        taken_at=feed.sent_at or feed.created_at,
        came_before=late if feed.stuck_since <= late else None,
        now=stamp.now,
        limit=ROWS_PER_UNIT,
    )
    for record in over:
        given_up(unit, record, stamp, _not_sent(feed, record))
    return len(over) < ROWS_PER_UNIT


def _not_sent(feed: FeedRecord, record: WorkRecord) -> Failure:
    """Nothing was tried: the feed that stands in the way is another one, or has carried it once already."""
    told = f"{feed_name(feed)} has blocked its way since {minute(feed.sent_at or feed.created_at)}"
    sent = "not sent again" if record.sent_at else "not sent"
    code = _code(record)
    again = f"It was {sent}, so `channelctl work retry` is safe"
    if may_come_twice(msgspec.structs.replace(record, reason_code=code)):
        again = f"{_EARLIER[record.kind]}: look into Seller Central before you retry it"
    return Failure(
        code=code,
        reason=f"{told}, and it was {sent} in time; no further attempts",
        hint=f"{way_out(feed)} {again}.",
        in_doubt=code in MAY_HAVE_HAPPENED,
    )


def _code(record: WorkRecord) -> str:
    """What was sent once may still show itself, and is then confirmed."""
    if record.sent_at is None:
        return "lane_blocked"
    if not kind_of(record.kind).reconciled:
        return NOT_SEEN
    return NO_TRANSACTION if record.in_doubt else "lane_blocked"
