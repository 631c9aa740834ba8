"""A small form for something new: a few texts, sent as one request; what is wrong is said beside each."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from channel_protocol.base import Reply, Request
from channel_protocol.errors import ClientError
from channeltop.asked import Asked
from channeltop.replies import failed
from channeltop.widgets.tones import joined, toned

__all__ = ["Entry", "EntryField"]


class EntryField(msgspec.Struct, frozen=True, kw_only=True):
    """One text to be typed."""

    key: str
    """The request's field, by which the daemon names what is wrong."""
    label: str
    text: str = ""
    offered: Sequence[str] = ()
    """Completed while typing; → takes what is offered."""


class Entry(ModalScreen[Reply | None]):
    """Closes with the daemon's answer; while something is wrong it stays, with what was typed.

    Nothing is checked here: what is wrong is what the daemon said.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", key_display="esc", tooltip="in a form: back, nothing is done")
    ]

    def __init__(
        self,
        title: str,
        body: Content,
        fields: Sequence[EntryField],
        request: Callable[[Mapping[str, str]], Request],
    ) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._fields = fields
        self._request = request
        self._asking = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = joined(
                (toned("enter ", "accent") + "save", toned("esc ", "accent") + "back")
            )
            yield Static(self._body)
            for field in self._fields:
                yield Static(toned(field.label, "muted"), classes="entry-label")
                suggester = SuggestFromList(field.offered, case_sensitive=False) if field.offered else None
                yield Input(field.text, id=field.key, suggester=suggester, compact=True)
                yield Static(id=f"wrong-{field.key}", classes="entry-wrong")
            yield Static(id="wrong", classes="entry-wrong")

    def on_mount(self) -> None:
        empty = [field for field in self._fields if not field.text]
        self.query_one(f"#{(empty or self._fields)[0].key}").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to a field that is still empty, and sends when there is none."""
        event.stop()
        empty = [each for each in self.query(Input) if not each.value.strip() and each is not event.input]
        if empty and event.value.strip():
            empty[0].focus()
        elif not self._asking:
            self._send()

    def _send(self) -> None:
        self._asking = True
        self._tell("", {})
        request = self._request(
            {field.key: self.query_one(f"#{field.key}", Input).value for field in self._fields}
        )
        self.post_message(Asked(request, self._done, lambda error: self._refused(error, request)))

    def _done(self, reply: Reply | None) -> None:
        if self.is_attached:
            self.dismiss(reply)

    def _refused(self, error: ClientError, request: Request) -> None:
        self._asking = False
        if not self.is_attached:
            return
        mine = {field.key for field in self._fields}
        named = {problem.key: problem.message for problem in error.problems if problem.key in mine}
        self._tell(failed(error, request) if len(named) < len(error.problems) or not named else "", named)
        if named:
            self.query_one(f"#{next(iter(named))}").focus()

    def _tell(self, whole: str, named: Mapping[str, str]) -> None:
        self._say("#wrong", whole)
        for field in self._fields:
            self._say(f"#wrong-{field.key}", named.get(field.key, ""))

    def _say(self, where: str, text: str) -> None:
        place = self.query_one(where, Static)
        place.update(toned(text, "bad"))
        place.set_class(bool(text), "-said")

    def action_close(self) -> None:
        self.dismiss(None)
