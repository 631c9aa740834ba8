"""When a channel's stock was last accepted by Amazon, computed and compared (semantics D8)."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from channeld.store import tables
from channeld.store.columns import to_micros
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["StockSync", "all_channels", "note_accepted", "note_computed", "note_drift_check", "note_standing"]

_sync = tables.stock_sync


class StockSync(msgspec.Struct, frozen=True, kw_only=True):
    """The dates of one channel; None: never."""

    channel_id: int
    synced_at: datetime | None = None
    """The inventory sync date: when Amazon accepted the newest message."""
    computed_at: datetime | None = None
    drift_checked_at: datetime | None = None


def all_channels(connection: Connection) -> dict[int, StockSync]:
    return {each.channel_id: each for each in all_as(connection, StockSync, select(_sync))}


def note_accepted(unit: Unit, channel_ids: Collection[int], at: datetime) -> None:
    """Amazon has accepted a quantity or handling time of theirs."""
    _note(unit, "synced_at", channel_ids, at)


def note_computed(unit: Unit, channel_ids: Collection[int], at: datetime) -> None:
    _note(unit, "computed_at", channel_ids, at)


def note_drift_check(unit: Unit, channel_ids: Collection[int], at: datetime) -> None:
    """What its listing report shows was compared with what Amazon was told."""
    _note(unit, "drift_checked_at", channel_ids, at)


def note_standing(unit: Unit, channel_ids: Collection[int | None]) -> None:
    """What is counted of their SKUs may be another number now. None: of no channel."""
    if known := {each for each in channel_ids if each is not None}:
        unit.changed("stock_standing", *known)


def _note(unit: Unit, column: str, channel_ids: Collection[int], at: datetime) -> None:
    """The later one stays."""
    if not channel_ids:
        return
    unit.connection.exec_driver_sql(
        f"INSERT INTO stock_sync (channel_id, {column}) VALUES (?, ?) ON CONFLICT (channel_id)"  # noqa: S608 (only names and constants of ours are put together; values are bound)
        f" DO UPDATE SET {column} = max(coalesce({column}, excluded.{column}), excluded.{column})",
        [(channel_id, to_micros(at)) for channel_id in channel_ids],
    )
    unit.changed("stock_standing", *channel_ids)
