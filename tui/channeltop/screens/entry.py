"""A small form: a few texts, sent as one request; what is wrong is said beside each."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester, SuggestFromList
from textual.widgets import Input, Static

from channel_protocol.base import Problem, Reply, Request
from channel_protocol.errors import ClientError
from channeltop.asked import Asked
from channeltop.keys import SIGNS
from channeltop.replies import failed
from channeltop.widgets.names_suggester import NamesSuggester
from channeltop.widgets.tones import joined, toned

__all__ = ["Entry", "EntryField", "Misread"]


class Misread(Exception):
    """A text has not the form that its field needs, so that no request can be made of it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


class EntryField(msgspec.Struct, frozen=True, kw_only=True):
    """One text to be typed."""

    key: str
    """The request's field, by which the daemon names what is wrong."""
    label: str
    text: str = ""
    offered: Sequence[str] = ()
    """Completed while typing; → takes what is offered."""
    several: bool = False
    """Several of them may be typed, with commas between."""
    after: str = ""
    """The codes of the refusals that bring it up, with blanks between; empty: it is there from the start."""


class Entry(ModalScreen[Reply | None]):
    """Closes with the daemon's answer; while something is wrong it stays, with what was typed.

    Nothing is checked here: what is wrong is what the daemon said, or `request` raises `Misread`. Enter saves
    what has no empty field any more; where fields may stay empty, `saves_on` names another key for it, and
    Enter only goes on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", key_display="esc", tooltip="in a form: back, nothing is done"),
        Binding("ctrl+s", "send", "Send", tooltip="in a form: send it, also with fields left empty"),
    ]

    def __init__(
        self,
        title: str,
        body: Content,
        fields: Sequence[EntryField],
        request: Callable[[Mapping[str, str]], Request],
        *,
        saves_on: str = "enter",
        saves: str = "save",
    ) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._fields = fields
        self._request = request
        self._saves_on = saves_on
        self._saves = saves
        self._asking = False
        self.sent: Request | None = None
        """What was asked for last."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as frame:
            frame.border_title = Content(self._title)
            key = SIGNS.get(self._saves_on, self._saves_on)
            frame.border_subtitle = joined(
                (toned(f"{key} ", "accent") + self._saves, toned("esc ", "accent") + "back")
            )
            yield Static(self._body)
            for field in self._fields:
                label = Static(toned(field.label, "muted"), id=f"label-{field.key}", classes="entry-label")
                typed = Input(
                    field.text,
                    id=field.key,
                    suggester=_suggester(field),
                    select_on_focus=not field.several,
                    compact=True,
                )
                label.display = typed.display = not field.after
                yield label
                yield typed
                yield Static(id=f"wrong-{field.key}", classes="entry-wrong")
            yield Static(id="wrong", classes="entry-wrong")

    def on_mount(self) -> None:
        empty = [field for field in self._fields if not (field.text or field.after)]
        self.query_one(f"#{(empty or self._fields)[0].key}").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to a field that is still empty, and sends when there is none."""
        event.stop()
        if self._saves_on != "enter":
            self.focus_next(Input)
            return
        shown = [each for each in self.query(Input) if each.display and each is not event.input]
        empty = [each for each in shown if not each.value.strip()]
        if empty and event.value.strip():
            empty[0].focus()
        else:
            self.action_send()

    def action_send(self) -> None:
        """Ask for it, once at a time."""
        if self._asking:
            return
        self._tell("", {})
        try:
            request = self._request(
                {field.key: self.query_one(f"#{field.key}", Input).value.strip() for field in self._fields}
            )
        except Misread as error:
            self._tell("", {error.key: error.message})
            return
        self._asking, self.sent = True, request
        self.post_message(Asked(request, self._done, lambda error: self._refused(error, request)))

    def _done(self, reply: Reply | None) -> None:
        if self.is_attached:
            self.dismiss(reply)

    def _refused(self, error: ClientError, request: Request) -> None:
        self._asking = False
        if not self.is_attached:
            return
        named, others = self._named(error.problems)
        self._tell(failed(error, request) if others or not named else "", named)
        if self._bring_up(error.code):
            return
        if named:
            self.query_one(f"#{next(iter(named))}").focus()

    def _bring_up(self, code: str) -> bool:
        """Whether the refusal has a field of its own, which is shown and typed into next."""
        late = [field.key for field in self._fields if code in field.after.split()]
        for key in late:
            self.query_one(f"#label-{key}").display = self.query_one(f"#{key}").display = True
            self.query_one(f"#{key}").focus()
        return bool(late)

    def _named(self, problems: Sequence[Problem]) -> tuple[Mapping[str, str], bool]:
        """What is wrong with which field, and whether some belong to none; `lines.MUG` is of `lines`."""
        named: dict[str, str] = {}
        others = False
        for problem in problems:
            key, _, part = problem.key.partition(".")
            if any(field.key == key for field in self._fields):
                said = f"{part}: {problem.message}" if part else problem.message
                named[key] = f"{named[key]}; {said}" if key in named else said
            else:
                others = True
        return named, others

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


def _suggester(field: EntryField) -> Suggester | None:
    if field.several:
        return NamesSuggester(field.offered)
    return SuggestFromList(field.offered, case_sensitive=False) if field.offered else None
