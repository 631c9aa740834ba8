"""What needs a person in the prices of listings. Pure."""

from collections.abc import Iterator

from channel_protocol.prices import PriceSyncRow
from channeltop.format import things
from channeltop.model import Model
from channeltop.notice import Notice
from channeltop.pages import key_of

__all__ = ["price_attention"]


def price_attention(model: Model) -> Iterator[Notice]:
    """Prices of channels that are switched on: what is to be approved, and what Amazon does not take."""
    for row in sorted(model.price_sync.values(), key=lambda row: row.channel):
        channel = model.channels.get(row.channel)
        if channel is not None and channel.enabled:
            yield from _of_channel(row)


def _of_channel(row: PriceSyncRow) -> Iterator[Notice]:
    where = f"{key_of('listings')}, then p lists the channel's prices, f chooses those"
    if row.held:
        yield Notice(
            tone="warn",
            what=f"{row.channel}: {things(row.held, 'price')} to be approved",
            do=f"{where}: a approves, x drops",
        )
    if row.failing:
        yield Notice(
            tone="warn",
            what=f"{row.channel}: {things(row.failing, 'price')} that Amazon does not take",
            do=f"{where} in error: enter says why",
        )
