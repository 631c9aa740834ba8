"""Several cancellations of units of one line: which of them a smaller number of units at Amazon proves (C2).

Amazon shows how many units are left, and not whose cancellation took the others off. So every unit that is
gone proves one cancelled unit only, the oldest that it can prove, and what Amazon was not told of is proved
by none.
"""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection

from channeld.domain.ledger.doubt import MAY_HAVE_HAPPENED
from channeld.domain.ledger.effects import Cancel
from channeld.domain.ledger.states import State
from channeld.domain.order import Units
from channeld.store import ledger
from channeld.store.ledger_records import WorkRecord

__all__ = ["seen_parts", "shown_without"]


def shown_without(connection: Connection, record: WorkRecord, effect: Cancel) -> Mapping[str, int]:
    """Units of each line that Amazon would show if this cancellation, and none but it, did not happen.

    Empty while Amazon has not been told of it: then no number of units speaks for it.
    """
    if not _is_told(record):
        return {}
    units = Counter({part.order_item_id: part.quantity for part in effect.shown})
    for other in ledger.of_order(connection, record.order_pk):
        if other.id in effect.beside or other.id > record.id:
            units.subtract({part.order_item_id: part.quantity for part in seen_parts(other)})
    return units


def seen_parts(record: WorkRecord) -> list[Units]:
    """Units of a cancellation that Amazon has shown as gone: they prove no other."""
    effect = record.effect
    if not isinstance(effect, Cancel):
        return []
    is_done = record.state is State.CONFIRMED
    return [part for part in effect.lines if is_done or part.order_item_id in effect.seen]


def _is_told(record: WorkRecord) -> bool:
    """Also what was taken once and waits for another try: its effect may come yet.

    Not what was refused, unless it had been taken before.
    """
    is_refused = record.state is State.NEEDS_ATTENTION and record.reason_code not in MAY_HAVE_HAPPENED
    if is_refused and not record.in_doubt:
        return False
    return record.submitted_at is not None or record.state is State.UNKNOWN
