"""All settings of a channel below each other."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from channeltop.form import Field
from channeltop.widgets.setting_field import SettingField

__all__ = ["SettingsForm"]

CONTROLS = "SettingsForm .control"


class SettingsForm(VerticalScroll, can_focus=False):
    """Up, down and Enter go from one setting to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "previous", "Previous setting", show=False),
        Binding("down", "next", "Next setting", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._fields: tuple[SettingField, ...] = ()

    def show(self, fields: Sequence[Field], places: Sequence[str]) -> None:
        """Show these settings; `places` are what a location can be."""
        if [field.setting.key for field in fields] != [field.key for field in self._fields]:
            self.remove_children()
            self._fields = tuple(SettingField(field, places) for field in fields)
            self.mount_all(self._fields)
        for shown, field in zip(self._fields, fields, strict=True):
            shown.show(field, places)

    def go_to(self, key: str | None = None) -> None:
        """Give the keyboard to a setting; without a key to the first one."""
        for field in self._fields:
            if key in (None, field.key):
                field.control.focus()
                return

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_next()

    def action_next(self) -> None:
        self.screen.focus_next(CONTROLS)

    def action_previous(self) -> None:
        self.screen.focus_previous(CONTROLS)
