"""Asking for an order search now (semantics C5)."""

from channeld.commands.asking import Asked, find_channel
from channeld.errors import InvalidRequest
from channeld.store import accounts, channels
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["request_search"]


def request_search(unit: Unit, asked: Asked, channel_name: str | None) -> list[Channel]:
    """Make the live search due now, for one channel's account or for all. Raises `InvalidRequest`."""
    if channel_name:
        wanted = [find_channel(unit.connection, channel_name)]
    else:
        wanted = [channel for channel in channels.all_channels(unit.connection) if channel.enabled]
    if not any(channel.enabled for channel in wanted):
        raise InvalidRequest(
            "channel_disabled",
            "Nothing is switched on, so nothing is asked of Amazon.",
            "Switch a channel on with `channelctl channel enable`.",
        )
    for account_id in {channel.account_id for channel in wanted}:
        accounts.note_live_search(unit, account_id, None)
    return wanted
