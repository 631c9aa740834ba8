"""Turns rows into lines of styled text; knows nothing of scrolling or keys."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from channeltop.format import cell
from channeltop.tone import Tone
from channeltop.widgets.columns import GAP, Column

__all__ = ["Painter"]

R = TypeVar("R")
Styles = Callable[[str], Style]


class Painter(Generic[R]):
    """Paints for one set of columns, as wide as `fitting` found them."""

    def __init__(self, layout: Sequence[tuple[Column[R], int]], room: int, styles: Styles) -> None:
        self.layout = layout
        self.room = room
        self._styles = styles

    def heading(self, sorted_by: str, *, reverse: bool) -> Strip:
        """The line of headings, with an arrow at the sorted column."""
        style = self._styles("heading")
        arrow = "↓" if reverse else "↑"
        texts = (
            cell(f"{column.heading}{arrow if column.name == sorted_by else ''}", width, right=column.right)
            for column, width in self.layout
        )
        return self._line([Segment(text, style) for text in texts], style)

    def row(self, row: R, now: datetime, base: Style, *, repeats: bool) -> Strip:
        """One row; when it `repeats` the group above it, the group's values are left blank."""
        segments: list[Segment] = []
        for column, width in self.layout:
            text = "" if repeats and column.grouped else column.text(row, now)
            style = self._toned(base, column.tone(row, now))
            segments.append(Segment(cell(text, width, right=column.right), style))
        return self._line(segments, base)

    def note(self, text: str) -> Strip:
        """A line of muted words in place of a row, or a blank one."""
        style = self._toned(self._styles("row"), "muted")
        return Strip([Segment(cell(text, self.room), style)], self.room)

    def column_at(self, x: int) -> Column[R] | None:
        """The column below a mouse pointer `x` cells from the left."""
        right = 0
        for column, width in self.layout:
            right += width + GAP
            if x < right:
                return column
        return None

    def _toned(self, base: Style, tone: Tone) -> Style:
        return base + self._styles(tone) if tone else base

    def _line(self, cells: Sequence[Segment], base: Style) -> Strip:
        gap = Segment(" " * GAP, base)
        segments = [part for each in cells for part in (each, gap)][:-1]
        return Strip(segments).adjust_cell_length(self.room, base)
