"""From rows to structs: a struct's fields are named as the columns are."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Select, Table, bindparam, func, insert, select

from channeld.store.columns import Words

__all__ = ["add_row", "all_as", "first_as", "given"]

S = TypeVar("S")


def first_as(
    connection: Connection, kind: type[S], query: Executable, parameters: Mapping[str, object] | None = None
) -> S | None:
    """The first row as a struct; None when there is none."""
    return next(iter(all_as(connection, kind, query, parameters)), None)


def all_as(
    connection: Connection, kind: type[S], query: Executable, parameters: Mapping[str, object] | None = None
) -> list[S]:
    """All rows as structs, in their order."""
    result = connection.execute(query, parameters)
    names = tuple(result.keys())
    return [kind(**dict(zip(names, row, strict=True))) for row in result.all()]


def add_row(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert one row; its new `id`."""
    return connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()


def given(name: str) -> Select[Any]:
    """Texts or ids that a statement is given as a tuple, for the right side of an `in_`.

    They travel as one parameter, so a statement with it is made and compiled once, however many there are.
    """
    return select(func.json_each(bindparam(name, type_=Words)).table_valued("value").c.value)
