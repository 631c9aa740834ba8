"""Units that orders reserve: of open and parked ones what has neither left nor been cancelled.

Units that Amazon is to cancel stay reserved until it shows them as cancelled: it may refuse to.

They are computed whenever somebody asks, so that linking, unlinking and changing kits need do nothing about
them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger.order_history import history_of
from channeld.domain.order_units import LineFacts, LocalUnits, left_of
from channeld.domain.stock.shelves import HIGHEST_LEVEL, contents
from channeld.store import kits, stock_queries
from channeld.store.stock_queries import Reserving

__all__ = ["Place", "Reservation", "reservations", "reserved"]

Place = tuple[int, int]
"""Item and location."""
AT_ONCE = 500
"""Orders whose history is read with one question."""


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """What one order reserves of one item."""

    item_id: int
    location_id: int
    order_id: str
    channel: str
    state: str
    units: int


def reserved(found: Iterable[Reservation]) -> Counter[Place]:
    """Units by item and location."""
    counted: Counter[Place] = Counter()
    for each in found:
        place = each.item_id, each.location_id
        counted[place] = min(HIGHEST_LEVEL, counted[place] + each.units)
    return counted


def reservations(connection: Connection, item_ids: Collection[int]) -> list[Reservation]:
    """Of these items, also as parts of kits; the oldest order first."""
    wanted = set(item_ids)
    above = kits.kits_above(connection, wanted)
    made_of = kits.made_of(connection, above)
    lines = stock_queries.reserving(connection, above)
    pieces = {item_id: contents(item_id, made_of) for item_id in {line.item_id for line in lines}}
    orders: dict[int, Reserving] = {}
    units: dict[int, Counter[int]] = defaultdict(Counter)
    local = _local_units(connection, list({line.order_pk for line in lines}))
    for line in lines:
        facts = msgspec.convert(line, LineFacts, from_attributes=True)
        left = left_of(facts, local[line.order_pk])
        orders[line.order_pk] = line
        for part in pieces[line.item_id].keys() & wanted:
            units[line.order_pk][part] += left * pieces[line.item_id][part]
    return [
        _reservation(orders[pk], part, count)
        for pk, parts in units.items()
        for part, count in parts.items()
        if count
    ]


def _local_units(connection: Connection, order_pks: Sequence[int]) -> dict[int, LocalUnits]:
    found: dict[int, LocalUnits] = {}
    for start in range(0, len(order_pks), AT_ONCE):
        histories = history_of(connection, order_pks[start : start + AT_ONCE])
        found |= {pk: history.settled_units for pk, history in histories.items()}
    return found


def _reservation(order: Reserving, item_id: int, units: int) -> Reservation:
    return Reservation(
        item_id=item_id,
        location_id=order.location_id,
        order_id=order.order_id,
        channel=order.channel,
        state=order.state,
        units=min(HIGHEST_LEVEL, units),
    )
