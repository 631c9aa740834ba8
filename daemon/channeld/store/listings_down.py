"""Listings that the last read has shown as down at Amazon for another reason than a zero (semantics I17)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from channeld.domain.stock.closure import Down
from channeld.domain.stock.relist import Closure
from channeld.store import tables
from channeld.store.columns import to_micros
from channeld.store.rows import given
from channeld.store.unit import Unit

__all__ = ["note", "of_channel", "of_skus"]

_down = tables.listings_down
_of_skus = select(_down).where(_down.c.channel_id.in_(given("channels")), _down.c.sku.in_(given("skus")))
_of_channel = (
    select(_down.c.sku)
    .where(_down.c.channel_id == bindparam("channel"), _down.c.sku > bindparam("after"))
    .order_by(_down.c.sku)
    .limit(bindparam("limit"))
)
_PUT = """INSERT INTO listings_down (channel_id, sku, why, seen_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (channel_id, sku) DO UPDATE SET why = excluded.why, seen_at = excluded.seen_at"""
_REMOVE = "DELETE FROM listings_down WHERE channel_id = ? AND sku = ?"


def of_skus(
    connection: Connection, channel_ids: Collection[int], skus: Collection[str]
) -> dict[tuple[int, str], Down]:
    """By channel and SKU, those that are."""
    found = connection.execute(_of_skus, {"channels": tuple(channel_ids), "skus": tuple(skus)})
    return {(row.channel_id, row.sku): Down(why=Closure[row.why], seen_at=row.seen_at) for row in found}


def of_channel(connection: Connection, channel_id: int, after: str, limit: int) -> list[str]:
    """SKUs of the channel that are, from the one after that on."""
    given_ = {"channel": channel_id, "after": after, "limit": limit}
    return list(connection.scalars(_of_channel, given_))


def note(
    unit: Unit, channel_id: int, shown: Mapping[str, Closure | None], at: datetime, now: datetime
) -> set[str]:
    """What a read that was asked for then has shown of these SKUs, None: that it is not down.

    Those of which that is news. One that was shown as down by a later read stays so.
    """
    before = of_skus(unit.connection, [channel_id], shown)
    was = {sku: down.why for (_, sku), down in before.items()}
    later = {sku for (_, sku), down in before.items() if at < down.seen_at <= now}
    shown = {sku: why for sku, why in shown.items() if sku not in later}
    run, seen_at = unit.connection.exec_driver_sql, to_micros(at)
    down = [(channel_id, sku, why.name, seen_at) for sku, why in shown.items() if why is not None]
    if down:
        run(_PUT, down)
    up = [(channel_id, sku) for sku, why in shown.items() if why is None and sku in was]
    if up:
        run(_REMOVE, up)
    return {sku for sku, why in shown.items() if why is not was.get(sku)}
