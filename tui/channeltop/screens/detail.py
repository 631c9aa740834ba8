"""A page about one thing: asks for it when it opens and whenever its row changes, and shows it in parts."""

from abc import abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channeltop.asked import Asked
from channeltop.model import Model
from channeltop.screens.page import Page

__all__ = ["Detail", "section"]


def section(title: str, widget: Widget) -> Sequence[Widget]:
    """A part with its title."""
    return Static(title, classes="section"), widget


class Detail(Page):
    """Subclasses say what is asked for, when it is another one, and what is shown of the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "close", "Back", key_display="esc", tooltip="back to the list")
    ]

    def __init__(self) -> None:
        super().__init__()
        self._mark: Hashable = None
        """Of what was asked for last."""
        self._reply: Reply | None = None

    @abstractmethod
    def request(self) -> Request:
        """What to ask."""

    @abstractmethod
    def mark(self, model: Model) -> Hashable:
        """Changes when what is shown is old; never None."""

    @abstractmethod
    def heading(self, reply: Reply) -> Content:
        """The first lines."""

    @abstractmethod
    def parts(self, reply: Reply) -> Iterable[Widget]:
        """What stands below."""

    def unread(self) -> str:
        """What to say when there is no answer."""
        return "It could not be read. Escape goes back."

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="detail"):
            yield Static("Reading …", id="heading")
            yield Vertical(id="parts")

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        mark = self.mark(model)
        if model.fresh and mark != self._mark:
            self._mark = mark
            self.ask()

    def ask(self) -> None:
        """Ask for what is shown."""
        self.post_message(Asked(self.request(), self._came))

    def _came(self, reply: Reply | None) -> None:
        if not self.is_attached:
            return
        if reply is None:
            self._reply = None
            self.query_one("#heading", Static).update(self.unread())
            return
        if reply == self._reply:
            return
        self._reply = reply
        self.query_one("#heading", Static).update(self.heading(reply))
        self.replace("#parts", self.parts(reply))

    def replace(self, where: str, widgets: Iterable[Widget]) -> None:
        """Show these widgets in that place, instead of those that are there."""
        if self.is_attached:
            self.run_worker(self._mount(where, list(widgets)), group=where, exclusive=True)

    async def _mount(self, where: str, widgets: Sequence[Widget]) -> None:
        place = self.query_one(where)
        await place.remove_children()
        await place.mount_all(widgets)

    def action_close(self) -> None:
        self.dismiss()
