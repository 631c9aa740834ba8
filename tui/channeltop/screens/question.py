"""A question that has to be answered before something is done."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from channeltop.widgets.tones import joined, toned

__all__ = ["Question"]


class Question(ModalScreen[bool]):
    """Enter and y agree; Escape and n do not. What is asked about can be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "Yes", key_display="enter"),
        Binding("escape,n", "answer(False)", "No", key_display="esc"),
    ]

    def __init__(self, title: str, body: Content, agree: str, refuse: str = "back") -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._agree = agree
        self._refuse = refuse

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = joined(
                (
                    toned("enter ", "accent") + self._agree,
                    toned("esc ", "accent") + self._refuse,
                )
            )
            yield Static(self._body)

    def action_answer(self, agreed: bool) -> None:
        self.dismiss(agreed)
