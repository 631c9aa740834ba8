"""Orders that come in find their items by links, or else by the very SKU (semantics D10)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channeld.book.items.linking import link_by_sku
from channeld.store import links
from channeld.store.order_records import LineRecord, OrderRecord
from channeld.store.unit import Unit

__all__ = ["with_items"]


def with_items(
    unit: Unit, account_id: int, records: Sequence[OrderRecord], now: datetime
) -> Sequence[OrderRecord]:
    """The same, each line that is nobody's with the item that its SKU is linked to; one question for all.

    A SKU that nobody linked or unlinked yet is linked now if there is an item of it.
    """
    skus = {line.sku for record in records for line in record.lines if line.item_id is None}
    items = links.items_of(unit.connection, account_id, skus)
    if new := skus - items.keys():
        items |= link_by_sku(unit, account_id, new, now)
    if not items:
        return records
    return [
        msgspec.structs.replace(
            record, lines=tuple(_with_item(line, items.get(line.sku)) for line in record.lines)
        )
        for record in records
    ]


def _with_item(line: LineRecord, item_id: int | None) -> LineRecord:
    if line.item_id is not None or item_id is None:
        return line
    return msgspec.structs.replace(line, item_id=item_id)
