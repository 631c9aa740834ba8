"""How the stock of channels stands at Amazon, on the wire (semantics D8, X1)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from channel_protocol.offers import StockSyncRow
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.stock_consequences import sells_elsewhere, sold_elsewhere
from channeld.store import channels, desired_stock, offer_queries, stock_sync, stock_troubles
from channeld.store.channels import Channel
from channeld.store.desired_stock import Dirty
from channeld.store.names import names
from channeld.store.stock_sync import StockSync
from channeld.store.stock_troubles import Troubles

__all__ = ["stock_sync_rows"]


def stock_sync_rows(
    connection: Connection, now: datetime, only: Collection[str] | None = None
) -> list[StockSyncRow]:
    """Of all channels by name, or those of these names."""
    known, dates = names(connection), stock_sync.all_channels(connection)
    dirty, troubles = desired_stock.dirty(connection), stock_troubles.by_channel(connection)
    return [
        _row(
            channel,
            known.account(channel.account_id),
            dates.get(channel.id) or StockSync(channel_id=channel.id),
            dirty.get(channel.id),
            troubles.get(channel.id, Troubles()),
            _warning(connection, channel),
            now,
        )
        for channel in channels.all_channels(connection)
        if only is None or channel.name in only
    ]


def _row(
    channel: Channel,
    account: str,
    dates: StockSync,
    dirty: Dirty | None,
    troubles: Troubles,
    warning: str,
    now: datetime,
) -> StockSyncRow:
    return StockSyncRow(
        version=int(now.timestamp() * 1_000_000),
        channel=channel.name,
        account=account,
        inventory_sync_date=dates.synced_at,
        computed_at=dates.computed_at,
        drift_checked_at=dates.drift_checked_at,
        dirty=dirty.skus if dirty else 0,
        oldest_dirty=dirty.oldest if dirty else None,
        warning=warning,
        refused=troubles.refused,
        closed=troubles.closed,
        conflicts=troubles.conflicts,
        issues=troubles.issues,
    )


def _warning(connection: Connection, channel: Channel) -> str:
    """What is wrong with the locations that it offers from."""
    settings = ChannelSettings.of(channel.settings)
    if not channel.enabled or not settings.update_inventory:
        return ""
    if settings.inventory_locations and not sells_elsewhere(settings):
        return ""
    if not offer_queries.has_linked_listings(connection, channel.account_id, channel.id):
        return ""
    if settings.inventory_locations:
        return sold_elsewhere(settings)
    return (
        "Update inventory is on, but no inventory location is chosen: nothing is sent."
        f" `channelctl location map {channel.name} LOCATION` chooses some."
    )
