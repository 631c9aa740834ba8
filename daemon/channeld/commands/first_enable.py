"""Where a channel's first order download begins (semantics C5)."""

from datetime import datetime, timedelta

import msgspec

from channeld.domain.channel_settings import ChannelSettings
from channeld.store.channels import Channel

__all__ = ["enabled_now"]


def enabled_now(channel: Channel, now: datetime) -> Channel:
    """The channel as it goes on: from its cursor, or the first time from so many days back."""
    look_back = timedelta(days=ChannelSettings.of(channel.settings).order_look_back_days)
    return msgspec.structs.replace(
        channel,
        first_enabled_at=channel.first_enabled_at or now,
        order_cursor=channel.order_cursor or now - look_back,
    )
