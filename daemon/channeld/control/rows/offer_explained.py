"""Why Amazon is told what it is told of a seller SKU, on the wire."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channel_protocol.offers import (
    ExplainedChannel,
    ExplainedLocation,
    ExplainedOffer,
    ExplainedOrder,
    OfferEvent,
)
from channeld.book.offering.computing.compute import Computed, OnChannel, compute
from channeld.book.offering.moves import handling_text
from channeld.book.stock.reserving import reservations
from channeld.control.rows.offers import labels_for, offer_row
from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available
from channeld.domain.stock.awaiting import awaiting
from channeld.domain.stock.explained import explained
from channeld.domain.stock.limits import Offer
from channeld.domain.stock.shelves import on_shelf
from channeld.store import items, kits, locations, offer_queries, stock_history
from channeld.store.desired_stock import DesiredRow
from channeld.store.stock_history import Happened

__all__ = ["explained_offers"]


def explained_offers(
    connection: Connection,
    account_id: int,
    skus: Sequence[str],
    limit: int,
    now: datetime,
    instance: str,
) -> list[ExplainedOffer]:
    """Seller SKUs of one account, as the book has them now. `limit`: orders and events of each."""
    computed = compute(connection, account_id, skus)
    rows = [_row(computed[sku]) for sku in skus]
    labels = labels_for(connection, rows, now, instance)
    stale = offer_queries.stale_skus(connection, account_id, skus)
    found: list[ExplainedOffer] = []
    for row in rows:
        made = computed[row.sku]
        orders = list(_orders(connection, made))
        happened = stock_history.of_sku(connection, account_id, row.sku, limit)
        is_stale = row.sku in stale or row.desired.computed != made.value
        found.append(
            ExplainedOffer(
                row=msgspec.structs.replace(offer_row(row, labels), item=made.item),
                waits_for=awaiting(row.desired, now, is_stale=is_stale, held=labels.held_back(row)),
                channels=tuple(_channel(each, made) for each in made.members),
                orders=tuple(orders[:limit]),
                orders_in_all=len(orders),
                events=tuple(map(_event, happened)),
            )
        )
    return found


def _row(made: Computed) -> DesiredRow:
    """As it is stored; of a SKU that is not, at least why nothing is sent."""
    return made.row if made.row.version else msgspec.structs.replace(made.row, withheld=made.withheld)


def _channel(each: OnChannel, made: Computed) -> ExplainedChannel:
    offer = each.made if isinstance(each.made, Offer) else None
    return ExplainedChannel(
        channel=each.channel.name,
        quantity=offer.quantity if offer else None,
        handling=handling_text(each.said.lead_time) if offer else "",
        sentence=_sentence(each, _sender(made)),
        cut_by=tuple(limit.value for limit in offer.cut_by) if offer else (),
        locations=tuple(_locations(made.item, each.available)),
        listed=each.listed.quantity,
        listing_status=each.listed.status,
        is_owner=each.channel.id == made.group.owner,
        differs=each.channel.id in made.group.differing,
    )


def _sentence(each: OnChannel, sent_by: str) -> str:
    why = explained(each.made, sent_by=sent_by)
    if each.made is Abstention.DRY_RUN and isinstance(each.freely, Offer):
        return f"{why}; else {each.freely.quantity}: {explained(each.freely)}"
    return why


def _sender(made: Computed) -> str:
    """The channel that sends the SKU; empty when nothing is sent."""
    if made.value is None:
        return ""
    return next((each.channel.name for each in made.members if each.channel.id == made.group.owner), "")


def _locations(item: str, available: Available | None) -> Iterator[ExplainedLocation]:
    if available is None:
        return
    parts = [(part.sku, part.each, part.available) for part in available.components]
    for sku, each, at in parts or [(item, 1, available)]:
        for place in at.locations:
            yield ExplainedLocation(
                sku=sku,
                each=each,
                location=place.location,
                physical=place.physical,
                reserved=place.reserved,
            )


def _orders(connection: Connection, made: Computed) -> Iterator[ExplainedOrder]:
    """Those that reserve units where a channel offers from, the oldest first."""
    if made.item_id is None:
        return
    counted = _mapped(made)
    shelf = on_shelf(made.item_id, kits.made_of(connection, [made.item_id]))
    places, skus = locations.labels(connection), items.skus(connection, shelf)
    for each in reservations(connection, shelf):
        if places[each.location_id] in counted:
            yield ExplainedOrder(
                order_id=each.order_id,
                channel=each.channel,
                sku=skus[each.item_id],
                location=places[each.location_id],
                units=each.units,
            )


def _mapped(made: Computed) -> Collection[str]:
    return {name for each in made.members for name in each.selling.settings.inventory_locations}


def _event(happened: Happened) -> OfferEvent:
    return OfferEvent(
        at=happened.at,
        event=happened.event,
        quantity=happened.quantity,
        handling=happened.handling,
        route=happened.route,
        reference=happened.reference,
        note=happened.note,
    )
