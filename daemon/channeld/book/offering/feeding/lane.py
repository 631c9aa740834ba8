"""An account's way for listings feeds: what Amazon works on, when the next may leave, and with what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.feeds.listings_document import FEED_TYPE
from channeld.book.ledger.holding import is_foreign
from channeld.book.offering.feeding.too_late import was_too_late
from channeld.book.offering.who_sends import who_sends
from channeld.domain.stock.feed_lessons import learnt
from channeld.domain.stock.route import FeedLane, FeedModel, Requests, share
from channeld.store import desired_stock, feeds, stale_stock
from channeld.store.channels import Channel
from channeld.store.feeds import FeedRecord

__all__ = ["Lane", "Load", "load_of", "model_of", "read_lane"]

SUBMISSIONS = 5
WINDOW = timedelta(minutes=5, seconds=5)
"""So many feeds are taken in five minutes; the clocks need not agree on when one arrived."""
FAILED = ("not created", "cancelled", "fatal", "lost")
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 15, 60))
"""After the first, second … feed on end that came to nothing."""
MANY = 500
"""SKUs: while the values of so many are about to be others no feed leaves; it would carry what is left."""
LESSONS = 20
"""Feeds that are looked at, the newest."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What the next feed takes."""

    channel: Channel
    count: int
    due: int
    """Of all channels of the account."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One state of the store."""

    running: FeedRecord | None = None
    look_back_at: datetime | None = None
    """When one that was given up is looked at again, past or future."""
    free_at: datetime | None = None
    """When the next may be handed in; None: at once."""
    failures: int = 0
    """Feeds on end that came to nothing."""
    model: FeedModel
    due: Mapping[int, int] = {}
    """How many SKUs may be sent now, by the channel by which they are."""
    channels: Mapping[int, Channel] = {}
    """Those that may send."""
    is_behind: bool = False
    """Orders of the last hours are read first."""
    is_computing: bool = False
    """What many are to be told is still to be computed."""


def read_lane(
    connection: Connection,
    account_id: int,
    instance: str,
    most: int,
    now: datetime,
    *,
    left_out: Collection[int] = (),
) -> Lane:
    """`most`: messages of a feed. What is due is only counted when a feed could leave now.

    `left_out`: channels that send nothing by feeds now.
    """
    known = feeds.latest(connection, LESSONS, account_id, FEED_TYPE)
    lane = Lane(
        running=feeds.running(connection, account_id, FEED_TYPE),
        look_back_at=feeds.next_look_back(connection, account_id, FEED_TYPE),
        free_at=_free_at(known),
        failures=_failures(known),
        model=_learnt(known, most),
    )
    is_busy = lane.running is not None or (lane.free_at is not None and lane.free_at > now)
    if is_busy or is_foreign(connection, instance):
        return lane
    sending = who_sends(connection, account_id, now)
    is_computing = stale_stock.is_computing(connection, account_id, MANY)
    if sending.only_zeros or is_computing:
        return msgspec.structs.replace(lane, is_behind=sending.only_zeros, is_computing=is_computing)
    channels = {id_: channel for id_, channel in sending.channels.items() if id_ not in left_out}
    due = desired_stock.due_counts(connection, account_id)
    mine = {owner: count for owner, count in due.items() if owner in channels}
    return msgspec.structs.replace(lane, due=mine, channels=channels)


def load_of(lane: Lane, requests: Requests, ready_in: float) -> Load | None:
    """What is worth a feed at these budgets; None when requests alone do as well.

    A feed is for one marketplace, so it is the channel with the most to send; requests go on with the rest.
    """
    if not lane.due:
        return None
    owner_id, count = max(lane.due.items(), key=lambda each: each[1])
    due = sum(lane.due.values())
    fed = share(due, requests, FeedLane(model=lane.model, ready_in=ready_in), at_most=count)
    return Load(channel=lane.channels[owner_id], count=min(fed, lane.model.most), due=due) if fed else None


def model_of(connection: Connection, account_id: int, most: int) -> FeedModel:
    """How long Amazon works on this account's feeds, as far as they have told."""
    return _learnt(feeds.latest(connection, LESSONS, account_id, FEED_TYPE), most)


def _learnt(known: Sequence[FeedRecord], most: int) -> FeedModel:
    ended = [
        (feed.messages, (feed.moved_at - feed.submitted_at).total_seconds())
        for feed in known
        if feed.state == "done" and not feed.adopted and feed.moved_at and feed.submitted_at
    ]
    return learnt(ended, most)


def _failures(known: Sequence[FeedRecord]) -> int:
    meant = [feed for feed in known if not was_too_late(feed)]
    return next((number for number, feed in enumerate(meant) if feed.state not in FAILED), len(meant))


def _free_at(known: Sequence[FeedRecord]) -> datetime | None:
    """By the number that Amazon takes, and by what came of the last ones."""
    sent = [feed.sent_at for feed in known if feed.sent_at is not None and feed.state != "not created"]
    moments = [sent[SUBMISSIONS - 1] + WINDOW] if len(sent) >= SUBMISSIONS else []
    failures = _failures(known)
    if failures and (ended := known[0].ended_at) is not None:
        moments.append(ended + PAUSES[min(failures, len(PAUSES)) - 1])
    return max(moments, default=None)
