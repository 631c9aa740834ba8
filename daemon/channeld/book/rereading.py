"""Orders that are read again by their id: which are due, and what a read settles (semantics C0, C4, C5)."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book.apply import Outcome
from channeld.book.careful import apply_readings
from channeld.book.desk import open_desk
from channeld.book.email_deadline import GRACE, settle_overdue
from channeld.book.readings import Readings
from channeld.book.reconciling import settle_gap
from channeld.domain.email import LOOK_UPS
from channeld.domain.reread import Reread, next_at
from channeld.store import channels, order_email, quarantine, rereads
from channeld.store.cipher import Cipher
from channeld.store.unit import Unit

__all__ = ["DueReread", "book_one", "book_reread", "due_rereads", "next_reread"]


class DueReread(msgspec.Struct, frozen=True, kw_only=True):
    """One order to read, and why."""

    order_id: str
    channel_id: int | None = None
    kind: Reread
    attempt: int = 0
    first_at: datetime
    by: str = ""
    """Who wants it recovered."""


def due_rereads(
    connection: Connection, account_id: int, channel_id: int, now: datetime, limit: int
) -> list[DueReread]:
    """What is to be read now: people's wishes first, then the longest overdue; an order once."""
    due = [
        DueReread(
            order_id=r.order_id,
            channel_id=r.channel_id,
            kind=Reread(r.kind),
            attempt=r.attempt,
            first_at=r.first_at,
            by=r.by,
        )
        for r in rereads.due(connection, now, limit, channel_id=channel_id)
    ]
    damaged = [
        DueReread(order_id=q.order_id, kind=Reread.QUARANTINE, attempt=q.attempts, first_at=q.first_at)
        for q in quarantine.due(connection, account_id, now, limit, channel_id=channel_id)
    ]
    first: dict[str, DueReread] = {}
    for reread in (*due, *damaged):
        first.setdefault(reread.order_id, reread)
    return list(first.values())[:limit]


def next_reread(connection: Connection, account_id: int, channel_id: int) -> datetime | None:
    """When there is something to do for the channel again, past or future."""
    waiting = order_email.longest_waiting(connection, channel_id)
    moments = (
        rereads.next_due(connection, channel_id=channel_id),
        quarantine.next_due(connection, account_id, channel_id=channel_id),
        waiting + LOOK_UPS[-1] + GRACE if waiting else None,
    )
    return min((moment for moment in moments if moment), default=None)


def book_reread(
    unit: Unit,
    cipher: Cipher,
    account_id: int,
    reread: DueReread,
    readings: Readings | None,
    now: datetime,
    why_not: str = "not found",
) -> Outcome | None:
    """Book what a read brought and plan the next one if the reason for it still holds.

    `readings` is None when the read brought nothing, and `why_not` is then what it has come to: `not found`,
    `unreadable`, or `refused` with Amazon's code. Any enabled channel of the account may get the order.
    """
    recovering = reread.kind is Reread.RECOVER
    outcome = None
    if readings:
        outcome = book_one(unit, cipher, account_id, readings, now, reread.by, recovering=recovering)
    if reread.kind is Reread.QUARANTINE:
        if outcome is None or outcome.what == "skipped":
            rung = next_at(reread.kind, reread.first_at, now)
            quarantine.postpone(unit, account_id, reread.order_id, rung, now)
        return outcome
    is_over = reread.kind is Reread.GAP and readings is not None
    rung = None if is_over else next_at(reread.kind, reread.first_at, now)
    if reread.kind is Reread.EMAIL and rung is None and reread.channel_id is not None:
        settle_overdue(unit, reread.channel_id, now, timedelta(0))
    if rung is None:
        what = outcome.what if outcome else "skipped" if readings else why_not
        rereads.finish(unit, account_id, reread.order_id, reread.kind.value, now, what)
        if reread.kind is Reread.GAP:
            settle_gap(unit, account_id, reread.order_id, what, now)
    else:
        rereads.postpone(unit, account_id, reread.order_id, reread.kind.value, reread.attempt + 1, rung)
    return outcome


def book_one(
    unit: Unit,
    cipher: Cipher,
    account_id: int,
    readings: Readings,
    now: datetime,
    by: str = "",
    *,
    recovering: bool = False,
) -> Outcome | None:
    """Book the order that a read by its id brought, on whichever enabled channel it is of."""
    enabled = [c for c in channels.of_account(unit.connection, account_id) if c.enabled]
    by = by or "channeld"
    desk = open_desk(unit.connection, cipher, account_id, enabled, now, by=by, recovering=recovering)
    outcomes = apply_readings(unit, desk, readings)
    return outcomes[0] if outcomes else None
