"""The one list widget: columns as data, a cursor that stays with its row, filter and sort.

It is built on Textual's line API: only visible lines are rendered, and of those only the ones whose row
changed, so that a thousand rows with a hundred changes a second cost a few per cent of a core.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from channeltop.filter import Filter
from channeltop.widgets.arranged import arranged, changed_lines, position
from channeltop.widgets.columns import Column, fitting
from channeltop.widgets.painter import Painter

__all__ = ["Table"]

R = TypeVar("R")
NO_MATCH = "Nothing matches the filter."
MOVE = "move"
FIRST = "the first row; follows what comes in above"
EPOCH = datetime.fromtimestamp(0, UTC)


class Table(ScrollView, Generic[R], can_focus=True):
    """Shows rows of one kind. `show` is the way in; `Highlighted` and `Chosen` are the way out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{name}"
        for name in ("row", "heading", "cursor", "good", "warn", "bad", "accent", "muted", "strong")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, tooltip=MOVE, system=True),
        Binding("down,j", "move(1)", "Down", show=False, tooltip=MOVE, system=True),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip=MOVE, system=True),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip=MOVE, system=True),
        Binding("home,g", "top", "First", show=False, tooltip=FIRST, system=True),
        Binding("end,G", "bottom", "Last", show=False, tooltip="the last row", system=True),
        Binding("o", "sort", "Sort by the next column", show=False, tooltip="sort by the next column"),
        Binding("O", "reverse", "Reverse the order", show=False, tooltip="reverse the order"),
    ]

    class Highlighted(Message):
        """The cursor is on another row, or its row changed."""

        def __init__(self, table: "Table[R]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "Table[R]":
            return self.table

    class Chosen(Highlighted):
        """A double click on a row."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], str],
        text: Callable[[R], str] = str,
        group: Callable[[R], object] | None = None,
        sort: str = "",
        reverse: bool = False,
        cursor: bool = True,
        id: str | None = None,  # noqa: A002 (Textual's name for it)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = ""
        """What stands there, in one or more lines, when there are no rows."""
        self._columns = columns
        self._key = key
        self._text = text
        self._group = group
        self._sort = sort
        self._reverse = reverse
        self._has_cursor = self.can_focus = cursor
        self._filter = Filter()
        self._rows: Sequence[R] = ()
        self._shown: list[R] = []
        self._now = EPOCH
        self._cursor = 0
        self._held: str | None = None
        """The key that the cursor stays with; None follows the first line."""
        self._painter: Painter[R] = Painter((), 0, self._style)

    # --- what is shown -------------------------------------------------------------------------------

    def show(self, rows: Iterable[R], now: datetime) -> None:
        """Show these rows as they are at `now`."""
        self._rows = tuple(rows)
        self._now = now
        self._rearrange()

    def tick(self, now: datetime) -> None:
        """The same rows, later."""
        self._now = now
        if any(column.ticking for column, _ in self._painter.layout):
            self.refresh()

    def filter(self, wanted: Filter) -> None:
        """Keep only the rows that the filter keeps."""
        self._filter = wanted
        self._rearrange()

    @property
    def selected(self) -> R | None:
        """The row below the cursor."""
        return self._shown[self._cursor] if self._has_cursor and self._cursor < len(self._shown) else None

    @property
    def place(self) -> int:
        """Of the cursor, counted from 0."""
        return self._cursor

    @property
    def count(self) -> int:
        """Rows that the filter keeps."""
        return len(self._shown)

    def _rearrange(self) -> None:
        before, top, was = self._shown, self.scroll_offset.y, self.selected
        order = next((column.order for column in self._columns if column.name == self._sort), None)
        self._shown = arranged(self._rows, self._filter, self._text, order, reverse=self._reverse)
        self._follow()
        if len(before) != len(self._shown):
            self._resize()
        if self.scroll_offset.y == top and before and self._shown:
            self._refresh_lines(changed_lines(before, self._shown, top, self._visible))
        else:
            self.refresh()
        if self.selected is not was:
            self.post_message(self.Highlighted(self))

    def _follow(self) -> None:
        """Keep the cursor on its row, and that row on its line of the screen."""
        if self._held is None:
            self._cursor = 0
            return
        found = position(self._shown, self._held, self._key, self._cursor)
        if found is None:
            found = max(0, min(self._cursor, len(self._shown) - 1))
            self._held = self._key(self._shown[found]) if self._shown else None
        moved, self._cursor = found - self._cursor, found
        if moved:
            self.virtual_size = Size(self._room, len(self._shown) + 1)
            self.scroll_to(y=self.scroll_offset.y + moved, animate=False, force=True)

    # --- painting ------------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        return max(0, self.outer_size.width - self.gutter.width)

    @property
    def _visible(self) -> int:
        return max(0, self.outer_size.height - self.gutter.height - 1)

    def _resize(self) -> None:
        self.virtual_size = Size(self._room, len(self._shown) + 1)
        if self._painter.room != self._room:
            self._painter = Painter(fitting(self._columns, self._room - 1), self._room, self._style)

    def on_resize(self, event: events.Resize) -> None:
        self._resize()
        self._reveal()
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if y == 0:
            return self._painter.heading(self._sort, reverse=self._reverse)
        index = self.scroll_offset.y + y - 1
        if index < len(self._shown):
            return self._row_line(index, first=y == 1)
        note = "" if self._shown else NO_MATCH if self._rows else self.empty
        return self._painter.note("".join(note.split("\n")[y - 1 : y]))

    def _row_line(self, index: int, *, first: bool) -> Strip:
        at_cursor = self._has_cursor and index == self._cursor
        repeats = not (first or at_cursor) and self._repeats(index)
        base = self._style("cursor" if at_cursor else "row")
        return self._painter.row(self._shown[index], self._now, base, repeats=repeats)

    def _repeats(self, index: int) -> bool:
        """Whether the row belongs to the same group as the one above it."""
        group = self._group
        return group is not None and index > 0 and group(self._shown[index]) == group(self._shown[index - 1])

    def _style(self, name: str) -> Style:
        style = self.get_component_rich_style(f"table--{name}")
        if name in ("row", "heading", "cursor"):
            return style
        return Style(color=style.color, bold=style.bold)

    def _refresh_lines(self, lines: Iterable[int]) -> None:
        self.refresh(*(Region(0, line + 1, self.size.width, 1) for line in lines)) if lines else None

    # --- keys and mouse ------------------------------------------------------------------------------

    def _go(self, index: int) -> None:
        if not self._shown:
            return
        before, self._cursor = self._cursor, max(0, min(index, len(self._shown) - 1))
        self._held = self._key(self._shown[self._cursor])
        top = self.scroll_offset.y
        self._refresh_lines([line - top for line in (before, before + 1, self._cursor, self._cursor + 1)])
        self._reveal()
        if before != self._cursor:
            self.post_message(self.Highlighted(self))

    def _reveal(self) -> None:
        top, height = self.scroll_offset.y, self._visible
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def action_move(self, by: int) -> None:
        self._go(self._cursor + by)

    def action_page(self, direction: int) -> None:
        self._go(self._cursor + direction * max(1, self._visible - 1))

    def action_top(self) -> None:
        self._go(0)
        self._held = None

    def action_bottom(self) -> None:
        self._go(len(self._shown) - 1)

    def action_sort(self) -> None:
        names = [column.name for column, _ in self._painter.layout if column.order]
        if names:
            following = names.index(self._sort) + 1 if self._sort in names else 0
            self._sort_by(names[following % len(names)])

    def action_reverse(self) -> None:
        self._reverse = not self._reverse
        self._rearrange()
        self.refresh()

    def _sort_by(self, name: str) -> None:
        self._reverse = not self._reverse if name == self._sort else False
        self._sort = name
        self._rearrange()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            column = self._painter.column_at(event.x)
            if column and column.order:
                self._sort_by(column.name)
        elif self._has_cursor and self.scroll_offset.y + event.y - 1 < len(self._shown):
            self._go(self.scroll_offset.y + event.y - 1)
            if event.chain == 2:
                self.post_message(self.Chosen(self))
