"""Channels and their settings on the wire."""

from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import Connection

from channel_protocol.channels import ChannelPreviewed, ChannelRow, Consequence, SettingChange, SettingRow
from channeld.commands.channel_plan import ChannelPlan
from channeld.domain.channel_change import settings_mark
from channeld.domain.channel_settings import DEFAULTS
from channeld.domain.marketplaces import BY_ID
from channeld.domain.settings import CHANNEL_SETTINGS
from channeld.store import channels, left_alone, locations, order_counts, stock_sync
from channeld.store.channels import Channel
from channeld.store.names import Names, names
from channeld.store.order_counts import ChannelCounts
from channeld.store.stock_sync import StockSync

__all__ = ["channel_row", "channel_rows", "previewed", "setting_rows"]


def channel_rows(connection: Connection, only: Collection[str] | None = None) -> list[ChannelRow]:
    """All channels by name, or those of these names."""
    known = names(connection)
    counts = order_counts.counts(connection)
    fba = left_alone.counts(connection)
    dates = stock_sync.all_channels(connection)
    places = {p.channel_id: p.name for p in locations.all_locations(connection) if p.channel_id is not None}
    return [
        _row(channel, known, counts.get(channel.id), fba.get(channel.id, 0), places, dates.get(channel.id))
        for channel in channels.all_channels(connection)
        if only is None or channel.name in only
    ]


def channel_row(connection: Connection, channel: Channel) -> ChannelRow:
    """One channel as it is stored now."""
    return channel_rows(connection, {channel.name})[0]


def setting_rows(channel: Channel) -> tuple[SettingRow, ...]:
    """Its settings, in the order of the specification."""
    values = {**DEFAULTS, **channel.settings}
    return tuple(
        SettingRow(
            key=setting.key,
            label=setting.label,
            value=values[setting.key],
            default=setting.default,
            kind=setting.kind,
            allowed=setting.allowed,
            meaning=setting.meaning,
        )
        for setting in CHANNEL_SETTINGS
    )


def previewed(plan: ChannelPlan) -> ChannelPreviewed:
    """What a change would do."""
    return ChannelPreviewed(
        channel=plan.before.name,
        settings_mark=settings_mark(plan.before.settings),
        changes=tuple(SettingChange(**msgspec.structs.asdict(change)) for change in plan.changes),
        consequences=tuple(Consequence(**msgspec.structs.asdict(each)) for each in plan.consequences),
    )


def _row(
    channel: Channel,
    known: Names,
    counts: ChannelCounts | None,
    fba_orders: int,
    places: Mapping[int, str],
    stock: StockSync | None,
) -> ChannelRow:
    marketplace = BY_ID[channel.marketplace_id]
    fba_on = channel.settings.get("fba_enabled") == "on"
    return ChannelRow(
        version=channel.version,
        channel=channel.name,
        account=known.account(channel.account_id),
        marketplace=marketplace.code,
        marketplace_id=marketplace.id,
        currency=marketplace.currency,
        enabled=channel.enabled,
        order_sync_date=channel.order_sync_date,
        inventory_sync_date=stock.synced_at if stock else None,
        order_cursor=channel.order_cursor,
        orders=counts.orders if counts else 0,
        open_orders=counts.open_orders if counts else 0,
        parked_orders=counts.parked_orders if counts else 0,
        quarantined=counts.quarantined if counts else 0,
        unmapped_payment=counts.unmapped_payment if counts else 0,
        unmapped_shipping=counts.unmapped_shipping if counts else 0,
        fba_orders=fba_orders,
        fulfilment_location=places.get(channel.id, "") if fba_on else "",
        trouble=channel.trouble,
        trouble_hint=channel.trouble_hint,
        trouble_since=channel.trouble_since,
        settings_mark=settings_mark(channel.settings),
    )
