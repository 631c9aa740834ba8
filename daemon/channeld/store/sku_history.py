"""What happened to each seller SKU, in a table of its own for each concern; kept for 90 days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, select

from channeld.store.batch import Append
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["SkuHistory"]

KEPT = timedelta(days=90)
Entry = TypeVar("Entry", bound=msgspec.Struct)


class SkuHistory(Generic[Entry]):
    """Entries of one table, each an `Entry` with the table's columns; `owner` is the column beside `sku`."""

    def __init__(self, table: Table, entry: type[Entry], owner: str) -> None:
        self._table, self._entry = table, entry
        self._append = Append(table, [column.name for column in table.c if column.name != "id"])
        self._of_sku = (
            select(table)
            .where(table.c[owner] == bindparam("owner"), table.c.sku == bindparam("sku"))
            .order_by(table.c.id.desc())
            .limit(bindparam("limit"))
        )

    def add(self, unit: Unit, happened: Sequence[Entry]) -> None:
        """Write down what happened, in that order."""
        columns = self._append.columns
        self._append.run(unit.connection, ([getattr(each, name) for name in columns] for each in happened))

    def of_sku(self, connection: Connection, owner_id: int, sku: str, limit: int) -> list[Entry]:
        """The newest first."""
        named = {"owner": owner_id, "sku": sku, "limit": limit}
        return all_as(connection, self._entry, self._of_sku, named)

    def forget(self, unit: Unit, now: datetime, limit: int) -> int:
        """Remove so many entries that are older than 90 days; how many there were."""
        table = self._table
        old = select(table.c.id).where(table.c.at < now - KEPT).order_by(table.c.at).limit(limit)
        return unit.connection.execute(delete(table).where(table.c.id.in_(old))).rowcount
