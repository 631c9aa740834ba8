"""Listings that a complete report lacks become missing, and the second time gone (semantics H5)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from channeld.book.listings.step import channel_of, move, still_running
from channeld.domain.listing.presence import GONE, MISSING, Presence
from channeld.store import audit, listing_details, listings
from channeld.store.audit import AuditEntry
from channeld.store.channels import Channel
from channeld.store.links import items_of
from channeld.store.listing_details import Named
from channeld.store.unit import Unit

__all__ = ["book_absent"]

_TOLD: Mapping[str, tuple[str, str]] = {
    MISSING: ("listing.missing", "is missing from Amazon's report"),
    GONE: ("listing.gone", "is gone: two complete reports lack it"),
}
"""Code and words."""


def book_absent(
    unit: Unit, download_id: int, becoming: Mapping[int, Presence], made_at: datetime, now: datetime
) -> None:
    """What these become, by id, with an entry for each that is linked. `made_at`: when the report was made.

    Raises `DownloadOver`.
    """
    download = still_running(unit, download_id)
    channel = channel_of(unit, download)
    named = listing_details.named(unit.connection, list(becoming))
    listings.mark_absent(unit, becoming, made_at, now)
    words = list(becoming.values())
    move(
        unit,
        download,
        missing=download.missing + words.count(MISSING),
        gone=download.gone + words.count(GONE),
    )
    _tell(unit, channel, becoming, named, now)


def _tell(
    unit: Unit, channel: Channel, becoming: Mapping[int, Presence], named: Collection[Named], now: datetime
) -> None:
    linked = items_of(unit.connection, channel.account_id, [each.sku for each in named])
    entries = [
        AuditEntry(
            at=now,
            code=_TOLD[becoming[each.id]][0],
            text=f"Listing {each.sku} {_TOLD[becoming[each.id]][1]}",
            account_id=channel.account_id,
            channel_id=channel.id,
            sku=each.sku,
        )
        for each in named
        if each.sku in linked
    ]
    audit.add_many(unit, entries)
