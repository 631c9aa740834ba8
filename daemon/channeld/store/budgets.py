"""Token buckets with rates under one a minute: saved before each send (design: budgets)."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["Budget", "of_account", "save"]

_budgets = tables.budgets
_columns = [column.name for column in _budgets.c]
_insert = insert(_budgets).values({name: bindparam(name) for name in _columns})
_save = _insert.on_conflict_do_update(
    index_elements=["account_id", "operation"], set_={name: _insert.excluded[name] for name in _columns}
)


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """One bucket as it was at an instant. Rates are tokens a second."""

    account_id: int
    operation: str
    tokens: float
    rate: float
    burst: float
    at: datetime


def save(unit: Unit, budget: Budget) -> None:
    """Store how the bucket stands."""
    unit.connection.execute(_save, msgspec.structs.asdict(budget))


def of_account(connection: Connection, account_id: int) -> list[Budget]:
    """All saved buckets of an account."""
    query = select(_budgets).where(_budgets.c.account_id == account_id).order_by(_budgets.c.operation)
    return all_as(connection, Budget, query)
