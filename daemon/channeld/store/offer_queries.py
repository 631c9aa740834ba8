"""What Amazon is told of stock, as people look for it: pages by SKU."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

import msgspec
from sqlalchemy import Connection, select, text

from channeld.store import tables
from channeld.store.desired_stock import DesiredRow
from channeld.store.rows import all_as, given
from channeld.store.stock_troubles import REFUSED

__all__ = [
    "FILTERS",
    "WINDOW",
    "OfferFilter",
    "OfferPage",
    "accounts_of",
    "has_linked_listings",
    "listed_skus",
    "page",
    "skus_of_items",
    "stale_skus",
]

OfferFilter: TypeAlias = Literal[
    "dirty", "conflict", "withheld", "issue", "unconfirmed", "dry_run", "refused", "closed"
]
FILTERS: tuple[OfferFilter, ...] = get_args(OfferFilter)
WINDOW = 5_000
"""Rows that are looked through at once when not all of them are wanted."""

_encode = msgspec.json.Encoder().encode
_desired, _links = tables.desired_stock, tables.links
_columns = [_desired.c[name] for name in DesiredRow.__struct_fields__]
_WHERE: Mapping[OfferFilter, str] = {
    "dirty": "dirty_since IS NOT NULL",
    "conflict": "differing <> '[]'",
    "withheld": "withheld <> ''",
    "issue": "issue <> ''",
    "unconfirmed": "dirty_since IS NULL AND (look_at IS NOT NULL OR flight IS NOT NULL"
    " OR (quantity IS NOT NULL AND json_array_length(desired, '$.shadows') > 0))",
    "dry_run": "would IS NOT quantity",
    "refused": f"dirty_since IS NOT NULL AND {REFUSED}",
    "closed": "closed_at IS NOT NULL",
}
_ON_CHANNEL = """EXISTS (SELECT 1 FROM listings
    WHERE listings.channel_id = :channel AND listings.sku = desired_stock.sku)"""
_LINKED = """SELECT EXISTS (SELECT 1 FROM links AS k
    CROSS JOIN listings AS l ON l.channel_id = :channel AND l.sku = k.sku
    WHERE k.account_id = :account AND k.item_id IS NOT NULL)"""
_LISTED = "SELECT sku FROM listings WHERE channel_id = :channel AND sku > :after ORDER BY sku LIMIT :limit"
_ACCOUNTS_OF = """SELECT l.sku, c.account_id FROM json_each(:skus) AS given
        JOIN listings AS l ON l.sku = given.value
        JOIN channels AS c ON c.id = l.channel_id AND c.removed_at IS NULL
    UNION SELECT d.sku, d.account_id FROM json_each(:skus) AS given
        CROSS JOIN accounts AS a ON a.removed_at IS NULL
        JOIN desired_stock AS d ON d.account_id = a.id AND d.sku = given.value
    ORDER BY 1, 2"""
_STALE = """SELECT sku FROM stale_stock WHERE account_id = :account
    AND sku IN (SELECT value FROM json_each(:skus))
    UNION SELECT value FROM json_each(:skus), stock_sweeps WHERE account_id = :account AND value > after"""


class OfferPage(NamedTuple):
    """Some rows of an account."""

    rows: Sequence[DesiredRow]
    after: str | None
    """SKU up to which was looked; None when there are no more."""


def page(
    connection: Connection,
    account_id: int,
    *,
    only: OfferFilter | None,
    channel_id: int | None,
    item_id: int | None,
    start: str,
    after: str,
    limit: int,
) -> OfferPage:
    """Rows by SKU behind that one; it looks through so many that it is quick in any case.

    `start`: only where the SKU begins with it, in any case.
    """
    mine = (_desired.c.account_id == account_id, _desired.c.sku > after)
    wanted = [text(_WHERE[only])] if only else []
    wanted += [text(_ON_CHANNEL).bindparams(channel=channel_id)] if channel_id is not None else []
    filters = [_desired.c.sku.istartswith(start, autoescape=True)] if start else []
    filters += [_desired.c.item_id == item_id] if item_id is not None else []
    window = max(WINDOW, limit + 1) if wanted or filters else limit + 1
    skus = select(_desired.c.sku).where(*mine).order_by(_desired.c.sku)
    last = connection.scalar(skus.limit(1).offset(window - 1))
    within = mine if last is None else (*mine, _desired.c.sku <= last)
    query = select(*_columns).where(*within, *wanted, *filters).order_by(_desired.c.sku).limit(limit + 1)
    rows = all_as(connection, DesiredRow, query)
    if len(rows) > limit:
        return OfferPage(rows[:limit], rows[limit - 1].sku)
    return OfferPage(rows, last)


def listed_skus(connection: Connection, channel_id: int, after: str, limit: int) -> list[str]:
    """SKUs of a channel's listings, in their order, from the one after that on."""
    given_ = {"channel": channel_id, "after": after, "limit": limit}
    return list(connection.scalars(text(_LISTED), given_))


def has_linked_listings(connection: Connection, account_id: int, channel_id: int) -> bool:
    """Whether a listing of the channel is an item."""
    return bool(connection.scalar(text(_LINKED), {"account": account_id, "channel": channel_id}))


def accounts_of(connection: Connection, skus: Collection[str]) -> dict[str, list[int]]:
    """Accounts that have a listing of these seller SKUs, or have told Amazon of them; by SKU."""
    found: dict[str, list[int]] = defaultdict(list)
    for sku, account_id in connection.execute(text(_ACCOUNTS_OF), {"skus": _encode(list(skus)).decode()}):
        found[sku].append(account_id)
    return found


def skus_of_items(connection: Connection, item_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Item → account and seller SKU of everything that is linked to it, by SKU."""
    query = (
        select(_links.c.item_id, _links.c.account_id, _links.c.sku)
        .where(_links.c.item_id.in_(given("ids")))
        .order_by(_links.c.sku, _links.c.account_id)
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for item_id, account_id, sku in connection.execute(query, {"ids": tuple(item_ids)}):
        found[item_id].append((account_id, sku))
    return found


def stale_skus(connection: Connection, account_id: int, skus: Collection[str]) -> set[str]:
    """Those of these SKUs that are still to be computed anew."""
    return set(
        connection.scalars(text(_STALE), {"account": account_id, "skus": _encode(list(skus)).decode()})
    )
