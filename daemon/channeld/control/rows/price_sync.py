"""How the saved prices of channels stand at Amazon, on the wire (semantics G1)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from channel_protocol.prices import PriceSyncRow
from channeld.store import channels, prices
from channeld.store.channels import Channel
from channeld.store.names import names
from channeld.store.prices import Counts

__all__ = ["price_sync_rows"]


def price_sync_rows(
    connection: Connection, now: datetime, only: Collection[str] | None = None
) -> list[PriceSyncRow]:
    """Of all channels by name, or those of these names."""
    chosen = [each for each in channels.all_channels(connection) if only is None or each.name in only]
    found = prices.counts(connection, [channel.id for channel in chosen])
    known = names(connection)
    return [
        _row(
            channel,
            known.account(channel.account_id),
            found.get(channel.id, Counts(channel_id=channel.id)),
            now,
        )
        for channel in chosen
    ]


def _row(channel: Channel, account: str, found: Counts, now: datetime) -> PriceSyncRow:
    return PriceSyncRow(
        version=int(now.timestamp() * 1_000_000),
        channel=channel.name,
        account=account,
        held=found.held,
        failing=found.error + found.failing,
        waiting=found.pending,
    )
