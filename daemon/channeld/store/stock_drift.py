"""Where a listing report shows another quantity than Amazon was told (semantics D1)."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from channeld.store import tables
from channeld.store.rows import given

__all__ = ["Compared", "differing", "reported_at", "to_compare"]

_downloads, _sync, _reports = tables.listing_downloads, tables.stock_sync, tables.reports
_to_compare = (
    select(_downloads.c.channel_id, _downloads.c.started_at, _downloads.c.ended_at, _reports.c.submitted_at)
    .outerjoin(_reports, _reports.c.id == _downloads.c.report_pk)
    .outerjoin(_sync, _sync.c.channel_id == _downloads.c.channel_id)
    .where(
        _downloads.c.channel_id.in_(given("channels")),
        _downloads.c.state == bindparam("done", "done"),
        _sync.c.drift_checked_at.is_(None) | (_downloads.c.ended_at > _sync.c.drift_checked_at),
    )
    .order_by(_downloads.c.channel_id, _downloads.c.id)
)
_newest = (
    select(func.max(_downloads.c.id))
    .where(_downloads.c.channel_id.in_(given("channels")), _downloads.c.state == "done")
    .group_by(_downloads.c.channel_id)
)
_reported_at = (
    select(_downloads.c.channel_id, _downloads.c.started_at, _reports.c.submitted_at)
    .outerjoin(_reports, _reports.c.id == _downloads.c.report_pk)
    .where(_downloads.c.id.in_(_newest))
)
_PAGE = "SELECT sku FROM listings WHERE channel_id = ? AND sku > ? ORDER BY sku LIMIT ?"
_DIFFERING = """SELECT shown.sku, shown.quantity FROM listings AS shown
    CROSS JOIN desired_stock AS told ON told.account_id = ? AND told.sku = shown.sku
    WHERE shown.channel_id = ? AND shown.sku > ? AND shown.sku <= ? AND shown.presence = 'listed'
        AND shown.quantity IS NOT NULL
        AND ((told.owner_id = shown.channel_id AND shown.quantity <> told.quantity)
            OR (told.closed_at IS NOT NULL AND shown.quantity > 0))"""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A report that is to be compared."""

    channel_id: int
    asked_at: datetime
    """It is of no earlier moment than Amazon's own copies are, and was asked for then."""
    ended_at: datetime
    """When the listings were in the book."""


def to_compare(connection: Connection, channel_ids: Collection[int]) -> list[Compared]:
    """The newest download of each of these channels that was not compared yet."""
    if not channel_ids:
        return []
    found = connection.execute(_to_compare, {"channels": tuple(channel_ids)})
    newest = {row.channel_id: row for row in found}
    return [
        Compared(
            channel_id=row.channel_id, asked_at=row.submitted_at or row.started_at, ended_at=row.ended_at
        )
        for row in newest.values()
    ]


def reported_at(connection: Connection, channel_ids: Collection[int]) -> dict[int, datetime]:
    """By channel when the report was asked for that its listings are of."""
    if not channel_ids:
        return {}
    found = connection.execute(_reported_at, {"channels": tuple(channel_ids)})
    return {row.channel_id: row.submitted_at or row.started_at for row in found}


def differing(
    connection: Connection, account_id: int, channel_id: int, after: str, limit: int
) -> tuple[dict[str, int], str | None]:
    """Of so many listings from the one after that SKU on, those that differ, with what the report shows.

    And the last SKU that was looked at, None behind the last one. One that was closed by hand differs when it
    has units.
    """
    run = connection.exec_driver_sql
    page = run(_PAGE, (channel_id, after, limit)).scalars().all()
    if not page:
        return {}, None
    found = run(_DIFFERING, (account_id, channel_id, after, page[-1]))
    return {row[0]: row[1] for row in found}, page[-1]
