"""Prices that a person should look at, each with the command to type."""

from collections.abc import Iterable, Iterator

from channel_protocol.prices import PriceSyncRow
from channeld.store.channels import Channel

__all__ = ["price_attention"]


def price_attention(rows: Iterable[PriceSyncRow], channels: Iterable[Channel]) -> tuple[str, ...]:
    """Of channels that are switched on; until they are approved, dropped, saved anew, or have gone out."""
    enabled = {channel.name for channel in channels if channel.enabled}
    return tuple(text for row in rows if row.channel in enabled for text in _told(row))


def _told(row: PriceSyncRow) -> Iterator[str]:
    if row.held:
        text = f"{row.channel} has {_prices(row.held)} to be approved."
        yield f"{text} `channelctl price list {row.channel} --only held` says why."
    if row.failing:
        text = f"{row.channel} has {_prices(row.failing)} that Amazon does not take."
        yield f"{text} `channelctl price list {row.channel} --only error` says why."


def _prices(count: int) -> str:
    return f"{count:,} {'price' if count == 1 else 'prices'}"
