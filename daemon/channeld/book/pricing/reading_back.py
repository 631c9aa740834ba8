"""Prices that Amazon took are read back: only what it shows is confirmed (semantics G1)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from channeld.amazon.listings.offers import read_price
from channeld.book.pricing.leaving import is_on
from channeld.book.pricing.told import happened
from channeld.domain.listing.item import ItemRead
from channeld.domain.price import sending
from channeld.domain.price.listing_price import ListingPrice
from channeld.store import channels, price_history, prices
from channeld.store.price_history import Happened
from channeld.store.unit import Unit

__all__ = ["book_read", "skus_to_read"]

UNTOLD = "Amazon does not tell the listing's price"


def skus_to_read(connection: Connection, channel_id: int, now: datetime, limit: int) -> list[str]:
    """What is worth a direct read now."""
    return [row.sku for row in prices.to_read_back(connection, channel_id, now, limit)]


def book_read(
    unit: Unit, channel_id: int, read: Mapping[str, ItemRead | str], asked_at: datetime, now: datetime
) -> None:
    """By SKU what Amazon showed when it was asked then, or why it showed nothing."""
    channel = channels.get(unit.connection, channel_id)
    if channel is None:
        return
    on, marketplace = is_on(unit.connection, channel_id), channel.marketplace_id
    changed: list[ListingPrice] = []
    told: list[Happened] = []
    for sku, row in prices.of_skus(unit.connection, channel_id, read).items():
        after, shown = _after(row, read[sku], marketplace, asked_at, now, on=on)
        if after != row:
            changed.append(after)
        if row.is_unread and not after.is_unread:
            is_confirmed = after.confirmed_at == asked_at and shown == row.sent
            event = "confirmed" if is_confirmed else "shown"
            told.append(happened(row, event, shown, now, reference=row.submission))
    prices.save(unit, changed)
    price_history.add(unit, told)


def _after(
    row: ListingPrice, found: ItemRead | str, marketplace: str, asked_at: datetime, now: datetime, *, on: bool
) -> tuple[ListingPrice, int | None]:
    """The row as it is then, and what was shown."""
    if isinstance(found, str):
        return sending.unread(row, found, now), None
    shown = read_price(found, marketplace)
    if shown is None:
        return sending.unread(row, UNTOLD, now), None
    return sending.read_back(row, shown.minor, asked_at, is_on=on), shown.minor
