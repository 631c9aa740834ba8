"""Listings as people look for them: pages by SKU, one by its key, and how many there are of each kind."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    or_,
    select,
)
from sqlalchemy import text as sql

from channeld.store import tables
from channeld.store.rows import all_as, first_as

__all__ = ["WINDOW", "Counts", "Filters", "ListingPage", "ShownListing", "by_sku", "counts", "page"]

_listings, _links, _items, _channels = tables.listings, tables.links, tables.items, tables.channels
WINDOW = 5_000
"""Listings that are looked through at once when not all of them are wanted."""

LinkFilter = Literal["linked", "unlinked"]


class ShownListing(msgspec.Struct, frozen=True, kw_only=True):
    """One listing with the item that it is."""

    id: int
    channel_id: int
    sku: str
    asin: str
    listing_id: str
    title: str
    price: int | None
    quantity: int | None
    status: str
    condition: str
    fulfilled_by: str
    product_id: str
    product_id_type: str
    opened_at: datetime | None
    presence: str
    missing_since: datetime | None
    first_seen_at: datetime
    changed_at: datetime
    details_at: datetime | None
    version: int
    item: str | None
    """SKU of the item."""
    automatic: bool | None
    """It was linked by its SKU, by itself; None for one that nobody linked or unlinked."""
    account_id: int


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which listings of a channel are wanted."""

    link: LinkFilter | None = None
    presence: str | None = None
    find: str = ""
    """Part of SKU, ASIN or title, in any case."""

    @property
    def is_all(self) -> bool:
        return not (self.link or self.presence or self.find)


class ListingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of them."""

    rows: list[ShownListing]
    after: str | None
    """SKU up to which was looked; None when there are no more."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Listings of one channel."""

    listed: int = 0
    linked: int = 0
    """Of those that are listed."""
    missing: int = 0
    gone: int = 0


def page(connection: Connection, channel_id: int, filters: Filters, after: str, limit: int) -> ListingPage:
    """Listings behind that SKU, at most `limit`; it looks through so many that it is quick in any case."""
    window = limit + 1 if filters.is_all else max(WINDOW, limit + 1)
    behind = (_listings.c.channel_id == channel_id, _listings.c.sku > after)
    last = connection.scalar(
        select(_listings.c.sku).where(*behind).order_by(_listings.c.sku).limit(1).offset(window - 1)
    )
    within = behind if last is None else (*behind, _listings.c.sku <= last)
    query = _shown().where(*within, *_wanted(filters)).order_by(_listings.c.sku).limit(limit + 1)
    rows = all_as(connection, ShownListing, query)
    if len(rows) > limit:
        return ListingPage(rows=rows[:limit], after=rows[limit - 1].sku)
    return ListingPage(rows=rows, after=last)


def by_sku(connection: Connection, channel_id: int, sku: str) -> ShownListing | None:
    """The one of that very SKU."""
    where = (_listings.c.channel_id == channel_id, _listings.c.sku == sku)
    return first_as(connection, ShownListing, _shown().where(*where))


_COUNT = "SELECT presence, count(*) FROM listings WHERE channel_id = :channel GROUP BY presence"
_LINKED = """SELECT count(*) FROM links AS k
    CROSS JOIN listings AS l ON l.channel_id = :channel AND l.sku = k.sku
    WHERE k.account_id = :account AND k.item_id IS NOT NULL AND l.presence = 'listed'"""


def counts(connection: Connection, account_id: int, channel_id: int) -> Counts:
    """How many there are. It looks at each link: not at every turn of a large channel."""
    parameters = {"account": account_id, "channel": channel_id}
    number = {row[0]: row[1] for row in connection.execute(sql(_COUNT), parameters)}
    return Counts(
        listed=number.get("listed", 0),
        linked=connection.scalar(sql(_LINKED), parameters) or 0,
        missing=number.get("missing", 0),
        gone=number.get("gone", 0),
    )


def _shown() -> Select[Any]:
    names = [name for name in ShownListing.__struct_fields__ if name in _listings.c]
    return select(
        *(_listings.c[name] for name in names),
        _items.c.sku.label("item"),
        _links.c.automatic,
        _channels.c.account_id,
    ).select_from(
        _listings.join(_channels, _channels.c.id == _listings.c.channel_id)
        .outerjoin(
            _links, and_(_links.c.account_id == _channels.c.account_id, _links.c.sku == _listings.c.sku)
        )
        .outerjoin(_items, _items.c.id == _links.c.item_id)
    )


def _wanted(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.link:
        is_linked = _links.c.item_id.is_not(None)
        wanted.append(is_linked if filters.link == "linked" else ~is_linked)
    if filters.presence:
        wanted.append(_listings.c.presence == filters.presence)
    if filters.find:
        columns = (_listings.c.sku, _listings.c.asin, _listings.c.title)
        wanted.append(or_(*(column.icontains(filters.find, autoescape=True) for column in columns)))
    return wanted
