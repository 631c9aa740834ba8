"""What Amazon is to be told of each seller SKU's stock, and how that stands (design, section 4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Executable, bindparam, func, select, text

from channeld.domain.stock.desired import NEW, Desired, Rank
from channeld.domain.stock.route import Route
from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.columns import Instant, to_micros
from channeld.store.rows import all_as, given
from channeld.store.stock_sync import note_standing
from channeld.store.tables.offering import DUE
from channeld.store.unit import Unit

__all__ = [
    "DesiredRow",
    "Dirty",
    "dirty",
    "due",
    "due_counts",
    "due_last",
    "in_flight",
    "is_any_due",
    "next_held",
    "next_look",
    "of_skus",
    "release",
    "save",
    "to_look_at",
]

_desired = tables.desired_stock
_STORED = (
    "account_id",
    "sku",
    "item_id",
    "owner_id",
    "channels",
    "differing",
    "withheld",
    "issue",
    "would",
    "last_valid",
    "closed_at",
    "desired",
)
_SEARCHED = "quantity", "rank", "held_until", "dirty_since", "look_at", "flight"
_upsert = Upsert(_desired, (*_STORED, *_SEARCHED, "version"), key=("account_id", "sku"))
_IS_SETTLED = """NOT EXISTS (SELECT 1 FROM stale_stock AS s WHERE s.account_id = :account AND s.sku = {0}.sku)
    AND ({0}.rank = 0 OR NOT EXISTS (SELECT 1 FROM stock_sweeps AS w
        WHERE w.account_id = :account AND w.after IS NOT NULL AND {0}.sku > w.after))"""
"""Its value is not about to be another; a zero does not wait for a sweep."""
_columns = [*(_desired.c[name] for name in _STORED), _desired.c.version]
_mine = _desired.c.account_id == bindparam("account")
_of_skus = select(*_columns).where(_mine, _desired.c.sku.in_(given("skus")))
_is_due = text(DUE)
_CANDIDATES = 2_000
"""The foremost SKUs that are due, among which those that may leave are: a sweep may have come to none of
100,000, and each would be looked at for every token."""
_foremost = (
    select(_desired.c.sku, _desired.c.rank, _desired.c.dirty_since)
    .where(
        _mine,
        _is_due,
        _desired.c.rank <= bindparam("least_urgent"),
        _desired.c.owner_id.in_(given("owners")),
    )
    .order_by(_desired.c.rank, _desired.c.dirty_since)
    .limit(_CANDIDATES)
    .subquery("foremost")
)
_settled = (
    select(_foremost.c.sku)
    .where(text(_IS_SETTLED.format("foremost")))
    .order_by(_foremost.c.rank, _foremost.c.dirty_since)
    .limit(bindparam("limit"))
)
_due = (
    select(*_columns)
    .where(_mine, _desired.c.sku.in_(_settled))
    .order_by(_desired.c.rank, _desired.c.dirty_since)
)
_may_leave = text(f"{DUE} AND {_IS_SETTLED.format('desired_stock')}")
_due_last = (
    select(*_columns)
    .where(_mine, _may_leave, _desired.c.owner_id == bindparam("owner"))
    .order_by(_desired.c.rank.desc(), _desired.c.dirty_since.desc())
    .limit(bindparam("limit"))
)
_due_counts = select(_desired.c.owner_id, func.count()).where(_mine, _may_leave).group_by(_desired.c.owner_id)
_any_due = select(_desired.c.sku).where(_mine, _is_due).limit(1)
_next_held = select(func.min(_desired.c.held_until)).where(_mine, _desired.c.held_until.is_not(None))
_to_look_at = (
    select(*_columns)
    .where(_mine, _desired.c.look_at <= bindparam("now", type_=Instant))
    .order_by(_desired.c.look_at)
    .limit(bindparam("limit"))
)
_next_look = select(func.min(_desired.c.look_at)).where(_mine, _desired.c.look_at.is_not(None))
_in_flight = select(*_columns).where(_mine, _desired.c.flight == bindparam("route")).limit(bindparam("limit"))
_dirty = (
    select(_desired.c.owner_id, func.count(), func.min(_desired.c.dirty_since))
    .where(_desired.c.dirty_since.is_not(None), _desired.c.owner_id.is_not(None))
    .group_by(_desired.c.owner_id)
)
_RELEASE = """UPDATE desired_stock SET held_until = NULL WHERE account_id = ? AND held_until <= ?
    RETURNING owner_id"""


class DesiredRow(msgspec.Struct, frozen=True, kw_only=True):
    """One seller SKU of one account."""

    account_id: int
    sku: str
    item_id: int | None = None
    owner_id: int | None = None
    """The channel by which it is sent: the oldest that takes part. None: nothing is sent."""
    channels: tuple[int, ...] = ()
    """Those that take part, by age."""
    differing: tuple[int, ...] = ()
    """Those of them that would say something else: the conflict (semantics D2)."""
    withheld: str = ""
    """Why nothing, or not all, is sent; for people."""
    issue: str = ""
    """What is wrong with a handling time; for people."""
    would: int | None = None
    """The quantity if no channel were in dry run."""
    last_valid: Mapping[str, int] = {}
    """Channel id → the last valid handling time of the product (semantics D7)."""
    closed_at: datetime | None = None
    """When it was seen that somebody closed it at Amazon: it stays closed (semantics I17)."""
    desired: Desired = NEW
    version: int = 0


class Dirty(NamedTuple):
    """What is not told yet by a channel."""

    skus: int
    oldest: datetime


def of_skus(connection: Connection, account_id: int, skus: Collection[str]) -> dict[str, DesiredRow]:
    """Those of these SKUs that have a row."""
    return (
        {row.sku: row for row in _rows(connection, _of_skus, account=account_id, skus=tuple(skus))}
        if skus
        else {}
    )


def save(unit: Unit, rows: Sequence[DesiredRow], now: datetime) -> None:
    """Store rows that were read in this unit, or are new; whoever waits for them is woken."""
    if not rows:
        return
    _upsert.run(unit.connection, (_values(row, now) for row in rows))
    for row in rows:
        if row.desired.is_dirty and row.desired.flight is None:
            unit.changed("stock_due", row.account_id)
        if row.desired.look_at is not None:
            unit.changed("stock_look", row.account_id)
    note_standing(unit, [row.owner_id for row in rows])


def due(
    connection: Connection,
    account_id: int,
    limit: int,
    owners: Collection[int],
    *,
    least_urgent: Rank = Rank.INCREASE,
) -> list[DesiredRow]:
    """What may be sent now by these channels: zeros, decreases, then the rest; the longest dirty first.

    Without what is about to be computed anew. There may be more behind what is left out.
    """
    return _rows(
        connection,
        _due,
        account=account_id,
        limit=limit,
        owners=tuple(owners),
        least_urgent=int(least_urgent),
    )


def due_last(connection: Connection, account_id: int, owner_id: int, limit: int) -> list[DesiredRow]:
    """The same by one channel, from the other end: the last ones first."""
    return _rows(connection, _due_last, account=account_id, owner=owner_id, limit=limit)


def is_any_due(connection: Connection, account_id: int) -> bool:
    """Whether anything is due, even if it may not leave yet."""
    return connection.scalar(_any_due, {"account": account_id}) is not None


def due_counts(connection: Connection, account_id: int) -> dict[int, int]:
    """How many may be sent now, by the channel by which they are sent."""
    found = connection.execute(_due_counts, {"account": account_id})
    return {row[0]: row[1] for row in found}


def release(unit: Unit, account_id: int, now: datetime) -> None:
    """What was held back until now may be sent again. `due` and `due_counts` rely on it."""
    released = unit.connection.exec_driver_sql(_RELEASE, (account_id, to_micros(now))).all()
    note_standing(unit, [row[0] for row in released])


def next_held(connection: Connection, account_id: int) -> datetime | None:
    """When something is released, past or future."""
    return connection.scalar(_next_held, {"account": account_id})


def to_look_at(connection: Connection, account_id: int, now: datetime, limit: int) -> list[DesiredRow]:
    """What is worth a direct read now, the longest overdue first."""
    return _rows(connection, _to_look_at, account=account_id, now=now, limit=limit)


def next_look(connection: Connection, account_id: int) -> datetime | None:
    """When a direct read is worth its request, past or future."""
    return connection.scalar(_next_look, {"account": account_id})


def in_flight(connection: Connection, account_id: int, route: Route, limit: int) -> list[DesiredRow]:
    """Those with a message under way by that route."""
    return _rows(connection, _in_flight, account=account_id, route=route, limit=limit)


def dirty(connection: Connection) -> dict[int, Dirty]:
    """By channel: what Amazon was not told yet, also what is under way or held back (semantics D8)."""
    found = connection.execute(_dirty)
    return {owner: Dirty(count, oldest) for owner, count, oldest in found}


def _rows(connection: Connection, query: Executable, **parameters: object) -> list[DesiredRow]:
    return all_as(connection, DesiredRow, query, parameters)


def _values(row: DesiredRow, now: datetime) -> Sequence[object]:
    """In the order of the columns."""
    desired = row.desired
    is_ready = desired.is_dirty and desired.flight is None
    is_held = is_ready and desired.not_before is not None and desired.not_before > now
    return (
        *(getattr(row, name) for name in _STORED),
        desired.computed.quantity if desired.computed else None,
        desired.rank if is_ready else None,
        desired.not_before if is_held else None,
        desired.dirty_since,
        desired.look_at,
        desired.flight.route if desired.flight else None,
        row.version + 1,
    )
