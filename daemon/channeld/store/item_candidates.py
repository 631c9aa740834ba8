"""Items that something speaks for: found by SKU, barcode, ASIN or title for a whole page of listings."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from channeld.domain.listing.linking import LikelyItem
from channeld.store import tables
from channeld.store.rows import given

__all__ = ["by_asin", "by_barcode", "by_folded_sku", "by_title_key"]

MOST = 5_000
"""Rows of one question: a thousand items may have one title."""

_items = tables.items
_barcodes = tables.item_barcodes
_properties = tables.item_properties
_listings = tables.listings
_channels = tables.channels
_links = tables.links

_shown = (_items.c.sku, _items.c.title)
_by_folded = select(_items.c.sku_folded, *_shown).where(_items.c.sku_folded.in_(given("keys"))).limit(MOST)
_by_title = select(_items.c.title_key, *_shown).where(_items.c.title_key.in_(given("keys"))).limit(MOST)
_by_barcode = (
    select(_barcodes.c.barcode, *_shown)
    .join(_items, _items.c.id == _barcodes.c.item_id)
    .where(_barcodes.c.barcode.in_(given("keys")))
    .limit(MOST)
)
_by_property = (
    select(_properties.c.value, *_shown)
    .join(_items, _items.c.id == _properties.c.item_id)
    .where(func.lower(_properties.c.name) == "asin", _properties.c.value.in_(given("keys")))
    .limit(MOST)
)
_by_listing = (
    select(_listings.c.asin, *_shown)
    .distinct()
    .join(_channels, _channels.c.id == _listings.c.channel_id)
    .join(_links, (_links.c.account_id == _channels.c.account_id) & (_links.c.sku == _listings.c.sku))
    .join(_items, _items.c.id == _links.c.item_id)
    .where(_listings.c.asin.in_(given("keys")))
    .limit(MOST)
)

Found = Mapping[str, Sequence[LikelyItem]]


def by_folded_sku(connection: Connection, keys: Collection[str]) -> Found:
    """By SKU as `folded` makes it."""
    return _found(connection, keys, _by_folded)


def by_barcode(connection: Connection, keys: Collection[str]) -> Found:
    """By a barcode as it is written."""
    return _found(connection, keys, _by_barcode)


def by_asin(connection: Connection, keys: Collection[str]) -> Found:
    """By an ASIN that another listing of the item has, or the item's property of that name."""
    return _found(connection, keys, _by_property, _by_listing)


def by_title_key(connection: Connection, keys: Collection[str]) -> Found:
    """By a title as `title_key` makes it."""
    return _found(connection, keys, _by_title)


def _found(connection: Connection, keys: Collection[str], *queries: Select[*tuple[Any, ...]]) -> Found:
    found: dict[str, list[LikelyItem]] = defaultdict(list)
    wanted = {"keys": tuple(key for key in set(keys) if key)}
    for query in queries if wanted["keys"] else ():
        for key, sku, title in connection.execute(query, wanted):
            candidate = LikelyItem(sku, title)
            if candidate not in found[key]:
                found[key].append(candidate)
    return found
