"""A page around one list: filter box, table, and a description of the row below the cursor."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channeltop.model import Model
from channeltop.screens.page import Page
from channeltop.widgets.filter_box import FilterBox
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told

__all__ = ["ListPage"]

R = TypeVar("R")


class ListPage(Page, Generic[R]):
    """Subclasses say which rows, which columns, and what to tell of a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            key_display="/",
            tooltip="filter: words, or field:value such as channel:uk",
        )
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: Mapping[str, R] | None = None
        self._table = self.table()

    @abstractmethod
    def table(self) -> Table[R]:
        """The table, empty."""

    @abstractmethod
    def rows(self, model: Model) -> Mapping[str, R]:
        """The rows by key; the same mapping as long as nothing changed."""

    @abstractmethod
    def empty(self, model: Model) -> str:
        """What to say, and to do, when there are no rows."""

    @abstractmethod
    def describe(self, row: R, now: datetime) -> Content:
        """More of one row than its columns tell."""

    @property
    def selected(self) -> R | None:
        """The row below the cursor."""
        return self._table.selected

    def body(self) -> Iterable[Widget]:
        yield FilterBox()
        yield self._table
        yield Told(id="description")

    def on_mount(self) -> None:
        self._table.focus()

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        rows = self.rows(model)
        self._table.empty = self.empty(model) if model.fresh else "Waiting for the daemon."
        if rows is self._rows:
            self._table.tick(now)
        else:
            self._rows = rows
            self._table.show(rows.values(), now)
        self._describe()

    def _describe(self) -> None:
        row = self.selected
        self.query_one("#description", Told).tell(self.describe(row, self.now) if row else Content())

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        if event.table is self._table:
            self._describe()

    def on_filter_box_filtered(self, event: FilterBox.Filtered) -> None:
        self._table.filter(event.wanted)

    def on_filter_box_left(self) -> None:
        self._table.focus()

    def action_filter(self) -> None:
        self.query_one(FilterBox).open()
