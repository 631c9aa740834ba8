"""One order on its way into the book: what is decided about it, and whether that is news."""

from datetime import timedelta

import msgspec

from channeld.book import personal_data
from channeld.book.desk import ChannelDesk, Desk
from channeld.book.records import as_stored, merged
from channeld.domain.booked import Booking, Stored
from channeld.domain.booking import book
from channeld.domain.order import IncomingOrder
from channeld.domain.order_state import Merge
from channeld.store.order_records import OrderRecord
from channeld.store.personal import Kept
from channeld.store.unit import Unit

__all__ = ["Arrival", "arrive", "fingerprint"]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """An order that changes something."""

    incoming: IncomingOrder
    stored: OrderRecord | None
    booking: Booking
    record: OrderRecord


def arrive(
    unit: Unit,
    desk: Desk,
    incoming: IncomingOrder,
    channel: ChannelDesk,
    stored: OrderRecord | None,
    kept: Kept | None,
) -> Arrival | None:
    """Decide about an order that is not stored just as it came; None when it fills no blank either."""
    before = _before(desk, incoming, stored, kept)
    booking = book(incoming, before, channel.rules, desk.now, for_a_person=desk.recovering)
    record = merged(incoming, stored, booking, desk, channel)
    if stored is not None and booking.merge is Merge.FILL:
        fills = personal_data.fills(unit, desk, stored.id, incoming.personal, booking)
        if record == stored and not fills:
            return None
    else:
        record = msgspec.structs.replace(record, fingerprint=fingerprint(desk, incoming))
    return Arrival(incoming=incoming, stored=stored, booking=booking, record=record)


def _before(
    desk: Desk, incoming: IncomingOrder, stored: OrderRecord | None, kept: Kept | None
) -> Stored | None:
    """What is stored; a person's recovery applies the same view again, so what is stored counts as older."""
    if stored is None:
        return None
    before = as_stored(stored, kept)
    if desk.recovering and before.updated_at == incoming.updated_at:
        return msgspec.structs.replace(before, updated_at=before.updated_at - timedelta(microseconds=1))
    return before


def fingerprint(desk: Desk, incoming: IncomingOrder) -> bytes:
    """Tells two views of an order apart; keyed, so that nothing personal can be guessed from it."""
    personal = msgspec.json.encode(sorted(incoming.personal.items()))
    return desk.cipher.digest(incoming.payload + b"\0" + personal)
