"""A feed comes about: its document, its creation, and what becomes of that (design, section 4; semantics C3).

It is `preparing` while its document is on its way: Amazon knows of no feed, and its work is still queued.
It is `sending` from just before its creation is asked for, with its work; what dies there is in doubt.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book.feed_rows import as_submitted, as_unknown
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_moves import ROWS_PER_UNIT, all_begin, all_in_doubt, all_put_back, all_taken
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp, failed
from channeld.domain.ledger.kinds import Kind
from channeld.domain.ledger.states import OPEN_WORK
from channeld.store import feed_work, feeds, ledger
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["created", "creating", "in_doubt", "not_created", "prepare"]

FIRST_WATCH = timedelta(seconds=30)


def prepare(
    unit: Unit,
    account_id: int,
    kind: Kind,
    rows: Sequence[WorkRecord],
    marketplaces: Sequence[str],
    stamp: AuditStamp,
) -> FeedRecord | None:
    """A feed for these rows, numbered as they stand here. None, and nothing done, if one has moved."""
    present = ledger.versions(unit.connection, [row.id for row in rows])
    if any(present.get(row.id) != row.version for row in rows):
        return None
    feed = FeedRecord(
        account_id=account_id,
        feed_type=kind.feed_type,
        marketplaces=tuple(marketplaces),
        created_at=stamp.now,
    )
    stored = feeds.add(unit, feed, [row.id for row in rows])
    feed_work.claim(unit, stored.id, [(row.id, row.version) for row in rows])
    return stored


def creating(
    unit: Unit, feed_pk: int, rows: Sequence[WorkRecord], document_id: str, instance: str, stamp: AuditStamp
) -> FeedRecord | None:
    """Its document is there, its creation is about to be asked for.

    `rows`: as they were for `prepare`, and stand in the document. None, and the feed has ended, if that is
    not to be sent any more: some of it is held by now, or was settled or changed while the document was on
    its way. The others go by the next feed.
    """
    feed = _feed(unit, feed_pk)
    stops = _stops(unit.connection, feed_pk, rows, instance)
    if stops:
        not_created(unit, feed_pk, None, stamp, why=stops)
        return None
    saved = msgspec.structs.replace(feed, state="sending", document_id=document_id, sent_at=stamp.now)
    all_begin(unit, feed, stamp)
    return feeds.save(unit, saved)


def created(
    unit: Unit, feed_pk: int, feed_id: str, stamp: AuditStamp, *, adopted: bool = False
) -> FeedRecord:
    """Amazon has it, as its answer says, or as was found out afterwards."""
    feed = _feed(unit, feed_pk)
    all_taken(unit, feed, stamp)
    saved = as_submitted(feed, feed_id, stamp.now, stamp.now + FIRST_WATCH, adopted=adopted)
    return feeds.save(unit, saved)


def in_doubt(unit: Unit, feed_pk: int, reason: str, stamp: AuditStamp) -> FeedRecord:
    """Nobody knows whether it was created. The lane sends nothing until that is settled."""
    feed = _feed(unit, feed_pk)
    hint = "Amazon's list of feeds is looked through; nothing of this type is sent meanwhile."
    all_in_doubt(unit, feed, stamp, reason, hint)
    return feeds.save(unit, as_unknown(feed, reason, hint, stamp.now))


def not_created(
    unit: Unit, feed_pk: int, failure: Failure | None, stamp: AuditStamp, *, why: str = ""
) -> bool:
    """It certainly does not exist: a failed try of its work, or without a failure no try at all.

    Moves so many rows at a time; False until all have moved and the feed has ended.
    """
    feed = _feed(unit, feed_pk)
    if failure is None:
        all_put_back(unit, feed, stamp)
    else:
        carried = ledger.of_feed(unit.connection, feed_pk, OPEN_WORK, ROWS_PER_UNIT + 1)
        for record in carried[:ROWS_PER_UNIT]:
            failed(unit, record, stamp, failure)
        if len(carried) > ROWS_PER_UNIT:
            return False
    reason = failure.reason if failure else why or "channeld stopped before it was sent"
    feeds.end(unit, feed, "not created", stamp.now, reason)
    return True


def _stops(connection: Connection, feed_pk: int, rows: Sequence[WorkRecord], instance: str) -> str:
    """Why its document is not to be sent any more, in words; empty when it is."""
    carried = ledger.channels_of_feed(connection, feed_pk)
    if any(held(connection, channel_id, instance) for channel_id in carried):
        return "its work is held"
    claimed = [(row.id, row.version) for row in rows]
    if feed_work.stands_as_claimed(connection, feed_pk, claimed):
        return ""
    return "work in it was settled or changed before it was sent; the rest goes by the next feed"


def _feed(unit: Unit, feed_pk: int) -> FeedRecord:
    feed = feeds.get(unit.connection, feed_pk)
    if feed is None:
        raise LookupError(f"feed {feed_pk}")
    return feed
