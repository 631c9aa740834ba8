"""SKUs of which the value has to be computed anew: noted in the unit of work that made them so.

Only of accounts that send stock (`begin`), as nobody would go through the others' notes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from channeld.store import tables
from channeld.store.columns import to_micros
from channeld.store.rows import all_as, first_as, given
from channeld.store.unit import Unit

__all__ = [
    "Stale",
    "Sweep",
    "accounts",
    "among",
    "begin",
    "end",
    "is_computing",
    "mark_items",
    "mark_lines",
    "mark_listings",
    "mark_orders",
    "mark_skus",
    "settle",
    "somebody_sends",
    "stale",
    "sweep",
    "sweep_on",
]

_stale, _sweeps = tables.stale_stock, tables.stock_sweeps
_among = select(_stale.c.sku).where(
    _stale.c.account_id == bindparam("account"), _stale.c.sku.in_(given("skus"))
)
_encode = msgspec.json.Encoder().encode
_mine = _stale.c.account_id == bindparam("account")
_foremost = (
    select(_stale.c.sku, _stale.c.mark, _stale.c.since, _stale.c.order_at)
    .where(_mine, _stale.c.urgent == select(func.max(_stale.c.urgent)).where(_mine).scalar_subquery())
    .order_by(_stale.c.since)
    .limit(bindparam("limit"))
)
_AGAIN = """ON CONFLICT (account_id, sku) DO UPDATE SET mark = mark + 1,
    urgent = max(urgent, excluded.urgent), order_at = CASE WHEN excluded.order_at IS NULL THEN order_at
        ELSE max(coalesce(order_at, excluded.order_at), excluded.order_at) END
    RETURNING account_id"""
_CONCERNED = f"""below(id) AS (SELECT id FROM seed
        UNION SELECT component_id FROM item_components JOIN below ON kit_id = below.id),
    above(id) AS (SELECT id FROM below
        UNION SELECT kit_id FROM item_components JOIN above ON component_id = above.id)
    INSERT INTO stale_stock (account_id, sku, mark, since, order_at, urgent)
    SELECT links.account_id, links.sku, 1, ?, NULL, ? FROM above
        CROSS JOIN links ON links.item_id = above.id
        CROSS JOIN stock_sweeps ON stock_sweeps.account_id = links.account_id WHERE true {_AGAIN}"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_SOMEBODY_SENDS = "EXISTS (SELECT 1 FROM stock_sweeps)"
_ITEMS = f"""WITH RECURSIVE seed(id) AS (SELECT value FROM json_each(?) WHERE {_SOMEBODY_SENDS}),
    {_CONCERNED}"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_LINES = f"""WITH RECURSIVE seed(id) AS (SELECT order_lines.item_id FROM json_each(?) AS given
        CROSS JOIN order_lines ON order_lines.order_pk = given.value
        WHERE order_lines.item_id IS NOT NULL AND {_SOMEBODY_SENDS}),
    {_CONCERNED}"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_LISTINGS = f"""INSERT INTO stale_stock (account_id, sku, mark, since, order_at, urgent)
    SELECT channels.account_id, listings.sku, 1, ?, NULL, 0 FROM json_each(?) AS given
        CROSS JOIN listings ON listings.id = given.value
        CROSS JOIN channels ON channels.id = listings.channel_id
        CROSS JOIN stock_sweeps ON stock_sweeps.account_id = channels.account_id
        WHERE {_SOMEBODY_SENDS} {_AGAIN}"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_SKUS = f"""INSERT INTO stale_stock (account_id, sku, mark, since, order_at, urgent)
    SELECT stock_sweeps.account_id, given.value, 1, ?, NULL, 0 FROM json_each(?) AS given
        JOIN stock_sweeps ON stock_sweeps.account_id = ? WHERE true {_AGAIN}"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_ORDERS = f"""INSERT INTO stale_stock (account_id, sku, mark, since, order_at, urgent)
    SELECT stock_sweeps.account_id, given.key, 1, ?, given.value, 1 FROM json_each(?) AS given
        JOIN stock_sweeps ON stock_sweeps.account_id = ? WHERE true {_AGAIN}"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_IS_COMPUTING = """SELECT EXISTS (SELECT 1 FROM stock_sweeps WHERE account_id = ? AND after IS NOT NULL)
    OR EXISTS (SELECT 1 FROM stale_stock WHERE account_id = ? LIMIT 1 OFFSET ?)"""
_SETTLE = "DELETE FROM stale_stock WHERE account_id = ? AND sku = ? AND mark = ?"
_BEGIN = """INSERT INTO stock_sweeps (account_id, after, mark, since) VALUES (?, '', 1, ?)
    ON CONFLICT (account_id) DO UPDATE SET after = '', mark = mark + 1, since = excluded.since"""
_AGAIN_FROM_THE_START = """UPDATE stock_sweeps SET after = '', mark = mark + 1, since = ?
    WHERE account_id = ? RETURNING account_id"""
_ON = "UPDATE stock_sweeps SET after = ? WHERE account_id = ? AND mark = ?"
_END = "DELETE FROM stock_sweeps WHERE account_id = ? AND mark = ? AND after IS NULL"


class Stale(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU to be computed anew."""

    sku: str
    mark: int
    since: datetime
    order_at: datetime | None
    """When Amazon last changed its own number, by an order or a cancellation."""


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """How far an account has been gone through."""

    account_id: int
    after: str | None
    """The last SKU that was; None: there is nothing to be gone through."""
    mark: int
    since: datetime | None


def mark_items(unit: Unit, item_ids: Collection[int], now: datetime, *, urgent: bool = False) -> None:
    """Levels, reservations, contents or properties of these items are others.

    That concerns kits with them, what they are made of, as orders of a kit reserve that, and kits with that.
    `urgent`: units may be gone, which does not wait behind a file with all levels.
    """
    if item_ids:
        _note(unit, _ITEMS, (_encode(list(item_ids)).decode(), to_micros(now), urgent))


def mark_lines(unit: Unit, order_pks: Collection[int], now: datetime) -> None:
    """These orders reserve other units than before, or lie elsewhere."""
    if order_pks:
        _note(unit, _LINES, (_encode(list(order_pks)).decode(), to_micros(now), True))


def mark_listings(unit: Unit, listing_ids: Collection[int], now: datetime) -> None:
    """These listings are new, gone, back, or Amazon shows something else of their sale."""
    if listing_ids:
        _note(unit, _LISTINGS, (to_micros(now), _encode(list(listing_ids)).decode()))


def mark_skus(unit: Unit, account_id: int, skus: Collection[str], now: datetime) -> None:
    """These SKUs were linked, unlinked, or something that concerns only them is another."""
    if skus:
        _note(unit, _SKUS, (to_micros(now), _encode(list(skus)).decode(), account_id))


def mark_orders(unit: Unit, account_id: int, changed: Mapping[str, datetime], now: datetime) -> None:
    """Amazon has changed its own number of these SKUs by itself, then, with an order or a cancellation."""
    if changed:
        at = {sku: to_micros(moment) for sku, moment in changed.items()}
        _note(unit, _ORDERS, (to_micros(now), _encode(at).decode(), account_id))


def begin(unit: Unit, account_id: int, now: datetime, *, is_new: bool = True) -> None:
    """All of the account is to be computed anew. Without `is_new` only if it sends stock already."""
    if is_new:
        unit.connection.exec_driver_sql(_BEGIN, (account_id, to_micros(now)))
        unit.changed("stock_stale", account_id)
        unit.changed("settings", ("account", account_id))
    elif unit.connection.exec_driver_sql(_AGAIN_FROM_THE_START, (to_micros(now), account_id)).all():
        unit.changed("stock_stale", account_id)


def somebody_sends(connection: Connection) -> bool:
    """Whether a mark can be of any use."""
    return bool(connection.exec_driver_sql(f"SELECT {_SOMEBODY_SENDS}").scalar())


def stale(connection: Connection, account_id: int, limit: int) -> Sequence[Stale]:
    """SKUs that were noted, the first noted first; as long as any of them are urgent, no others."""
    return all_as(connection, Stale, _foremost, {"account": account_id, "limit": limit})


def among(connection: Connection, account_id: int, skus: Collection[str]) -> set[str]:
    """Those of these SKUs that are noted."""
    return set(connection.scalars(_among, {"account": account_id, "skus": tuple(skus)}))


def is_computing(connection: Connection, account_id: int, many: int) -> bool:
    """Whether the values of so many SKUs, or of all behind some SKU, are still to be computed."""
    found = connection.exec_driver_sql(_IS_COMPUTING, (account_id, account_id, many - 1))
    return bool(found.scalar())


def settle(unit: Unit, account_id: int, done: Collection[Stale]) -> None:
    """These were computed, so they may leave; what was noted again meanwhile stays."""
    if done:
        unit.connection.exec_driver_sql(_SETTLE, [(account_id, each.sku, each.mark) for each in done])
        unit.changed("stock_due", account_id)


def sweep(connection: Connection, account_id: int) -> Sweep | None:
    """How far it is; None for an account that sends no stock."""
    query = select(_sweeps).where(_sweeps.c.account_id == bindparam("account"))
    return first_as(connection, Sweep, query, {"account": account_id})


def sweep_on(unit: Unit, before: Sweep, after: str | None) -> bool:
    """It was gone through up to that SKU, None for its end. Whether that counts: it may have begun anew."""
    done = unit.connection.exec_driver_sql(_ON, (after, before.account_id, before.mark))
    if after is None:  # until then what a page has made due wakes whoever sends it by itself
        unit.changed("stock_due", before.account_id)
    return done.rowcount == 1


def end(unit: Unit, before: Sweep) -> bool:
    """The account sends no stock any more, and all of it was gone through; whether nothing came between."""
    ended = unit.connection.exec_driver_sql(_END, (before.account_id, before.mark)).rowcount == 1
    if ended:
        unit.connection.exec_driver_sql("DELETE FROM stale_stock WHERE account_id = ?", (before.account_id,))
        unit.changed("settings", ("account", before.account_id))
    return ended


def accounts(connection: Connection) -> set[int]:
    """Those that send stock, or have to stop it."""
    return set(connection.scalars(select(_sweeps.c.account_id)))


def _note(unit: Unit, statement: str, parameters: tuple[object, ...]) -> None:
    noted = unit.connection.exec_driver_sql(statement, parameters).scalars().all()
    if noted:
        unit.changed("stock_stale", *set(noted))
