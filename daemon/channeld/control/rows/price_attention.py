"""Prices that a person should look at, each with the command to type."""

from sqlalchemy import Connection

from channeld.store import channels, prices
from channeld.store.names import Names

__all__ = ["price_attention"]


def price_attention(connection: Connection, known: Names) -> tuple[str, ...]:
    """Of channels that are switched on; until they are approved, dropped, saved anew, or have gone out."""
    enabled = {channel.id for channel in channels.all_channels(connection) if channel.enabled}
    told: list[str] = []
    for channel_id, found in prices.counts(connection).items():
        if channel_id not in enabled:
            continue
        name = known.channel(channel_id)
        if found.held:
            text = f"{name} has {_prices(found.held)} to be approved."
            told.append(f"{text} `channelctl price list {name} --only held` says why.")
        if troubled := found.error + found.failing:
            text = f"{name} has {_prices(troubled)} that Amazon does not take."
            told.append(f"{text} `channelctl price list {name} --only error` says why.")
    return tuple(told)


def _prices(count: int) -> str:
    return f"{count:,} {'price' if count == 1 else 'prices'}"
