"""From rows to structs: a struct's fields are named as the columns are."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Row

__all__ = ["as_struct", "as_structs"]

S = TypeVar("S")


def as_struct(kind: type[S], row: Row[Any] | None) -> S | None:
    """One row as a struct; None for none."""
    return None if row is None else kind(**row._mapping)


def as_structs(kind: type[S], rows: Iterable[Row[Any]]) -> list[S]:
    """All rows as structs, in their order."""
    return [kind(**row._mapping) for row in rows]
