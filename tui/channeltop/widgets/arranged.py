"""The rows of a table as they are shown: filtered, sorted, and found again after a change. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from channeltop.filter import Filter

__all__ = ["arranged", "changed_lines", "position"]

R = TypeVar("R")


def arranged(
    rows: Iterable[R],
    filter_: Filter,
    text: Callable[[R], str],
    order: Callable[[R], str | float] | None,
    *,
    reverse: bool,
) -> list[R]:
    """The rows that the filter keeps, in order; equal ones stay as they came."""
    kept = [row for row in rows if filter_.keeps(row, lambda row=row: text(row))] if filter_ else list(rows)
    if order is not None:
        kept.sort(key=order, reverse=reverse)
    return kept


def position(rows: Sequence[R], key: str, key_of: Callable[[R], str], near: int) -> int | None:
    """Where the row with that key is now; looked for first where it was."""
    if near < len(rows) and key_of(rows[near]) == key:
        return near
    return next((index for index, row in enumerate(rows) if key_of(row) == key), None)


def changed_lines(before: Sequence[R], after: Sequence[R], first: int, count: int) -> list[int]:
    """Which of `count` visible lines, counted from row `first`, show another row than before."""
    return [line for line in range(count) if _at(before, first + line) is not _at(after, first + line)]


def _at(rows: Sequence[R], index: int) -> R | None:
    return rows[index] if 0 <= index < len(rows) else None
