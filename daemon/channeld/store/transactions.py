"""Refund transactions of Amazon's finances: what certainly was given back, by whomever (semantics C3)."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update

from channeld.domain.ledger.effects import Component
from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["Transaction", "claim", "note", "of_order"]

_transactions = tables.transactions
_columns = tuple(column.name for column in _transactions.c if column.name != "id")
_upsert = Upsert(
    _transactions, _columns, key=("account_id", "transaction_id", "sku"), keep=("work_id", "seen_at")
)


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """Money given back for one product of an order; above zero, minor units."""

    account_id: int
    transaction_id: str
    order_id: str
    sku: str
    currency: str
    minor: int
    components: tuple[Component, ...] = ()
    """In Amazon's words of the finances, which are not those of a feed."""
    posted_at: datetime
    seen_at: datetime
    """When the finances first showed it here: what was there before a submission is no proof of that one."""
    work_id: int | None = None
    """The refund of ours that it proves; None: another program's, or Amazon's own."""
    id: int = 0


def note(unit: Unit, seen: Iterable[Transaction]) -> None:
    """Store what a read showed; what was seen before keeps the work that it proves."""
    _upsert.run(unit.connection, ([getattr(each, name) for name in _columns] for each in seen))


def of_order(connection: Connection, account_id: int, order_id: str) -> list[Transaction]:
    """The oldest first."""
    where = (_transactions.c.account_id == account_id, _transactions.c.order_id == order_id)
    query = select(_transactions).where(*where).order_by(_transactions.c.posted_at, _transactions.c.id)
    return all_as(connection, Transaction, query)


def claim(unit: Unit, transaction_pk: int, work_id: int) -> None:
    """It is the proof of that refund, and of no other."""
    unit.connection.execute(
        update(_transactions).where(_transactions.c.id == transaction_pk).values(work_id=work_id)
    )
