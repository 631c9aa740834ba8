"""What is set for single listings, on the wire."""

from sqlalchemy import Connection

from channel_protocol.limits import LimitsList, ListingLimitsRow, ListLimits
from channeld.commands.asking import find_channel
from channeld.domain.stock.own_settings import OwnSettings
from channeld.store import listing_limits
from channeld.store.listing_limits import ListingLimits

__all__ = ["limits_page"]

MOST = 500


def limits_page(connection: Connection, asked: ListLimits) -> LimitsList:
    """By SKU. Raises `InvalidRequest("unknown_channel")`."""
    channel = find_channel(connection, asked.channel)
    limit = max(1, min(asked.limit, MOST))
    found = listing_limits.page(connection, channel.id, asked.after, limit + 1)
    rows = tuple(_row(channel.name, each) for each in found[:limit])
    return LimitsList(rows=rows, after=rows[-1].sku if rows else asked.after, more=len(found) > limit)


def _row(channel: str, set_for: ListingLimits) -> ListingLimitsRow:
    own = OwnSettings(limits=set_for.limits, ignore_sync=set_for.ignore_sync).texts
    return ListingLimitsRow(
        channel=channel,
        sku=set_for.sku,
        end_when=own["end_when"],
        stock_percentage=own["stock_percentage"],
        max_listed=own["max_listed"],
        ignore_sync=own["ignore_sync"],
    )
