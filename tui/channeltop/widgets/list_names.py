"""The names of a page's lists in one line; the one that is shown stands out, a click shows another."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

__all__ = ["ListName", "ListNames"]


class ListName(Static):
    """One list's name."""

    class Chosen(Message):
        """Show this list."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.list_name = name

    def __init__(self, name: str) -> None:
        super().__init__(id=f"list-{name}")
        self._list_name = name

    def on_click(self) -> None:
        self.post_message(self.Chosen(self._list_name))


class ListNames(Horizontal):
    """Shows what it is told; a click comes up as `ListName.Chosen`."""

    def __init__(self, titles: Mapping[str, Content], here: str) -> None:
        super().__init__()
        self._titles = titles
        self._here = here

    def compose(self) -> ComposeResult:
        yield from map(ListName, self._titles)

    def on_mount(self) -> None:
        self.show(self._titles, self._here)

    def show(self, titles: Mapping[str, Content], here: str) -> None:
        """Write these titles; the list `here` is shown."""
        for name, title in titles.items():
            label = self.query_one(f"#list-{name}", ListName)
            label.update(title)
            label.set_class(name == here, "-here")
