"""Listings that may become items, with their links."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, bindparam, select

from channeld.domain.listing.linking import ListingFacts
from channeld.store import tables
from channeld.store.rows import given

__all__ = ["Extractable", "of_skus", "unlinked"]

_listings = tables.listings
_links = tables.links
_items = tables.items


class Extractable(msgspec.Struct, frozen=True, kw_only=True):
    """One listing."""

    id: int
    facts: ListingFacts
    gone: bool
    item: str | None
    """SKU of the item that it is linked to."""
    left_alone: bool
    """A person unlinked it."""


_query = (
    select(
        _listings.c.id,
        *(_listings.c[name] for name in ListingFacts.__struct_fields__),
        _listings.c.presence,
        _links.c.sku.label("link"),
        _items.c.sku.label("item"),
    )
    .outerjoin(_links, and_(_links.c.account_id == bindparam("account"), _links.c.sku == _listings.c.sku))
    .outerjoin(_items, _items.c.id == _links.c.item_id)
    .where(_listings.c.channel_id == bindparam("channel"))
    .order_by(_listings.c.sku)
)
_unlinked = _query.where(
    _listings.c.sku > bindparam("after"), _items.c.id.is_(None), _listings.c.presence != "gone"
).limit(bindparam("at_most"))
_of_skus = _query.where(_listings.c.sku.in_(given("skus")))


def unlinked(
    connection: Connection, account_id: int, channel_id: int, after: str, limit: int
) -> list[Extractable]:
    """Those of a channel that are no item, by SKU, without those that are gone."""
    parameters = {"account": account_id, "channel": channel_id, "after": after, "at_most": limit}
    return _load(connection, _unlinked, parameters)


def of_skus(
    connection: Connection, account_id: int, channel_id: int, skus: Collection[str]
) -> list[Extractable]:
    """These of a channel, by SKU, however they stand."""
    return _load(connection, _of_skus, {"account": account_id, "channel": channel_id, "skus": tuple(skus)})


def _load(
    connection: Connection, query: Select[*tuple[Any, ...]], parameters: Mapping[str, object]
) -> list[Extractable]:
    return [
        Extractable(
            id=row.id,
            facts=ListingFacts(**{name: getattr(row, name) for name in ListingFacts.__struct_fields__}),
            gone=row.presence == "gone",
            item=row.item,
            left_alone=row.link is not None and row.item is None,
        )
        for row in connection.execute(query, parameters)
    ]
