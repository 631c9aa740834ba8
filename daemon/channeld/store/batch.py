"""Many rows with one statement, past SQLAlchemy's per-row work: the hot paths' way to write.

The statement is compiled once from the declared table; values go through the column types' `to_disk` and
reach the driver's `executemany` as tuples.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam
from sqlalchemy.dialects.sqlite import Insert, dialect, insert

from channeld.store.columns import Converted

__all__ = ["Append", "Upsert"]

_DIALECT = dialect(paramstyle="qmark")


class Append:
    """INSERT rows into a table, given as values in the order of `columns`."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self._sql = str(self._statement(table).compile(dialect=_DIALECT))
        types = [table.c[name].type for name in self.columns]
        self._converters = [
            (position, kind.to_disk) for position, kind in enumerate(types) if isinstance(kind, Converted)
        ]

    def run(self, connection: Connection, rows: Iterable[Sequence[object]]) -> None:
        """Write all rows; none is fine."""
        converted = [self._convert(row) for row in rows] if self._converters else [*map(tuple, rows)]
        if converted:
            connection.exec_driver_sql(self._sql, converted)

    def _statement(self, table: Table) -> Insert:
        return insert(table).values({name: bindparam(name) for name in self.columns})

    def _convert(self, row: Sequence[object]) -> tuple[object, ...]:
        values = list(row)
        for position, convert in self._converters:
            if values[position] is not None:
                values[position] = convert(values[position])
        return tuple(values)


class Upsert(Append):
    """INSERT rows; where the key is taken, set the other columns instead.

    Columns in `keep` stay as they were; `computed` gives the new value of a column from the row that was to
    be inserted (`excluded`).
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        key: Sequence[str],
        keep: Sequence[str] = (),
        computed: Mapping[str, Callable[[Any], ColumnElement[Any]]] | None = None,
    ) -> None:
        self._key = key
        self._keep = keep
        self._computed = computed or {}
        super().__init__(table, columns)

    def _statement(self, table: Table) -> Insert:
        statement = super()._statement(table)
        excluded = statement.excluded
        changes: dict[str, Any] = {
            name: excluded[name] for name in self.columns if name not in (*self._key, *self._keep)
        }
        changes |= {name: make(excluded) for name, make in self._computed.items()}
        return statement.on_conflict_do_update(index_elements=list(self._key), set_=changes)
