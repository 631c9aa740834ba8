"""What Amazon shows of SKUs' stock goes into the book (design, section 4; semantics D1, I17)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from channeld.amazon.listings.availability import read_availability
from channeld.book.offering.reading_back.looks import Look, looked_at, not_yet, unread
from channeld.domain.listing.item import ItemRead
from channeld.domain.listing.presence import GONE
from channeld.domain.stock.clock_ahead import not_ahead
from channeld.domain.stock.closure import held_down
from channeld.domain.stock.relist import Closure
from channeld.store import (
    audit,
    channels,
    desired_stock,
    listing_facts,
    listings_down,
    quarantine,
    stale_stock,
    stock_history,
)
from channeld.store.channels import Channel
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit

__all__ = ["book_looks", "note_full_reads", "put_off"]

Found = Mapping[str, ItemRead | None]
"""By SKU; None for one that Amazon does not know."""


def book_looks(
    unit: Unit, account_id: int, channel_id: int, found: Found, asked_at: datetime, now: datetime
) -> None:
    """What a read shows that was asked for then, in the marketplace of that channel.

    What is stale is not judged: an order may have been booked that explains what is shown.
    """
    downs = {sku: _down(item, amazons=True) for sku, item in found.items()}
    news = listings_down.note(unit, channel_id, downs, asked_at, now)
    rows = desired_stock.of_skus(unit.connection, account_id, found)
    until = _orders_until(unit.connection, account_id, found)
    unsettled = stale_stock.among(unit.connection, account_id, found)
    looks = {
        sku: Look(not_yet(row, now))
        if sku in unsettled
        else looked_at(_in_time(row, now), found[sku], asked_at, until.get(sku))
        for sku, row in rows.items()
    }
    desired_stock.save(unit, [look.row for sku, look in looks.items() if look.row != rows[sku]], now)
    told = [look for sku, look in looks.items() if downs[sku] is None or sku in news]
    _write_down(unit, told)
    stale = {sku for sku, look in looks.items() if look.is_stale}
    stale_stock.mark_skus(unit, account_id, news | stale, now)


def note_full_reads(
    unit: Unit, account_id: int, channel_id: int, found: Found, asked_at: datetime, now: datetime
) -> None:
    """A download that asked for them then has read these in full: which of them are down."""
    shown = {
        sku: _down(item)
        for sku, item in found.items()
        if item is None or not read_availability(item).is_amazons
    }
    news = listings_down.note(unit, channel_id, shown, asked_at, now)
    stale_stock.mark_skus(unit, account_id, news, now)


def put_off(unit: Unit, account_id: int, skus: Collection[str], why: str, now: datetime) -> None:
    """Amazon would not show these, for that reason; they are read again in an hour."""
    rows = desired_stock.of_skus(unit.connection, account_id, skus)
    desired_stock.save(unit, [unread(row, why, now) for row in rows.values()], now)


def _down(item: ItemRead | None, *, amazons: bool = False) -> Closure | None:
    if item is None:
        return Closure.DELETED
    if amazons and read_availability(item).is_amazons:
        return Closure.AMAZONS
    return held_down(action for issue in item.issues for action in issue.actions)


def _write_down(unit: Unit, looks: Collection[Look]) -> None:
    happened = [look.happened for look in looks if look.happened is not None]
    if happened:
        stock_history.add(unit, happened)
    audit.add_many(unit, [look.entry for look in looks if look.entry is not None])


def _in_time(row: DesiredRow, now: datetime) -> DesiredRow:
    closed_at = min(row.closed_at, now) if row.closed_at else None
    return replace(row, desired=not_ahead(row.desired, now), closed_at=closed_at)


def _orders_until(connection: Connection, account_id: int, skus: Collection[str]) -> dict[str, datetime]:
    """By SKU: the book has every order with it that was made until then. Without those nobody can say it of.

    These are all of them while an order cannot be booked, and what is listed on a channel that is switched
    off, as its sales are not read.
    """
    found = channels.of_account(connection, account_id)
    cursors = [each.order_cursor for each in found if each.enabled]
    known = [cursor for cursor in cursors if cursor is not None]
    if not known or len(known) < len(cursors) or quarantine.has_open(connection, account_id):
        return {}
    unread_ones = _sold_elsewhere(connection, [each for each in found if not each.enabled], skus)
    return dict.fromkeys(set(skus) - unread_ones, min(known))


def _sold_elsewhere(connection: Connection, off: Collection[Channel], skus: Collection[str]) -> set[str]:
    listed = listing_facts.of_skus(connection, [each.id for each in off], skus)
    return {each.sku for each in listed if each.presence != GONE}
