"""Refund transactions of Amazon's finances: what certainly was given back, by whomever (semantics C3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, case, literal_column, select, update

from channeld.domain.ledger.effects import Component
from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["Transaction", "claim", "note", "of_order"]

_transactions = tables.transactions
_columns = tuple(column.name for column in _transactions.c if column.name != "id")
_NOT_TOLD = literal_column("''", Text)


def _known_link(shown: Any) -> ColumnElement[str]:
    """A read may lack the other half of the same money: that takes nothing back."""
    return case((shown.same_as == _NOT_TOLD, _transactions.c.same_as), else_=shown.same_as)


_upsert = Upsert(
    _transactions,
    _columns,
    key=("account_id", "transaction_id", "sku"),
    keep=("work_id", "seen_at"),
    computed={"same_as": _known_link},
)


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """Money given back for one product of an order; above zero, minor units."""

    account_id: int
    transaction_id: str
    same_as: str = ""
    """The transaction that told of the same money before, while it was held back."""
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
    """Store what a read showed; what was seen before keeps what it proves, and what it is the same as."""
    _upsert.run(unit.connection, ([getattr(each, name) for name in _columns] for each in seen))


def of_order(connection: Connection, account_id: int, order_id: str) -> list[Transaction]:
    """The oldest first. What was held back and then let go is two transactions of the same money, given once.

    Amounts that differ are not taken for the same money: what counts once too often is asked about.
    """
    where = (_transactions.c.account_id == account_id, _transactions.c.order_id == order_id)
    query = select(_transactions).where(*where).order_by(_transactions.c.posted_at, _transactions.c.id)
    moved: dict[tuple[str, str, str, int], Transaction] = {}
    for each in all_as(connection, Transaction, query):
        key = (each.same_as or each.transaction_id, each.sku, each.currency, each.minor)
        moved[key] = _as_one(moved[key], each) if key in moved else each
    return list(moved.values())


def _as_one(first: Transaction, other: Transaction) -> Transaction:
    """Whatever proves the one is proved by the other, and it was seen when either was."""
    seen_at = min(first.seen_at, other.seen_at)
    return msgspec.structs.replace(first, work_id=first.work_id or other.work_id, seen_at=seen_at)


def claim(unit: Unit, transaction_pk: int, work_id: int) -> None:
    """It is the proof of that refund, and of no other."""
    unit.connection.execute(
        update(_transactions).where(_transactions.c.id == transaction_pk).values(work_id=work_id)
    )
