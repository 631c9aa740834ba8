"""Units that left with an order are taken out of stock, once; those that come back return (by difference).

Called in the unit of work in which a parcel is processed or taken back, or in which Amazon shows units as
shipped. An order is never refused for want of stock: levels may go below zero.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger.order_history import history_of
from channeld.book.stock.placing import Place, placed
from channeld.domain.order_units import LineFacts, LocalUnits
from channeld.domain.stock.shelves import gone_of, moved, on_shelf
from channeld.store import kits, stale_stock, stock
from channeld.store.stock import Change, Leaving
from channeld.store.unit import Unit

__all__ = ["settle_units"]


def settle_units(
    unit: Unit,
    order_pks: Collection[int],
    now: datetime,
    by: str = "channeld",
    *,
    reduced: Collection[int] = (),
) -> None:
    """Take out of stock what has left of these orders since the last time, and bring back what came back.

    `reduced`: orders whose units left the seller's own stock until now, whatever they look like today. What
    left before the seller's count began, or from where nothing is counted (`placing.py`), is only marked. No
    more comes back than the log shows as taken for the order.
    """
    lines = stock.lines(unit.connection, order_pks)
    local = _local_units(unit.connection, lines)
    gone = {line.id: gone_of(_facts(line), local[line.order_pk]) for line in lines}
    moves = [line for line in lines if gone[line.id] != line.taken]
    wanted = _wanted(unit.connection, moves, gone, reduced)
    stock.put(unit, _changes(unit.connection, wanted, now, by))
    stock.mark_taken(unit, ((line.id, gone[line.id]) for line in moves))
    stale_stock.mark_lines(unit, order_pks, now)


def _local_units(connection: Connection, lines: Sequence[Leaving]) -> Mapping[int, LocalUnits]:
    return {pk: each.local_units for pk, each in history_of(connection, {x.order_pk for x in lines}).items()}


def _facts(line: Leaving) -> LineFacts:
    return msgspec.convert(line, LineFacts, from_attributes=True)


def _wanted(
    connection: Connection, moves: Sequence[Leaving], gone: Mapping[int, int], reduced: Collection[int]
) -> dict[Place, int]:
    """Units to be taken, below zero to be brought back, of what lies on shelves."""
    linked = [(line, line.item_id, gone[line.id] - line.taken) for line in moves if line.item_id is not None]
    made_of = kits.made_of(connection, {item_id for _, item_id, _ in linked})
    wanted: dict[Place, int] = defaultdict(int)
    for line, item_id, units in linked:
        if units < 0 or line.reduces_stock or line.order_pk in reduced:
            for part, needed in on_shelf(item_id, made_of).items():
                wanted[line.order_id, part, line.location_id] += units * needed
    return wanted


def _changes(connection: Connection, wanted: Mapping[Place, int], now: datetime, by: str) -> list[Change]:
    """Each of an order, an item and a location, where there is a level."""
    found = stock.levels(connection, {item for _, item, _ in wanted})
    levels = {(each.item_id, each.location_id): each.physical for each in found}
    back = {order for (order, _, _), units in wanted.items() if units < 0}
    taken = stock.taken_for(connection, back) if back else {}
    made: list[Change] = []
    for (order, item, location), units in placed(connection, wanted, levels, taken).items():
        before = levels.get((item, location))
        less = max(units, -max(0, taken.get((order, item, location), 0)))
        if before is None or not less:
            continue
        after = levels[item, location] = moved(before, -less)
        made.append(
            Change(
                at=now,
                item_id=item,
                location_id=location,
                before=before,
                after=after,
                cause="order",
                reference=order,
                by=by,
            )
        )
    return made
