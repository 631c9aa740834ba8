"""From rows to structs: a struct's fields are named as the columns are."""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import Connection, Executable, Table, insert

__all__ = ["add_row", "all_as", "first_as"]

S = TypeVar("S")


def first_as(connection: Connection, kind: type[S], query: Executable) -> S | None:
    """The first row as a struct; None when there is none."""
    return next(iter(all_as(connection, kind, query)), None)


def all_as(connection: Connection, kind: type[S], query: Executable) -> list[S]:
    """All rows as structs, in their order."""
    result = connection.execute(query)
    names = tuple(result.keys())
    return [kind(**dict(zip(names, row, strict=True))) for row in result]


def add_row(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert one row; its new `id`."""
    return connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
