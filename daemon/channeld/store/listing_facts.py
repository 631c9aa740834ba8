"""What decides about the stock of listings: which there are of a SKU, and how the last report shows them."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, select

from channeld.domain.listing.presence import Presence
from channeld.store import tables
from channeld.store.rows import all_as, given

__all__ = ["Listed", "next_skus", "of_skus"]

_listings = tables.listings
_of_skus = select(
    _listings.c.id,
    _listings.c.channel_id,
    _listings.c.sku,
    _listings.c.status,
    _listings.c.quantity,
    _listings.c.presence,
    _listings.c.fulfilled_by,
    _listings.c.changed_at,
).where(_listings.c.channel_id.in_(given("channels")), _listings.c.sku.in_(given("skus")))
_OF_CHANNEL = "SELECT * FROM (SELECT sku FROM listings WHERE channel_id = ? AND sku > ? ORDER BY sku LIMIT ?)"
_DESIRED = (
    "SELECT * FROM (SELECT sku FROM desired_stock WHERE account_id = ? AND sku > ? ORDER BY sku LIMIT ?)"
)


class Listed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One listing."""

    id: int
    channel_id: int
    sku: str
    status: str
    """`active`, `inactive`, `incomplete`; empty where the report does not say."""
    quantity: int | None
    """What the report shows; None: it shows none."""
    presence: Presence
    fulfilled_by: str
    """`MERCHANT` or `AMAZON`."""
    changed_at: datetime
    """When a report has last shown something else of it."""


def of_skus(connection: Connection, channel_ids: Collection[int], skus: Collection[str]) -> list[Listed]:
    """The listings of these SKUs on these channels, also those that are gone."""
    parameters = {"channels": tuple(channel_ids), "skus": tuple(skus)}
    return all_as(connection, Listed, _of_skus, parameters) if channel_ids and skus else []


def next_skus(
    connection: Connection, account_id: int, channel_ids: Collection[int], after: str, limit: int
) -> list[str]:
    """SKUs of the account that have a listing on these channels, or of which Amazon was to be told.

    In their order, from the one after that on.
    """
    parameters: list[object] = []
    for id_ in (*channel_ids, account_id):
        parameters += [id_, after, limit]
    found = connection.exec_driver_sql(_next(len(channel_ids)), (*parameters, limit))
    return [row[0] for row in found]


@lru_cache
def _next(channels: int) -> str:
    """Of so many channels; each part goes along an index and stops."""
    parts = " UNION ".join([*[_OF_CHANNEL] * channels, _DESIRED])
    return f"{parts} ORDER BY sku LIMIT ?"
