"""What is needed to book orders of one account, read once for a whole page."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.domain.booked import Rules
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.mapping import DEFAULT
from channeld.domain.marketplaces import BY_ID
from channeld.store import locations, mappings
from channeld.store.channels import Channel
from channeld.store.cipher import Cipher

__all__ = ["ChannelDesk", "Desk", "open_desk"]


class ChannelDesk(msgspec.Struct, frozen=True, kw_only=True):
    """One channel's side of booking."""

    channel: Channel
    rules: Rules
    location_id: int
    """Where new orders of the seller's own are saved (semantics D9)."""
    fba_location_id: int | None
    """Where orders fulfilled by Amazon are saved; None while FBA is off (semantics F1)."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All channels that orders may be booked on now."""

    account_id: int
    cipher: Cipher
    now: datetime
    channels: Mapping[str, ChannelDesk]
    """By marketplace id."""
    by: str = "channeld"
    """Who asked, for the audit trail."""
    recovering: bool = False
    """A person asked for this order: its personal data is kept a day even after its retention."""


def open_desk(
    connection: Connection,
    cipher: Cipher,
    account_id: int,
    channels: Iterable[Channel],
    now: datetime,
    *,
    by: str = "channeld",
    recovering: bool = False,
) -> Desk:
    """Read settings, mappings and locations of these channels."""
    names = {location.name: location.id for location in locations.all_locations(connection)}
    return Desk(
        account_id=account_id,
        cipher=cipher,
        now=now,
        channels={channel.marketplace_id: _channel_desk(connection, channel, names) for channel in channels},
        by=by,
        recovering=recovering,
    )


def _channel_desk(connection: Connection, channel: Channel, names: Mapping[str, int]) -> ChannelDesk:
    settings = ChannelSettings.of(channel.settings)
    fba = locations.fba_of(connection, channel.id) if settings.fba_enabled else None
    return ChannelDesk(
        channel=channel,
        rules=Rules(
            marketplace=BY_ID[channel.marketplace_id],
            settings=settings,
            first_enabled_at=channel.first_enabled_at,
            payment=mappings.of_channel(connection, "payment", channel.id),
            shipping=mappings.of_channel(connection, "shipping", channel.id),
        ),
        location_id=names.get(settings.order_location, names[DEFAULT]),
        fba_location_id=fba.id if fba else None,
    )
