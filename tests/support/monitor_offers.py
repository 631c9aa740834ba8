"""What Amazon is told of stock, with the parts that tests of the monitor care about."""

from datetime import datetime

from channel_protocol.offers import (
    ExplainedChannel,
    ExplainedLocation,
    ExplainedOffer,
    ExplainedOrder,
    OfferEvent,
    OfferRow,
    StockExplained,
    StockSyncRow,
)
from tests.support.fake_clock import START

__all__ = ["explained", "offer", "synced"]


def synced(
    channel: str = "uk-main",
    *,
    account: str = "eu",
    dirty: int = 0,
    oldest: datetime | None = None,
    warning: str = "",
    at: datetime | None = START,
    version: int = 1,
) -> StockSyncRow:
    """How a channel's stock stands; all is told."""
    return StockSyncRow(
        version=version,
        channel=channel,
        account=account,
        inventory_sync_date=at,
        computed_at=at,
        drift_checked_at=None,
        dirty=dirty,
        oldest_dirty=oldest,
        warning=warning,
    )


def offer(
    n: int = 1,
    *,
    quantity: int | None = 9,
    would: int | None = 9,
    standing: str = "confirmed",
    differing: tuple[str, ...] = (),
    dirty_since: datetime | None = None,
    withheld: str = "",
    reason: str = "",
    issue: str = "",
) -> OfferRow:
    """A seller SKU that was told by a patch, and read back."""
    return OfferRow(
        version=1,
        account="eu",
        sku=f"MUG-{n:04}",
        item=f"ITEM-{n}",
        quantity=quantity,
        would=would,
        handling="3 days",
        standing=standing,
        owner="uk-main",
        channels=("de-main", "uk-main"),
        differing=differing,
        sent_quantity=9,
        sent_handling="3 days",
        sent_at=START,
        sent_route="patch",
        shown_quantity=9,
        shown_at=START,
        dirty_since=dirty_since,
        next_try_at=None,
        reason=reason,
        withheld=withheld,
        issue=issue,
    )


def explained(row: OfferRow) -> StockExplained:
    """Two channels that offer from the same location, one order, one event."""
    here = ExplainedLocation(sku=row.item, each=2, location="Leeds", physical=15, reserved=3)
    channels = tuple(
        ExplainedChannel(
            channel=name,
            quantity=9,
            handling="3 days",
            sentence=f"A=12 (15−3) for {name}",
            cut_by=("Max Listed",),
            locations=(here,),
            listed=7,
            listing_status="active",
            is_owner=name == row.owner,
            differs=name != row.owner,
        )
        for name in row.channels
    )
    order = ExplainedOrder(order_id="203-1", channel="uk-main", sku=row.sku, location="Leeds", units=3)
    event = OfferEvent(
        at=START,
        event="accepted",
        quantity=9,
        handling="3 days",
        route="patch",
        reference="submission-17",
        note="",
    )
    told = ExplainedOffer(
        row=row,
        waits_for="Amazon is asked at 09:05.",
        channels=channels,
        orders=(order,),
        orders_in_all=40,
        events=(event,),
    )
    return StockExplained(offers=(told,))
