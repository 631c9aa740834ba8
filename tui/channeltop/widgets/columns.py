"""Columns as data, and which of them fit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from channeltop.tone import Tone

__all__ = ["GAP", "Column", "fitting"]

R = TypeVar("R")
GAP = 2
"""Blank cells between columns."""


def _plain(row: object, now: datetime) -> Tone:
    return ""


class Column(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """How one value of a row is shown. Functions get the row and the present instant."""

    name: str
    heading: str
    width: int
    """Cells it needs at least."""
    text: Callable[[R, datetime], str]
    tone: Callable[[R, datetime], Tone] = _plain
    order: Callable[[R], str | float] | None = None
    """What to sort by; None for a column that is not sorted by."""
    right: bool = False
    priority: int = 1
    """1 is never dropped; the greatest goes first when the room is short."""
    grow: int = 0
    """Its part of the room that is left over."""
    grouped: bool = False
    """Whether it is the same for all rows of a group, and shown only with the first of them."""
    ticking: bool = False
    """Whether the text changes as time passes."""


def fitting(columns: Sequence[Column[R]], room: int) -> list[tuple[Column[R], int]]:
    """The columns that fit into `room` cells with their widths, in their own order."""
    kept = list(columns)
    while _needed(kept) > room:
        droppable = max(kept, key=lambda column: column.priority)
        if droppable.priority == 1:
            break
        kept.remove(max((c for c in kept if c.priority == droppable.priority), key=kept.index))
    spare, parts = max(0, room - _needed(kept)), sum(column.grow for column in kept)
    widths: list[tuple[Column[R], int]] = []
    for column in kept:
        extra = spare * column.grow // parts if parts else 0
        spare, parts = spare - extra, parts - column.grow
        widths.append((column, column.width + extra))
    return widths


def _needed(columns: Sequence[Column[R]]) -> int:
    return sum(column.width for column in columns) + GAP * max(0, len(columns) - 1)
