"""The filter box: hidden until it is wanted, and visible as long as it filters."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from channeltop.filter import Filter, parsed

__all__ = ["FilterBox"]


PLACEHOLDER = "filter: words, or channel:…  order:…  state:…"


class FilterBox(Input):
    """Typing filters at once; Enter goes back to the list, Escape also clears."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear the filter", tooltip="in the filter: clear it"),
        Binding("down", "leave", "To the list", show=False, tooltip="in the filter: back to the list"),
    ]

    class Filtered(Message):
        """Another filter is wanted."""

        def __init__(self, wanted: Filter) -> None:
            super().__init__()
            self.wanted = wanted

    class Left(Message):
        """The keyboard should go back to the list."""

    def __init__(self) -> None:
        super().__init__(placeholder=PLACEHOLDER, compact=True)
        self.display = False

    def open(self) -> None:
        """Show the box and type into it."""
        self.display = True
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Filtered(parsed(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()

    def on_blur(self, event: events.Blur) -> None:
        self.display = bool(self.value)

    def action_clear(self) -> None:
        self.value = ""
        self.action_leave()

    def action_leave(self) -> None:
        self.post_message(self.Left())
