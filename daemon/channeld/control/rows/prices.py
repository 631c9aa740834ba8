"""Prices on the wire."""

from collections.abc import Sequence

from sqlalchemy import Connection

from channel_protocol.prices import ListPrices, PriceEvent, PriceList, PriceRow, PriceShown, ShowPrice
from channeld.book.ledger.holding import held
from channeld.commands.asking import find_channel
from channeld.domain.marketplaces import BY_ID
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import people_say
from channeld.errors import InvalidRequest, Problem
from channeld.store import price_history, prices
from channeld.store.channels import Channel
from channeld.store.price_history import Happened

__all__ = ["price_page", "price_shown"]

MOST = 500


def price_page(connection: Connection, asked: ListPrices, instance: str) -> PriceList:
    """By SKU. Raises `InvalidRequest("unknown_channel")`."""
    channel = find_channel(connection, asked.channel)
    limit = max(1, min(asked.limit, MOST))
    found = prices.page(connection, channel.id, asked.after, limit + 1, asked.only)
    rows = _rows(connection, channel, found[:limit], instance)
    return PriceList(rows=rows, after=rows[-1].sku if rows else asked.after, more=len(found) > limit)


def price_shown(connection: Connection, asked: ShowPrice, instance: str) -> PriceShown:
    """One listing. Raises `InvalidRequest`: `unknown_channel`, `unknown_listing`."""
    channel = find_channel(connection, asked.channel)
    stored = prices.of_skus(connection, channel.id, [asked.sku])
    if asked.sku not in stored and asked.sku not in prices.reported(connection, channel.id, [asked.sku]):
        raise InvalidRequest(
            "unknown_listing",
            "The channel has no listing with that SKU.",
            f"`channelctl listing list {asked.channel}` shows them; capitals count.",
            [Problem(key="sku", message="is not known")],
        )
    price = stored.get(asked.sku) or ListingPrice(channel_id=channel.id, sku=asked.sku)
    (row,) = _rows(connection, channel, [price], instance)
    events = price_history.of_sku(connection, channel.id, asked.sku, max(1, min(asked.limit, MOST)))
    return PriceShown(row=row, events=tuple(map(_event, events)))


def _rows(
    connection: Connection, channel: Channel, found: Sequence[ListingPrice], instance: str
) -> tuple[PriceRow, ...]:
    listed = prices.reported(connection, channel.id, [row.sku for row in found])
    held_back = held(connection, channel, instance)
    currency = BY_ID[channel.marketplace_id].currency
    return tuple(
        PriceRow(
            version=row.version,
            channel=channel.name,
            sku=row.sku,
            currency=currency,
            state=people_say(row.state),
            saved=row.saved,
            saved_at=row.saved_at,
            by=row.by,
            confirmed=row.confirmed,
            confirmed_at=row.confirmed_at,
            listed=row.shown if row.shown_at is not None else listed.get(row.sku),
            read_at=row.shown_at,
            reported=listed.get(row.sku),
            min_price=row.least,
            max_price=row.most,
            holds=row.holds,
            sent=row.sent,
            sent_at=row.sent_at,
            next_try_at=row.not_before,
            reason=row.reason,
            held_back=held_back,
        )
        for row in found
    )


def _event(happened: Happened) -> PriceEvent:
    return PriceEvent(
        at=happened.at,
        event=happened.event,
        price=happened.price,
        reference=happened.reference,
        note=happened.note,
        by=happened.by,
    )
