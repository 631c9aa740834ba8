"""The personal part of orders: kept while it may be, merged, never overwritten by nothing (P1)."""

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace
from sqlalchemy import Connection

from channeld.amazon.delivery_place import delivery_place
from channeld.book.desk import Desk
from channeld.domain.booked import Booking
from channeld.store import orders, personal
from channeld.store.cipher import Cipher
from channeld.store.personal import Personal
from channeld.store.unit import Unit

__all__ = ["fills", "store", "to_show"]


def store(unit: Unit, desk: Desk, found: Iterable[tuple[int, Mapping[str, str], Booking]]) -> None:
    """Add what came to what is there, order by order; what is past its time is removed, not stored.

    A value that Amazon no longer shows stays: it hides the phone number after delivery, for one.
    """
    found = list(found)
    before = personal.get_many(unit.connection, desk.cipher, [pk for pk, _, _ in found])
    keep: list[Personal] = []
    for pk, fields, booking in found:
        known = before.get(pk)
        if booking.keep_personal and (fields or known):
            together = {**(known.fields if known else {}), **fields}
            keep.append(Personal(order_pk=pk, fields=together, purge_at=booking.kept_until))
    personal.put(unit, desk.cipher, keep)
    personal.purge(unit, [pk for pk, _, booking in found if not booking.keep_personal], desk.now)


def fills(unit: Unit, desk: Desk, order_pk: int, fields: Mapping[str, str], booking: Booking) -> bool:
    """Whether a view that may only fill blanks brings personal fields that are not there."""
    if not booking.keep_personal or not fields:
        return False
    known = personal.get_many(unit.connection, desk.cipher, [order_pk]).get(order_pk)
    return known is None or any(path not in known.fields for path in fields)


def to_show(connection: Connection, cipher: Cipher, order_pks: Collection[int]) -> dict[int, Personal]:
    """What is kept of these orders, with town, region and country, without which an address is none."""
    kept = personal.get_many(connection, cipher, order_pks)
    there = [pk for pk, each in kept.items() if each.fields]
    places = {pk: delivery_place(raw) for pk, raw in orders.payloads(connection, there).items()}
    return {pk: replace(each, fields={**each.fields, **places.get(pk, {})}) for pk, each in kept.items()}
