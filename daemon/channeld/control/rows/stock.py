"""Stock on the wire."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from channel_protocol.stock import (
    ListStock,
    ShowStock,
    StockChangeRow,
    StockList,
    StockReservation,
    StockRow,
    StockShown,
)
from channeld.book.stock.reserving import Reservation
from channeld.book.stock.standing import Standing, standing_of
from channeld.commands.items import find_item
from channeld.domain.settings import nearest
from channeld.errors import InvalidRequest, Problem
from channeld.store import locations, stock, stock_queries
from channeld.store.stock import Change
from channeld.store.stock_queries import CountedItem

__all__ = ["stock_page", "stock_shown"]

MOST = 500
"""Items of a page, entries of a log, orders."""
MOST_ROWS = 5_000
"""Of a page: one that grows larger ends, as items may lie at many locations."""


def stock_page(connection: Connection, asked: ListStock) -> StockList:
    """Items by SKU. Raises `InvalidRequest`: `unknown_item`, `unknown_location`."""
    places = locations.labels(connection)
    if asked.location and asked.location not in places.values():
        raise _unknown_location(asked.location, places.values())
    found, more = _items(connection, asked)
    standing, _ = standing_of(connection, [item.id for item in found])
    rows: list[StockRow] = []
    after = asked.after
    for item in found:
        if len(rows) > MOST_ROWS:
            return StockList(rows=tuple(rows), after=after, more=True)
        shown = (_row(item.sku, each, places) for each in standing[item.id])
        rows += [row for row in shown if _is_wanted(row, asked)]
        after = item.sku
    return StockList(rows=tuple(rows), after=after, more=more)


def stock_shown(connection: Connection, asked: ShowStock) -> StockShown:
    """One item. Raises `InvalidRequest("unknown_item")`."""
    record = find_item(connection, asked.sku)
    limit = min(asked.limit, MOST)
    places = locations.labels(connection)
    standing, held = standing_of(connection, [record.id])
    log = stock.changes(connection, record.id, limit + 1, asked.before)
    return StockShown(
        sku=record.item.sku,
        kit=bool(record.item.components),
        rows=tuple(_row(record.item.sku, each, places) for each in standing[record.id]),
        reservations=tuple(_reservation(each, places) for each in held[:limit]),
        orders=len(held),
        changes=tuple(_change(each, places) for each in log[:limit]),
        more=len(log) > limit,
    )


def _items(connection: Connection, asked: ListStock) -> tuple[list[CountedItem], bool]:
    """Those of a page, and whether there are more."""
    if asked.sku:
        record = find_item(connection, asked.sku)
        return [CountedItem(record.id, record.item.sku)], False
    limit = min(asked.limit, MOST)
    found = stock_queries.counted(connection, asked.after, limit + 1)
    return found[:limit], len(found) > limit


def _is_wanted(row: StockRow, asked: ListStock) -> bool:
    if asked.location and row.location != asked.location:
        return False
    return asked.below is None or (row.available is not None and row.available < asked.below)


def _row(sku: str, standing: Standing, places: Mapping[int, str]) -> StockRow:
    return StockRow(
        sku=sku,
        location=places[standing.location_id],
        kit=standing.kit,
        physical=standing.physical,
        reserved=standing.reserved,
        available=standing.available,
    )


def _reservation(held: Reservation, places: Mapping[int, str]) -> StockReservation:
    return StockReservation(
        order_id=held.order_id,
        channel=held.channel,
        location=places[held.location_id],
        state=held.state,
        units=held.units,
    )


def _change(change: Change, places: Mapping[int, str]) -> StockChangeRow:
    return StockChangeRow(
        id=change.id,
        at=change.at,
        location=places[change.location_id],
        before=change.before,
        after=change.after,
        cause=change.cause,
        reference=change.reference,
        by=change.by,
    )


def _unknown_location(name: str, known: Iterable[str]) -> InvalidRequest:
    close = nearest(name, list(known))
    return InvalidRequest(
        "unknown_location",
        "There is no location of that name.",
        f"Did you mean {close}?" if close else "`channelctl location list` shows those that there are.",
        [Problem(key="location", message="is not known", nearest=close)],
    )
