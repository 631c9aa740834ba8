"""How the stock of channels stands at Amazon, on the wire (semantics D8, X1)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from channel_protocol.offers import StockSyncRow
from channeld.domain.channel_settings import ChannelSettings
from channeld.store import channels, desired_stock, offer_queries, stock_sync
from channeld.store.channels import Channel
from channeld.store.desired_stock import Dirty
from channeld.store.names import names
from channeld.store.stock_sync import StockSync

__all__ = ["stock_sync_rows"]


def stock_sync_rows(
    connection: Connection, now: datetime, only: Collection[str] | None = None
) -> list[StockSyncRow]:
    """Of all channels by name, or those of these names."""
    known, dates = names(connection), stock_sync.all_channels(connection)
    dirty = desired_stock.dirty(connection)
    return [
        _row(
            channel,
            known.account(channel.account_id),
            dates.get(channel.id) or StockSync(channel_id=channel.id),
            dirty.get(channel.id),
            _warning(connection, channel),
            now,
        )
        for channel in channels.all_channels(connection)
        if only is None or channel.name in only
    ]


def _row(
    channel: Channel, account: str, dates: StockSync, dirty: Dirty | None, warning: str, now: datetime
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
    )


def _warning(connection: Connection, channel: Channel) -> str:
    """Why nothing is sent though it should be."""
    if not channel.enabled or channel.settings.get("update_inventory") != "on":
        return ""
    if ChannelSettings.of(channel.settings).inventory_locations:
        return ""
    if not offer_queries.has_linked_listings(connection, channel.account_id, channel.id):
        return ""
    return (
        "Update inventory is on, but no inventory location is chosen: nothing is sent."
        f" `channelctl location map {channel.name} LOCATION` chooses some."
    )
