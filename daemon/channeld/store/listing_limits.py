"""Limits that are set for single listings, and Ignore Sync (semantics D3–D5)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, or_, select

from channeld.domain.stock.limits import Limits
from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.rows import given
from channeld.store.unit import Unit

__all__ = ["ListingLimits", "of_skus", "page", "put"]

_limits = tables.listing_limits
_upsert = Upsert(
    _limits,
    ("channel_id", "sku", "end_when", "percentage", "max_listed", "ignore_sync", "changed_at"),
    key=("channel_id", "sku"),
)
_of_skus = select(_limits).where(
    _limits.c.channel_id.in_(given("channels")), _limits.c.sku.in_(given("skus"))
)
_set = (_limits.c[name] for name in ("end_when", "percentage", "max_listed", "ignore_sync"))
_page = (
    select(_limits)
    .where(
        _limits.c.channel_id == bindparam("channel"),
        _limits.c.sku > bindparam("after"),
        or_(*(column.is_not(None) for column in _set)),
    )
    .order_by(_limits.c.sku)
    .limit(bindparam("limit"))
)


class ListingLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What is set for one listing."""

    channel_id: int
    sku: str
    limits: Limits = Limits()
    ignore_sync: bool | None = None
    """None: not said; then it is on for what Amazon fulfils."""


def of_skus(
    connection: Connection, channel_ids: Collection[int], skus: Collection[str]
) -> dict[tuple[int, str], ListingLimits]:
    """By channel and SKU, where anything is set."""
    found = connection.execute(_of_skus, {"channels": tuple(channel_ids), "skus": tuple(skus)})
    return {(row.channel_id, row.sku): _read(row) for row in found}


def page(connection: Connection, channel_id: int, after: str, limit: int) -> list[ListingLimits]:
    """Where anything is set, behind that SKU, by SKU."""
    found = connection.execute(_page, {"channel": channel_id, "after": after, "limit": limit})
    return [_read(row) for row in found]


def put(unit: Unit, rows: Sequence[ListingLimits], now: datetime) -> None:
    """Set them, whatever was before."""
    _upsert.run(
        unit.connection,
        (
            (
                each.channel_id,
                each.sku,
                each.limits.end_when,
                None if each.limits.percentage is None else f"{each.limits.percentage:f}",
                each.limits.max_listed,
                each.ignore_sync,
                now,
            )
            for each in rows
        ),
    )


def _read(row: Row[Any]) -> ListingLimits:
    return ListingLimits(
        channel_id=row.channel_id,
        sku=row.sku,
        limits=Limits(
            end_when=row.end_when,
            percentage=Decimal(row.percentage) if row.percentage is not None else None,
            max_listed=row.max_listed,
        ),
        ignore_sync=row.ignore_sync,
    )
