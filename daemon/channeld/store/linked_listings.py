"""The listings of items."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, and_, bindparam, func, select

from channeld.store import tables
from channeld.store.rows import all_as, given

__all__ = ["LinkedListing", "counts", "of_item"]

_listings = tables.listings
_channels = tables.channels
_links = tables.links

_is_linked = and_(_listings.c.channel_id == _channels.c.id, _listings.c.sku == _links.c.sku)
_from = _links.join(_channels, _channels.c.account_id == _links.c.account_id).join(_listings, _is_linked)
_counts = (
    select(_links.c.item_id, func.count())
    .select_from(_from)
    .where(_links.c.item_id.in_(given("ids")), _channels.c.removed_at.is_(None))
    .group_by(_links.c.item_id)
)
_of_item = (
    select(
        _channels.c.name.label("channel"),
        _listings.c.sku,
        _listings.c.asin,
        _listings.c.title,
        _listings.c.presence,
    )
    .select_from(_from)
    .where(_links.c.item_id == bindparam("item"), _channels.c.removed_at.is_(None))
    .order_by(_channels.c.name, _listings.c.sku)
    .limit(bindparam("at_most"))
)


class LinkedListing(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that is an item, as far as an item shows it."""

    channel: str
    sku: str
    asin: str
    title: str
    presence: str


def counts(connection: Connection, item_ids: Collection[int]) -> dict[int, int]:
    """How many there are of each of these items; one without any is missing."""
    return {row[0]: row[1] for row in connection.execute(_counts, {"ids": tuple(item_ids)})}


def of_item(connection: Connection, item_id: int, limit: int) -> list[LinkedListing]:
    """Those of an item by channel and SKU, without those of removed channels."""
    return all_as(connection, LinkedListing, _of_item, {"item": item_id, "at_most": limit})
