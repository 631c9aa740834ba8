"""Personal data of orders: sealed, once, apart from the order, and removed on time (semantics P1).

Reading and writing need the cipher (`Store.cipher`). `secure_delete` overwrites what is removed; `checkpoint`
clears it from the write-ahead log.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.cipher import Cipher
from channeld.store.rows import all_as, given
from channeld.store.sealed import PERSONAL_DATA
from channeld.store.unit import Unit

__all__ = ["Kept", "Overdue", "Personal", "due", "get", "get_many", "kept", "purge", "put"]

_personal = tables.personal_data
_upsert = Upsert(_personal, ("order_pk", "sealed", "purge_at", "purged_at"), key=("order_pk",))
_decode = msgspec.json.Decoder(dict[str, str]).decode
_are_given = _personal.c.order_pk.in_(given("pks"))
_sealed_given = select(_personal).where(_are_given, _personal.c.sealed.is_not(None))
_kept_given = select(_personal.c.order_pk, _personal.c.purge_at, _personal.c.purged_at).where(_are_given)


class Personal(msgspec.Struct, frozen=True, kw_only=True):
    """The personal fields of one order, by their path; empty once they were removed."""

    order_pk: int
    fields: dict[str, str]
    purge_at: datetime | None = None
    """When to remove them; None while nobody knows yet."""
    purged_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Personal(order_pk={self.order_pk}, …)"


class Kept(NamedTuple):
    """Until when the personal data of an order is kept, or since when it is gone."""

    until: datetime | None
    """None when nobody knows."""
    removed: bool = False


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """An order whose personal data is past its time."""

    order_pk: int
    channel_id: int
    account_id: int
    order_id: str


def put(unit: Unit, cipher: Cipher, records: Iterable[Personal]) -> None:
    """Store or replace the personal data of orders."""
    _upsert.run(
        unit.connection,
        (
            (
                each.order_pk,
                cipher.seal(msgspec.json.encode(each.fields), _context(each.order_pk)),
                each.purge_at,
                None,
            )
            for each in records
        ),
    )


def get(connection: Connection, cipher: Cipher, order_pk: int) -> Personal | None:
    """The personal data of one order; None when none was ever stored. Raises `ChanneldError("wrong_key")`."""
    row = connection.execute(select(_personal).where(_personal.c.order_pk == order_pk)).first()
    if row is None:
        return None
    fields = _decode(cipher.open(row.sealed, _context(order_pk))) if row.sealed is not None else {}
    return Personal(order_pk=order_pk, fields=fields, purge_at=row.purge_at, purged_at=row.purged_at)


def get_many(connection: Connection, cipher: Cipher, order_pks: Collection[int]) -> dict[int, Personal]:
    """The personal data of these orders, as far as there is any. Raises `ChanneldError("wrong_key")`."""
    return {
        row.order_pk: Personal(
            order_pk=row.order_pk,
            fields=_decode(cipher.open(row.sealed, _context(row.order_pk))),
            purge_at=row.purge_at,
        )
        for row in connection.execute(_sealed_given, {"pks": tuple(order_pks)}).all()
    }


def kept(connection: Connection, order_pks: Collection[int]) -> dict[int, Kept]:
    """Until when the data of these orders is kept, or since when it is gone."""
    return {
        pk: Kept(purge_at or purged_at, purged_at is not None)
        for pk, purge_at, purged_at in connection.execute(_kept_given, {"pks": tuple(order_pks)}).all()
    }


def due(connection: Connection, now: datetime, limit: int) -> list[Overdue]:
    """Orders whose data is to be removed, the longest overdue first."""
    orders, channels = tables.orders, tables.channels
    query = (
        select(_personal.c.order_pk, orders.c.channel_id, channels.c.account_id, orders.c.order_id)
        .join_from(_personal, orders, orders.c.id == _personal.c.order_pk)
        .join(channels, channels.c.id == orders.c.channel_id)
        .where(_personal.c.purged_at.is_(None), _personal.c.purge_at <= now)
        .order_by(_personal.c.purge_at)
        .limit(limit)
    )
    return all_as(connection, Overdue, query)


def purge(unit: Unit, order_pks: Collection[int], at: datetime) -> None:
    """Remove the data of these orders for good; also notes it for orders that were stored without any."""
    _upsert.run(unit.connection, ((order_pk, None, None, at) for order_pk in order_pks))


def _context(order_pk: int) -> str:
    return PERSONAL_DATA.context(order_pk)
