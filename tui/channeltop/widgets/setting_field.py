"""One setting of a form: mark, label, control, a note beside it and what is wrong below it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static

from channel_protocol.channels import SettingRow
from channeltop.form import Field
from channeltop.widgets.names_suggester import NamesSuggester
from channeltop.widgets.told import Told
from channeltop.widgets.tones import toned

__all__ = ["SettingField"]


class Choice(Select[str], inherit_bindings=False):
    """A list to choose from; up and down stay with the form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "show_overlay", "Choose", show=False)]


class SettingField(Widget):
    """`show` is the way in, `Edited` and `Focused` are the way out."""

    class Edited(Message):
        """A person gave it this text."""

        def __init__(self, key: str, text: str) -> None:
            super().__init__()
            self.key = key
            self.text = text

    class Focused(Message):
        """It has the keyboard now."""

        def __init__(self, setting: SettingRow) -> None:
            super().__init__()
            self.setting = setting

    def __init__(self, field: Field, places: Sequence[str]) -> None:
        super().__init__()
        self._field = field
        self._places = tuple(places)
        self._suggester = NamesSuggester(self._places)
        self._control = self._make()
        self._control.add_class("control")
        self._control.disabled = field.setting.read_only
        self._reported: list[str] = []
        """What was typed and has not come back yet: typing may be ahead of what is shown."""

    @property
    def key(self) -> str:
        return self._field.setting.key

    @property
    def control(self) -> Widget:
        """What takes the keys."""
        return self._control

    def compose(self) -> ComposeResult:
        yield Told(id="label")
        yield self._control
        yield Told(id="note")
        yield Static(id="below")

    def on_mount(self) -> None:
        self._set(self._field.text)
        self._paint()

    def show(self, field: Field, places: Sequence[str]) -> None:
        """Show this state; `places` are what a location can be."""
        before, self._field = self._field, field
        if field == before and tuple(places) == self._places:
            return
        self._places = self._suggester.names = tuple(places)
        if not self.is_mounted:
            return
        if field.text in self._reported:
            self._reported = self._reported[self._reported.index(field.text) + 1 :]
        elif field.text != before.text or isinstance(self._control, Choice):
            self._set(field.text)
        self._paint()

    def _make(self) -> Widget:
        match self._field.setting.kind:
            case "bool":
                return Checkbox(compact=True)
            case "location":
                return Choice([], allow_blank=True, compact=True)
            case "locations":
                return Input(compact=True, suggester=self._suggester, select_on_focus=False)
            case _:
                return Input(compact=True)

    def _paint(self) -> None:
        field = self._field
        if isinstance(self._control, Checkbox):
            self._control.label = field.text
        mark = toned("*" if field.changed else " ", "accent")
        self.query_one("#label", Told).tell(
            mark + toned(field.setting.label, "strong" if field.changed else "")
        )
        self.query_one("#note", Told).tell(toned(field.note, "accent" if field.changed else "muted"))
        below = self.query_one("#below", Static)
        below.display = bool(field.below)
        if field.below:
            below.update(toned(field.below, field.tone))

    def _set(self, text: str) -> None:
        """Give the control this text, without taking it for a person's edit."""
        control = self._control
        with self.prevent(Input.Changed, Checkbox.Changed, Select.Changed):
            if isinstance(control, Checkbox):
                control.value = text == "on"
            elif isinstance(control, Choice):
                names = [*self._places, *([] if text in self._places else [text])]
                control.set_options((name, name) for name in names)
                control.value = text
            elif isinstance(control, Input):
                control.value = text

    # --- what a person does --------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        self._edited(event, event.value)

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        self._edited(event, "on" if event.value else "off")

    def on_select_changed(self, event: Select.Changed) -> None:
        if isinstance(event.value, str):
            self._edited(event, event.value)

    def _edited(self, event: Message, text: str) -> None:
        event.stop()
        self._reported.append(text)
        self.post_message(self.Edited(self.key, text))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.post_message(self.Focused(self._field.setting))
