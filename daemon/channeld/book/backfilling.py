"""A large backfill takes two routes (Amazon's reference, 4.1): both of them, and how they meet.

The plan lies in the store: the orders that a report shows and the book lacks. Whatever reads one takes it
off, so nothing is read twice for nothing. When none is left, the cursors go to where the report ends; what
has changed since then the next search finds. A plan that does not fit any more is dropped, and loses nothing:
the cursor has only gone where searches have been.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.book.gap_reads import read_by_id
from channeld.book.readings import Readings
from channeld.book.rereading import book_one
from channeld.domain.backfill import PAGE, READS_TAKEN, is_followed, pages_ahead, slice_end
from channeld.domain.search_plan import CatchUp, Place
from channeld.store import audit, backfills, channels, order_gaps, order_queries, searches
from channeld.store.audit import AuditEntry
from channeld.store.backfills import Backfill, BackfillOrder
from channeld.store.channels import Channel
from channeld.store.cipher import Cipher
from channeld.store.order_gaps import Gap
from channeld.store.unit import Unit

__all__ = [
    "book_read",
    "drop_outdated",
    "enabled_of",
    "end_if_read",
    "fits",
    "followed",
    "is_outdated",
    "next_slice",
    "note_read",
    "places_of",
    "tell",
    "to_read",
]


def followed(
    connection: Connection, account_id: int, places: Collection[Place], now: datetime
) -> Backfill | None:
    """The plan that the search keeps to now, if there is one."""
    plan = backfills.of_account(connection, account_id)
    return plan if plan is not None and plan.running and fits(plan, places, now) else None


def next_slice(connection: Connection, plan: Backfill, places: Collection[Place]) -> CatchUp | None:
    """The next slice of the search: full pages, from the oldest order on that nobody has read yet."""
    cursor = min(place.cursor for place in places if place.channel_id in plan.channel_ids)
    pages = pages_ahead(backfills.left(connection, plan.account_id, cursor))
    first = backfills.oldest(connection, plan.account_id, cursor)
    edge = backfills.edge(connection, plan.account_id, cursor, pages * PAGE) if pages else None
    if first is None or edge is None:
        return None
    end = slice_end(*edge)
    end = end if end > first else edge[0]
    return CatchUp(channel_ids=plan.channel_ids, after=first, before=min(end, plan.data_to))


def to_read(connection: Connection, account_id: int, now: datetime) -> list[BackfillOrder]:
    """What is read by id next: the newest ones, and none that a slice under way will bring."""
    plan = followed(connection, account_id, places_of(connection, account_id), now)
    plan = plan or _asleep(connection, account_id, now)
    if plan is None:
        return []
    search = searches.running(connection, account_id, "catch_up")
    return backfills.newest(connection, account_id, search.slice_to if search else None, READS_TAKEN)


def drop_outdated(unit: Unit, account_id: int, now: datetime) -> None:
    """Forget a plan that does not fit any more: another channel lags, too, or the search has overtaken it."""
    if is_outdated(unit.connection, account_id, now):
        backfills.drop(unit, account_id)


def is_outdated(connection: Connection, account_id: int, now: datetime) -> bool:
    """Whether there is such a plan."""
    plan = backfills.of_account(connection, account_id)
    return plan is not None and plan.running and _asleep(connection, account_id, now) is None


def book_read(
    unit: Unit,
    cipher: Cipher,
    each: BackfillOrder,
    readings: Readings | None,
    now: datetime,
) -> None:
    """Book what a read by id brought. What it did not bring is noted as a gap, and read again later."""
    account_id = each.account_id
    plan = backfills.of_account(unit.connection, account_id)
    if readings is not None:
        book_one(unit, cipher, account_id, readings, now)
    elif plan is not None:
        gap = Gap(
            report_pk=plan.report_pk,
            account_id=account_id,
            channel_id=each.channel_id,
            order_id=each.order_id,
            kind="missing",
            found_at=now,
        )
        order_gaps.add(unit, [gap])
        read_by_id(unit, [gap], now)
    backfills.stir(unit, account_id, now)
    note_read(unit, account_id, [each.order_id], now)


def note_read(unit: Unit, account_id: int, order_ids: Collection[str], now: datetime) -> None:
    """These orders have been read, whoever did it; with the last one the backfill ends."""
    if backfills.of_account(unit.connection, account_id) is not None:
        backfills.note_read(unit, account_id, order_ids)
        end_if_read(unit, account_id, now)


def end_if_read(unit: Unit, account_id: int, now: datetime) -> None:
    """Everything that the report shows is in the book: the cursors go to where it ends."""
    connection = unit.connection
    plan = backfills.of_account(connection, account_id)
    if plan is None or not plan.running or backfills.newest(connection, account_id, None, 1):
        return
    taking_part = [c for c in enabled_of(connection, account_id) if c.id in plan.channel_ids]
    behind = [c.id for c in taking_part if c.order_cursor and plan.data_from <= c.order_cursor < plan.data_to]
    search = searches.running(connection, account_id, "catch_up")
    if search is not None and set(search.channel_ids) & set(plan.channel_ids):
        searches.finish(unit, account_id, "catch_up")
    channels.move_cursor(unit, behind, plan.data_to)
    for channel_id, updated_at in order_queries.newest_updates(connection, behind).items():
        channels.note_applied(unit, channel_id, plan.started_at, min(updated_at, now))
    backfills.drop(unit, account_id)
    text = f"{plan.orders} orders of the backfill have been read by two routes"
    tell(unit, plan, now, "order.backfill_done", text, plan.orders)


def fits(plan: Backfill, places: Collection[Place], now: datetime) -> bool:
    """Whether the search may keep to the plan as things stand."""
    return is_followed(plan.channel_ids, plan.data_from, plan.data_to, plan.moved_at, places, now)


def places_of(connection: Connection, account_id: int) -> list[Place]:
    """How far the enabled channels have been read."""
    return [
        Place(channel_id=channel.id, cursor=channel.order_cursor)
        for channel in enabled_of(connection, account_id)
        if channel.order_cursor
    ]


def enabled_of(connection: Connection, account_id: int) -> list[Channel]:
    """The channels that are switched on."""
    return [channel for channel in channels.of_account(connection, account_id) if channel.enabled]


def tell(unit: Unit, plan: Backfill, now: datetime, code: str, text: str, orders: int) -> None:
    """Add what happened to the audit trail."""
    audit.add(
        unit,
        AuditEntry(
            at=now,
            code=code,
            text=text,
            account_id=plan.account_id,
            channel_id=plan.channel_ids[0] if len(plan.channel_ids) == 1 else None,
            details={"report": str(plan.report_pk), "orders": str(orders)},
        ),
    )


def _asleep(connection: Connection, account_id: int, now: datetime) -> Backfill | None:
    """A plan that the search left, as nothing was read for long, but which fits as soon as reads go on."""
    plan = backfills.of_account(connection, account_id)
    if plan is None or not plan.running:
        return None
    awake = msgspec.structs.replace(plan, moved_at=now)
    return plan if fits(awake, places_of(connection, account_id), now) else None
