"""Which SKUs are read directly now, and in which marketplace."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from channeld.amazon.listings.calls import MOST_SKUS
from channeld.store import channels, desired_stock, listing_facts
from channeld.store.channels import Channel
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit

__all__ = ["GATHERED_FOR", "DueLooks", "due_looks", "let_go"]

GATHERED_FOR = timedelta(seconds=20)
"""So long fewer than a search takes wait for others: they come due one by one, as they were told."""


class DueLooks(msgspec.Struct, frozen=True, kw_only=True):
    """Some SKUs of one account."""

    by_channel: Sequence[tuple[Channel, Sequence[str]]]
    homeless: Sequence[str]
    """No enabled channel has a listing of them."""


def due_looks(connection: Connection, account_id: int, now: datetime, limit: int) -> DueLooks:
    """What is worth a direct read now, the longest overdue first.

    In the marketplace by which it is sent, else in any where it is listed.
    """
    rows = desired_stock.to_look_at(connection, account_id, now, limit)
    if len(rows) < MOST_SKUS and not any(_has_waited(row, now) for row in rows):
        return DueLooks(by_channel=(), homeless=())
    enabled = {each.id: each for each in channels.of_account(connection, account_id) if each.enabled}
    listed = _listed(connection, enabled, [row.sku for row in rows if row.owner_id not in enabled])
    found: dict[int | None, list[str]] = defaultdict(list)
    for row in rows:
        found[_channel_of(row, enabled, listed)].append(row.sku)
    homeless = found.pop(None, [])
    return DueLooks(
        by_channel=[(enabled[id_], skus) for id_, skus in found.items() if id_ is not None],
        homeless=homeless,
    )


def let_go(unit: Unit, account_id: int, skus: Collection[str], now: datetime) -> None:
    """These cannot be read; what makes a listing of one of them known computes it anew."""
    rows = desired_stock.of_skus(unit.connection, account_id, skus)
    done = [replace(row, desired=replace(row.desired, look_at=None)) for row in rows.values()]
    desired_stock.save(unit, done, now)


def _has_waited(row: DesiredRow, now: datetime) -> bool:
    return row.desired.look_at is not None and row.desired.look_at <= now - GATHERED_FOR


def _channel_of(row: DesiredRow, enabled: Mapping[int, Channel], listed: Mapping[str, int]) -> int | None:
    return row.owner_id if row.owner_id in enabled else listed.get(row.sku)


def _listed(connection: Connection, enabled: Collection[int], skus: Collection[str]) -> dict[str, int]:
    """By SKU, a channel that has a listing of it."""
    return {each.sku: each.channel_id for each in listing_facts.of_skus(connection, enabled, skus)}
