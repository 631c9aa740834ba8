"""A listings feed comes about: its SKUs, its document, its creation (design, section 4).

It is `preparing` while its document is on its way: Amazon knows of no feed. It is `sending` from just before
its creation is asked for; what dies there is in doubt.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from channeld.amazon.feeds.listings_document import FEED_TYPE, ListingChange
from channeld.amazon.listings.availability import value_patch
from channeld.book.feed_rows import as_submitted, as_unknown
from channeld.book.ledger.holding import is_foreign
from channeld.book.offering.feeding.lane import model_of
from channeld.book.offering.feeding.too_late import TOO_LATE, is_too_late
from channeld.book.offering.moves import Moves
from channeld.book.offering.who_sends import who_sends
from channeld.domain.stock.feed_lessons import seconds_for, seconds_to_look
from channeld.domain.stock.route import Route
from channeld.store import desired_stock, feeds, stock_messages
from channeld.store.channels import Channel
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = [
    "ROWS_PER_UNIT",
    "STOPPED",
    "Taken",
    "created",
    "creating",
    "in_doubt",
    "leave_out",
    "prepare",
    "renumber",
    "submission_of",
    "take",
    "uncreated",
]

ROWS_PER_UNIT = 500
SEARCHED_AFTER = timedelta(minutes=2)
"""Sooner than feeds of money and parcels: a value that is told twice does no harm, and no feed leaves until
then."""
STOPPED = "channeld stopped before it was sent"
_IN_DOUBT = "Amazon's list of feeds is looked through; its SKUs are sent by requests of their own meanwhile."


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Some SKUs that a feed takes."""

    changes: Sequence[ListingChange]
    is_last: bool
    """There are no more of that channel."""


def submission_of(feed: FeedRecord) -> str:
    """Our own name of the feed, as its SKUs have it."""
    return f"f{feed.id}"


def prepare(unit: Unit, account_id: int, channel: Channel, now: datetime) -> FeedRecord:
    """A feed for that channel; its SKUs are taken next."""
    desired_stock.release(unit, account_id, now)
    feed = FeedRecord(
        account_id=account_id, feed_type=FEED_TYPE, marketplaces=(channel.marketplace_id,), created_at=now
    )
    return feeds.add(unit, feed, ())


def take(unit: Unit, feed: FeedRecord, channel_id: int, first: int, limit: int, now: datetime) -> Taken:
    """So many of its SKUs, at most, as messages from that number on.

    They are taken from the end, as requests take the first.
    """
    rows = desired_stock.due_last(unit.connection, feed.account_id, channel_id, limit)
    moves, changes = Moves(now), list[ListingChange]()
    for row in rows:
        if not row.desired.is_due(now):
            moves.put(row, row.desired)  # the clock was set back: it is held anew
            continue
        begun = moves.begun(row, Route.FEED, submission_of(feed)).desired.flight
        assert begun is not None
        changes.append(ListingChange(sku=row.sku, patches=(value_patch(begun.value),)))
    moves.save(unit)
    stock_messages.add(unit, feed.id, [change.sku for change in changes], first)
    return Taken(changes=changes, is_last=len(rows) < limit)


def leave_out(unit: Unit, feed: FeedRecord, reasons: Mapping[str, str], now: datetime) -> None:
    """These SKUs are not in its document; by SKU why no feed can carry it, empty where the feed was full."""
    moves = Moves(now)
    for row in desired_stock.of_skus(unit.connection, feed.account_id, list(reasons)).values():
        if why := reasons[row.sku]:
            moves.refused(row, submission_of(feed), f"no feed can carry it: {why}")
        else:
            moves.not_sent(row, submission_of(feed), "the feed is full")
        moves.feed_ended(row, submission_of(feed), reference=str(feed.id))
    moves.save(unit)


def renumber(unit: Unit, feed: FeedRecord, skus: Sequence[str]) -> None:
    """Its messages are these, and no others."""
    stock_messages.forget(unit, feed.id)
    stock_messages.add(unit, feed.id, skus)


def creating(
    unit: Unit, feed_pk: int, document_id: str, messages: int, instance: str, now: datetime
) -> FeedRecord | None:
    """Its document is there, its creation is about to be asked for. None: it is not to leave any more.

    Its reason says why, unless its channel does not send any more.
    """
    feed = _feed(unit.connection, feed_pk)
    if not _may_leave(unit.connection, feed, instance, now):
        return None
    if is_too_late(unit.connection, feed, submission_of(feed)):
        feeds.save(unit, replace(feed, reason=TOO_LATE))
        return None
    return feeds.save(
        unit, replace(feed, state="sending", document_id=document_id, messages=messages, sent_at=now)
    )


def created(unit: Unit, feed_pk: int, feed_id: str, most: int, now: datetime) -> FeedRecord:
    """Amazon has taken it under that id. `most`: messages of a feed."""
    feed = _feed(unit.connection, feed_pk)
    expected = seconds_for(model_of(unit.connection, feed.account_id, most), feed.messages)
    look_at = now + timedelta(seconds=seconds_to_look(0.0, expected))
    return feeds.save(unit, as_submitted(feed, feed_id, now, look_at, adopted=False))


def in_doubt(unit: Unit, feed_pk: int, reason: str, now: datetime) -> FeedRecord:
    """Nobody knows whether it was created; its SKUs go another way (`let_go`)."""
    feed = _feed(unit.connection, feed_pk)
    return feeds.save(unit, as_unknown(feed, reason, _IN_DOUBT, now, SEARCHED_AFTER))


def uncreated(unit: Unit, feed_pk: int, reason: str) -> FeedRecord:
    """Amazon certainly has no such feed: as before its creation, until its SKUs have left it (`conclude`)."""
    feed = _feed(unit.connection, feed_pk)
    return feeds.save(unit, replace(feed, state="preparing", sent_at=None, reason=reason))


def _may_leave(connection: Connection, feed: FeedRecord, instance: str, now: datetime) -> bool:
    sending = who_sends(connection, feed.account_id, now)
    if sending.only_zeros or is_foreign(connection, instance):
        return False
    return {each.marketplace_id for each in sending.channels.values()}.issuperset(feed.marketplaces)


def _feed(connection: Connection, feed_pk: int) -> FeedRecord:
    feed = feeds.get(connection, feed_pk)
    if feed is None:
        raise LookupError(f"feed {feed_pk}")
    return feed
