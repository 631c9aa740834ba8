"""How items stand: physical, reserved and available at each location; of kits, how many can be built."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import Connection

from channeld.book.stock.reserving import Place, Reservation, reservations, reserved
from channeld.domain.stock.shelves import MadeOf, buildable, on_shelf
from channeld.store import kits, stock

__all__ = ["Standing", "standing_of"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One item at one location."""

    location_id: int
    kit: bool
    physical: int | None
    """None: nobody has counted it there, or it is a kit."""
    reserved: int
    available: int | None
    """Of a kit: how many can be built. None: not known, as it is, or a part of it, is not counted there."""


def standing_of(
    connection: Connection, item_ids: Collection[int]
) -> tuple[dict[int, list[Standing]], list[Reservation]]:
    """Of each item, at the locations where it is counted or reserved; and what reserves units of them."""
    made_of = kits.made_of(connection, item_ids)
    shelves = {item_id: on_shelf(item_id, made_of) for item_id in item_ids}
    counted = {part for parts in shelves.values() for part in parts}
    physical = {(each.item_id, each.location_id): each.physical for each in stock.levels(connection, counted)}
    found = reservations(connection, {*item_ids, *counted})
    held = reserved(found)
    places = _places(shelves, physical, held)
    standing = {
        item_id: [
            _standing(item_id, location_id, shelves[item_id], made_of, physical, held)
            for location_id in sorted(places[item_id])
        ]
        for item_id in item_ids
    }
    wanted = set(item_ids)
    return standing, [each for each in found if each.item_id in wanted]


def _places(
    shelves: Mapping[int, Counter[int]], physical: Mapping[Place, int], held: Mapping[Place, int]
) -> dict[int, set[int]]:
    at: dict[int, set[int]] = defaultdict(set)
    for item_id, location_id in (*physical, *held):
        at[item_id].add(location_id)
    return {item_id: at[item_id].union(*(at[part] for part in parts)) for item_id, parts in shelves.items()}


def _standing(
    item_id: int,
    location_id: int,
    parts: Counter[int],
    made_of: MadeOf[int],
    physical: Mapping[Place, int],
    held: Mapping[Place, int],
) -> Standing:
    is_kit = item_id in made_of
    free = {
        part: physical[part, location_id] - held.get((part, location_id), 0)
        for part in parts
        if (part, location_id) in physical
    }
    if len(free) < len(parts):
        available = None
    elif is_kit:
        available = buildable((free[part], needed) for part, needed in parts.items())
    else:
        available = free[item_id]
    return Standing(
        location_id=location_id,
        kit=is_kit,
        physical=None if is_kit else physical.get((item_id, location_id)),
        reserved=held.get((item_id, location_id), 0),
        available=available,
    )
