"""What was done with an order here, whether or not Amazon is told: parcels that left, units that will not."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from channeld.domain.order import Units
from channeld.store import stale_stock, tables
from channeld.store.rows import add_row, all_as
from channeld.store.unit import Unit

__all__ = [
    "Parcel",
    "Withdrawal",
    "add_parcel",
    "add_withdrawal",
    "parcels",
    "withdrawals",
]


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """Units that have left in one parcel."""

    order_pk: int
    work_id: int | None = None
    """The note to Amazon; None when there is none."""
    lines: tuple[Units, ...]
    shipped_at: datetime
    carrier: str = ""
    service: str = ""
    tracking: str = ""
    by: str
    id: int = 0


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """Units that will not be sent."""

    order_pk: int
    work_id: int | None = None
    """The cancellation that Amazon is told; None for one that stays here."""
    lines: tuple[Units, ...]
    reason: str
    at: datetime
    by: str
    gone: tuple[Units, ...] = ()
    """Units of these lines that Amazon showed as cancelled already, by whomever."""
    id: int = 0


def add_parcel(unit: Unit, parcel: Parcel) -> Parcel:
    values = msgspec.structs.asdict(parcel) | {"lines": parcel.lines}
    del values["id"]
    return msgspec.structs.replace(parcel, id=add_row(unit.connection, tables.parcels, values))


def add_withdrawal(unit: Unit, withdrawal: Withdrawal) -> Withdrawal:
    values = msgspec.structs.asdict(withdrawal)
    del values["id"]
    stale_stock.mark_lines(unit, [withdrawal.order_pk], withdrawal.at)
    return msgspec.structs.replace(withdrawal, id=add_row(unit.connection, tables.withdrawals, values))


def parcels(connection: Connection, order_pks: Collection[int]) -> list[Parcel]:
    """Of these orders, the oldest first."""
    table = tables.parcels
    query = select(table).where(table.c.order_pk.in_(order_pks)).order_by(table.c.id)
    return all_as(connection, Parcel, query)


def withdrawals(connection: Connection, order_pks: Collection[int]) -> list[Withdrawal]:
    """Of these orders, the oldest first."""
    table = tables.withdrawals
    query = select(table).where(table.c.order_pk.in_(order_pks)).order_by(table.c.id)
    return all_as(connection, Withdrawal, query)
