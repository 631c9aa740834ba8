"""Orders that Amazon's reports show and the book lacked, and what it has of those that a report shows."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from channeld.domain.gaps import GapKind
from channeld.store import tables
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["Gap", "add", "booked", "of_report", "open_ids", "set_aside", "settle"]

_gaps, _orders = tables.order_gaps, tables.orders


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One order of one report."""

    report_pk: int
    account_id: int
    channel_id: int
    order_id: str
    kind: GapKind
    found_at: datetime
    settled_at: datetime | None = None
    outcome: str = ""
    """What the read by its id came to."""
    id: int = 0


def add(unit: Unit, found: Iterable[Gap]) -> None:
    """Note them; those that this report has shown before stay as they are."""
    rows = [msgspec.structs.asdict(gap) for gap in found]
    for row in rows:
        del row["id"]
    if rows:
        unit.connection.execute(insert(_gaps).on_conflict_do_nothing(), rows)


def settle(unit: Unit, account_id: int, order_id: str, at: datetime, outcome: str) -> list[Gap]:
    """The order was read by its id; the gaps that this ends."""
    c = _gaps.c
    where = (c.account_id == account_id, c.order_id == order_id, c.settled_at.is_(None))
    settled = all_as(unit.connection, Gap, select(_gaps).where(*where))
    unit.connection.execute(update(_gaps).where(*where).values(settled_at=at, outcome=outcome))
    return settled


def of_report(connection: Connection, report_pk: int) -> list[Gap]:
    """All of one report, in the order in which they were found."""
    return all_as(connection, Gap, select(_gaps).where(_gaps.c.report_pk == report_pk).order_by(_gaps.c.id))


def open_ids(connection: Connection, account_id: int, order_ids: Collection[str]) -> set[str]:
    """Those of the orders that are about to be read by their ids."""
    c = _gaps.c
    where = (c.account_id == account_id, c.settled_at.is_(None), c.order_id.in_(order_ids))
    return set(connection.scalars(select(c.order_id).where(*where)))


def booked(
    connection: Connection, channel_ids: Collection[int], order_ids: Collection[str]
) -> dict[str, datetime]:
    """Of the orders that the book has: when Amazon changed them last, as far as is known here."""
    c = _orders.c
    where = (c.order_id.in_(order_ids), c.channel_id.in_(channel_ids))
    return {
        row.order_id: row.updated_at
        for row in connection.execute(select(c.order_id, c.updated_at).where(*where))
    }


def set_aside(connection: Connection, account_id: int, order_ids: Collection[str]) -> set[str]:
    """Those of the orders that are in quarantine, or were left alone."""
    found: set[str] = set()
    for table in (tables.quarantine, tables.left_alone):
        where = (table.c.account_id == account_id, table.c.order_id.in_(order_ids))
        found |= set(connection.scalars(select(table.c.order_id).where(*where)))
    return found
