"""Which item a seller SKU is, on all channels of its account; and the lines of open orders that follow it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, exists, func, select, update

from channeld.domain.order_state import OrderState
from channeld.store import stale_stock, tables
from channeld.store.batch import Upsert
from channeld.store.rows import all_as, given
from channeld.store.unit import Unit

__all__ = ["Link", "Made", "follow", "items_of", "known_skus", "made", "matches", "of_skus", "put"]

_links = tables.links
_items = tables.items
_listings = tables.listings
_channels = tables.channels
_orders = tables.orders
_lines = tables.order_lines

OPEN_ORDER_STATES = (OrderState.INCOMPLETE, OrderState.PARKED, OrderState.OPEN, OrderState.LOCKED)
"""Of orders that still have units to be sent, by whomever."""

_upsert = Upsert(_links, ("account_id", "sku", "item_id", "automatic", "by", "at"), key=("account_id", "sku"))
_of_account = _links.c.account_id == bindparam("account")
_of_skus = select(_links).where(_of_account, _links.c.sku.in_(given("skus")))
_items_of = select(_links.c.sku, _links.c.item_id).where(
    _of_account, _links.c.item_id.is_not(None), _links.c.sku.in_(given("skus"))
)
_matches = select(_items.c.sku, _items.c.id).where(
    _items.c.sku.in_(given("skus")), ~exists().where(_of_account, _links.c.sku == _items.c.sku)
)
_made = (
    select(_channels.c.account_id, _items.c.sku, _items.c.id, func.count().label("listings"))
    .join(_listings, _listings.c.sku == _items.c.sku)
    .join(_channels, _channels.c.id == _listings.c.channel_id)
    .where(
        _items.c.sku.in_(given("skus")),
        _channels.c.removed_at.is_(None),
        ~exists().where(_links.c.account_id == _channels.c.account_id, _links.c.sku == _items.c.sku),
    )
    .group_by(_channels.c.account_id, _items.c.id)
)
_open_lines = (
    select(
        _lines.c.id, _lines.c.sku, _lines.c.item_id, _orders.c.id, _orders.c.channel_id, _orders.c.order_id
    )
    .join(_orders, _orders.c.id == _lines.c.order_pk)
    .where(
        _orders.c.channel_id.in_(
            select(_channels.c.id).where(_channels.c.account_id == bindparam("account"))
        ),
        _orders.c.state.in_([state.value for state in OPEN_ORDER_STATES]),
        _lines.c.sku.in_(given("skus")),
    )
)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a seller SKU."""

    account_id: int
    sku: str
    item_id: int | None
    """None: a person unlinked it, and no automation links it again (semantics D10)."""
    automatic: bool
    """By the same SKU, by itself."""
    by: str
    at: datetime


class Made(NamedTuple):
    """An item, and an account that has listings of its SKU."""

    account_id: int
    sku: str
    item_id: int
    listings: int


def of_skus(connection: Connection, account_id: int, skus: Collection[str]) -> dict[str, Link]:
    """Those of these SKUs that were linked or unlinked."""
    parameters = {"account": account_id, "skus": tuple(skus)}
    return {link.sku: link for link in all_as(connection, Link, _of_skus, parameters)} if skus else {}


def items_of(connection: Connection, account_id: int, skus: Collection[str]) -> dict[str, int]:
    """SKU → item, of those that are linked."""
    parameters = {"account": account_id, "skus": tuple(skus)}
    return {row[0]: row[1] for row in connection.execute(_items_of, parameters)} if skus else {}


def matches(connection: Connection, account_id: int, skus: Collection[str]) -> dict[str, int]:
    """SKU → item of the very same SKU, where nobody linked or unlinked it yet."""
    parameters = {"account": account_id, "skus": tuple(skus)}
    return {row[0]: row[1] for row in connection.execute(_matches, parameters)} if skus else {}


def made(connection: Connection, skus: Collection[str]) -> list[Made]:
    """Items whose SKU is a listing's of an account where nobody linked or unlinked it yet."""
    return [Made(*row) for row in connection.execute(_made, {"skus": tuple(skus)})] if skus else []


def known_skus(connection: Connection, account_id: int, skus: Collection[str]) -> set[str]:
    """Those that a listing of the account has, or a line of one of its open orders."""
    mine = select(_channels.c.id).where(_channels.c.account_id == account_id)
    listed = select(_listings.c.sku).where(
        _listings.c.channel_id.in_(mine), _listings.c.sku.in_(given("skus"))
    )
    found = set(connection.scalars(listed, {"skus": tuple(skus)}))
    if missing := set(skus) - found:
        ordered = connection.execute(_open_lines, {"account": account_id, "skus": tuple(missing)})
        found |= {row[1] for row in ordered}
    return found


def put(unit: Unit, links: Sequence[Link]) -> None:
    """Link or unlink, whatever was before."""
    _upsert.run(
        unit.connection,
        ((each.account_id, each.sku, each.item_id, each.automatic, each.by, each.at) for each in links),
    )
    unit.changed("link", *{each.account_id for each in links})
    for account_id in {each.account_id for each in links}:
        mine = [each for each in links if each.account_id == account_id]
        stale_stock.mark_skus(unit, account_id, [each.sku for each in mine], mine[-1].at)


def follow(unit: Unit, account_id: int, wanted: Mapping[str, int | None], now: datetime) -> dict[str, int]:
    """Lines of open orders become the item that their SKU is linked to; how many of each SKU were another."""
    rows = unit.connection.execute(_open_lines, {"account": account_id, "skus": tuple(wanted)}).all()
    stale = [row for row in rows if row[2] != wanted[row[1]]]
    if not stale:
        return {}
    unit.connection.execute(
        update(_lines).where(_lines.c.id == bindparam("line")).values(item_id=bindparam("item")),
        [{"line": row[0], "item": wanted[row[1]]} for row in stale],
    )
    unit.connection.execute(
        update(_orders)
        .where(_orders.c.id.in_(given("pks")))
        .values(changed_at=now, version=_orders.c.version + 1),
        {"pks": tuple({row[3] for row in stale})},
    )
    unit.changed("order", *((row[4], row[5]) for row in stale))
    concerned = {each for row in stale for each in (row[2], wanted[row[1]]) if each is not None}
    stale_stock.mark_items(unit, concerned, now)
    counts: dict[str, int] = defaultdict(int)
    for row in stale:
        counts[row[1]] += 1
    return counts
