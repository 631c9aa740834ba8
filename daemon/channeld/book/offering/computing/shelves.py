"""What can be sold of many items from any choice of locations, with what is read of them once."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from channeld.book.stock.reserving import reservations, reserved
from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available, LocationStock, available
from channeld.domain.stock.shelves import on_shelf
from channeld.store import items, kits, locations, stock

__all__ = ["Shelves"]


class Shelves:
    """Levels and reservations of these items, and of all that they are made of."""

    def __init__(self, connection: Connection, item_ids: Collection[int]) -> None:
        made_of = kits.made_of(connection, item_ids)
        parts = {
            part for item in item_ids for part in (on_shelf(item, made_of) if item in made_of else (item,))
        }
        self.skus = items.skus(connection, {*item_ids, *parts, *made_of})
        """Of the items, and of what they are made of."""
        self._made_of = _by_sku(made_of, self.skus)
        self._stock = _stock(connection, parts, self.skus)
        self._known: dict[tuple[int, frozenset[str]], Available | Abstention] = {}

    def available(self, item_id: int, mapped: frozenset[str]) -> Available | Abstention:
        """What can be sold of it from the locations of these names, or why that is not known."""
        key = item_id, mapped
        found = self._known.get(key)
        if found is None:
            sku = self.skus[item_id]
            found = available(sku, mapped=mapped, stock=self._stock, made_of=self._made_of)
            self._known[key] = found
        return found


def _by_sku(made_of: Mapping[int, Mapping[int, int]], skus: Mapping[int, str]) -> dict[str, dict[str, int]]:
    return {
        skus[kit]: {skus[part]: units for part, units in parts.items()}
        for kit, parts in made_of.items()
        if all(part in skus for part in parts)
    }


def _stock(
    connection: Connection, item_ids: Collection[int], skus: Mapping[int, str]
) -> dict[str, list[LocationStock]]:
    """By SKU, wherever it is counted or reserved."""
    names = locations.labels(connection)
    physical = {
        (each.item_id, each.location_id): each.physical for each in stock.levels(connection, item_ids)
    }
    held = reserved(reservations(connection, item_ids))
    found: dict[str, list[LocationStock]] = defaultdict(list)
    for item_id, location_id in physical.keys() | held.keys():
        there = LocationStock(
            location=names[location_id],
            physical=physical.get((item_id, location_id)),
            reserved=held[item_id, location_id],
        )
        found[skus[item_id]].append(there)
    return found
