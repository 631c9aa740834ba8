"""What needs a person so that Amazon is told what there is. Pure."""

from collections.abc import Iterator
from datetime import datetime

from channeltop.format import age, things
from channeltop.model import Model
from channeltop.notice import Notice
from channeltop.offers import is_late
from channeltop.pages import key_of

__all__ = ["stock_attention"]


def stock_attention(model: Model, now: datetime) -> Iterator[Notice]:
    """Channels that send nothing though they should, and those that have had something to say for long."""
    for row in sorted(model.stock_sync.values(), key=lambda row: row.channel):
        channel = model.channels.get(row.channel)
        if channel is None or not channel.enabled:
            continue
        if row.warning:
            yield Notice(
                tone="warn",
                what=f"{row.channel}: {row.warning}",
                do=f"{key_of('mapping')}, then i chooses the locations that it offers from",
            )
        elif is_late(row.oldest_dirty, now):
            yield Notice(
                tone="warn",
                what=f"{row.channel}: {things(row.dirty, 'SKU')} not told to Amazon, "
                f"the oldest for {age(row.oldest_dirty, now)}",
                do=f"{key_of('stock')} lists them, f chooses those: enter says why",
            )
