"""What waits for a feed: which work the next one takes, and when that may be made (design, section 4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import ORDER_FEED_MESSAGES, ORDER_FEED_PAUSE
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp, failed
from channeld.book.ledger.refund_checks import CHECKING
from channeld.book.ledger.step import is_looked_at_first
from channeld.domain.ledger.kinds import Kind
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import OPEN_WORK, State
from channeld.store import channels, feeds, ledger, ledger_due
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_due import Backlog
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["Lane", "checked_long_ago", "gathering", "look_at_lane", "send_back", "unsayable"]

GATHER = timedelta(seconds=30)
"""So long work waits for more to go with it, as the next feed may have to wait for 20 minutes."""
BURST, QUIET = 100, timedelta(seconds=5)
"""So much work has come in one go, as from a file: when no more has come for that long, that was all."""
ADMITTED_FOR = timedelta(minutes=5)
"""So long a look at the finances is good for a try; in a pause between feeds they may change."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """How the lane of one account and feed type stands."""

    running: FeedRecord | None = None
    """The feed that it waits for."""
    waiting: tuple[int, ...] = ()
    """Ids of what goes into the next feed, the nearest deadline first."""
    marketplaces: Mapping[int, str] = {}
    """Of each channel that may send now."""
    free_at: datetime | None = None
    """When the next feed may be made; None: there is nothing for one."""
    look_back_at: datetime | None = None
    """When one that was given up is looked at again, past or future."""


def look_at_lane(connection: Connection, account_id: int, kind: Kind, instance: str, now: datetime) -> Lane:
    """One state of the store."""
    back = feeds.next_look_back(connection, account_id, kind.feed_type)
    running = feeds.running(connection, account_id, kind.feed_type)
    if running is not None:
        return Lane(running=running, look_back_at=back)
    free = {c.id: c for c in channels.of_account(connection, account_id) if not held(connection, c, instance)}
    routes = (Route.FEED, Route.BULK)
    backlog = ledger_due.backlog(connection, tuple(free), kind.name, routes, now)
    if backlog is None:
        return Lane(look_back_at=back)
    last = feeds.last(connection, account_id, kind.feed_type)
    pause = last.sent_at + ORDER_FEED_PAUSE if last and last.sent_at else backlog.first
    free_at = max(_gathered_at(connection, tuple(free), kind, backlog, now), pause)
    if free_at > now:
        return Lane(free_at=free_at, look_back_at=back)
    waiting = ledger_due.for_feed(connection, tuple(free), kind.name, now, ORDER_FEED_MESSAGES)
    marketplaces = {channel_id: channel.marketplace_id for channel_id, channel in free.items()}
    return Lane(waiting=tuple(waiting), marketplaces=marketplaces, free_at=free_at, look_back_at=back)


def _gathered_at(
    connection: Connection, channel_ids: Sequence[int], kind: Kind, backlog: Backlog, now: datetime
) -> datetime:
    """When what waits has waited long enough for more; for refunds, as long as others are being checked."""
    if kind.reconciled and backlog.due < ORDER_FEED_MESSAGES:
        unchecked = ledger_due.next_at(connection, channel_ids, kind.name, (Route.UNDECIDED,))
        if unchecked is not None and unchecked <= now:
            return backlog.first + CHECKING
    return min(backlog.first + GATHER, backlog.last + gathering(backlog.due))


def gathering(count: int) -> timedelta:
    """How long so much work waits for more to go with it: a full feed not at all, a burst hardly."""
    if count >= ORDER_FEED_MESSAGES:
        return timedelta()
    return QUIET if count >= BURST else GATHER


def unsayable(unit: Unit, work_id: int, reason: str, stamp: AuditStamp) -> None:
    """No feed can carry it as it is; the others go without it."""
    record = ledger.get(unit.connection, work_id)
    if record is not None and record.state in OPEN_WORK and record.feed_pk is None:
        hint = "Dismiss it and ask for it anew without that."
        failed(unit, record, stamp, Failure(code="unsayable", reason=reason, hint=hint, lasting=True))


def checked_long_ago(kind: Kind, rows: Sequence[WorkRecord], now: datetime) -> list[int]:
    """Work that was checked against what Amazon shows too long ago to be sent now, by id (C2, C3)."""
    checked = [row for row in rows if kind.reconciled or is_looked_at_first(row)]
    return [row.id for row in checked if row.admitted_at is None or now - row.admitted_at > ADMITTED_FOR]


def send_back(unit: Unit, work_ids: Sequence[int]) -> None:
    """It is checked anew before a feed takes it."""
    for record in ledger.by_ids(unit.connection, work_ids):
        if record.state is State.QUEUED and record.feed_pk is None and record.route is Route.FEED:
            ledger.save(unit, msgspec.structs.replace(record, route=Route.UNDECIDED))
