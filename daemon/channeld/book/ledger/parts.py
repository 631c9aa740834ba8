"""Several cancellations of units of one line: which of them a smaller number of units at Amazon proves (C2).

Amazon shows how many units are left, and not whose cancellation took the others off. So every unit that is
gone proves one cancelled unit only, and what Amazon was not told of is proved by none.
"""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection

from channeld.domain.ledger.effects import Cancel
from channeld.domain.ledger.states import OPEN, State
from channeld.store import ledger
from channeld.store.ledger_records import WorkRecord

__all__ = ["shown_without"]


def shown_without(connection: Connection, record: WorkRecord, effect: Cancel) -> Mapping[str, int]:
    """Units of each line that Amazon would show if this cancellation, and none but it, did not happen.

    Empty while Amazon has not been told of it: then no number of units speaks for it.
    """
    if not _is_told(record):
        return {}
    units = Counter({part.order_item_id: part.quantity for part in effect.shown})
    for other in ledger.of_order(connection, record.order_pk):
        if isinstance(other.effect, Cancel) and _takes_off(other, record, effect):
            units.subtract({part.order_item_id: part.quantity for part in other.effect.lines})
    return units


def _is_told(record: WorkRecord) -> bool:
    """Also what was taken once and waits for another try: its effect may come late."""
    return record.submitted_at is not None or record.state is State.UNKNOWN


def _takes_off(other: WorkRecord, record: WorkRecord, effect: Cancel) -> bool:
    """Whether units that were there when the record was asked for are gone, or will be, through the other."""
    if other.state is State.CONFIRMED:
        return other.id in effect.beside or other.id > record.id
    return other.id in effect.beside and other.state in OPEN and _is_told(other)
