"""Items on the wire."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from channel_protocol.items import Component, ItemList, ItemRow, ItemShown, LinkedListing
from channeld.commands.items import find_item
from channeld.control.rows.audit import audit_row
from channeld.store import audit, items, linked_listings
from channeld.store.items import ItemRecord
from channeld.store.names import names

__all__ = ["item_page", "item_shown"]

PAGE_BYTES = 2 << 20
"""A page that grows larger ends: some items have long descriptions."""
MOST_ROWS = 500
SHOWN = 200
"""Listings, kits and entries of the audit trail that an item is shown with, each at most."""


def item_page(connection: Connection, find: str, after: str, limit: int) -> ItemList:
    """Items by SKU, as many as a message should carry."""
    found = items.page(connection, find, after, min(limit, MOST_ROWS) + 1)
    rows: list[ItemRow] = []
    size = 0
    for row in _rows(connection, found[: min(limit, MOST_ROWS)]):
        rows.append(row)
        size += len(msgspec.json.encode(row))
        if size > PAGE_BYTES:
            break
    return ItemList(rows=tuple(rows), more=len(rows) < len(found))


def item_shown(connection: Connection, sku: str) -> ItemShown:
    """One item with what it is linked to. Raises `InvalidRequest("unknown_item")`."""
    record = find_item(connection, sku)
    known = names(connection)
    return ItemShown(
        row=_rows(connection, [record])[0],
        listings=tuple(
            LinkedListing(**msgspec.structs.asdict(each))
            for each in linked_listings.of_item(connection, record.id, SHOWN)
        ),
        kits=tuple(items.kits_of(connection, record.id, SHOWN)),
        audit=tuple(audit_row(entry, known) for entry in audit.entries(connection, SHOWN, sku=sku)),
    )


def _rows(connection: Connection, records: Sequence[ItemRecord]) -> list[ItemRow]:
    listed = linked_listings.counts(connection, [record.id for record in records])
    return [_row(record, listed.get(record.id, 0)) for record in records]


def _row(record: ItemRecord, listings: int) -> ItemRow:
    item = record.item
    return ItemRow(
        version=record.version,
        sku=item.sku,
        title=item.title,
        barcodes=item.barcodes,
        properties=dict(item.properties),
        components=tuple(Component(sku=part.sku, quantity=part.quantity) for part in item.components),
        listings=listings,
        created_at=record.created_at,
        changed_at=record.changed_at,
    )
