"""The settings of a channel: edited, checked by the daemon, shown with what they do, and saved.

What was typed stays until it is saved or discarded, also while another channel or page is looked at, while
there is no daemon, and when somebody else changes the channel.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from channel_protocol.base import Reply, Request
from channel_protocol.channels import ChannelChanged, ChannelPreviewed, ChannelRow, ChannelShown, ShowChannel
from channel_protocol.errors import ClientError
from channel_protocol.locations import ListLocations, LocationList
from channel_protocol.offers import StockSyncRow
from channeltop import form as forms
from channeltop.asked import Asked, Raised
from channeltop.form import Form
from channeltop.format import things
from channeltop.model import Model, Rows
from channeltop.replies import failed
from channeltop.screens import settings_texts as texts
from channeltop.screens.channel_test import ChannelTest
from channeltop.screens.page import Page
from channeltop.screens.question import Question
from channeltop.screens.settings_columns import CHANNEL_COLUMNS, Line
from channeltop.screens.settings_saving import Saving, Wanted
from channeltop.widgets.setting_field import SettingField
from channeltop.widgets.settings_form import SettingsForm
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told

__all__ = ["Settings"]

STAYS = "What you typed stays here."


class Settings(Page):
    """The list of channels, and the form of the one below the cursor."""

    MODE = "settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", key_display="^s"),
        Binding("s", "save", "Save", show=False),
        Binding("t", "test", "Test"),
        Binding("e", "switch", "Enable/disable"),
        Binding("escape", "back", "Back/discard", key_display="esc"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: Rows | None = None
        self._stock: Mapping[str, StockSyncRow] = {}
        self._forms: dict[str, Form] = {}
        self._asked: dict[str, str] = {}
        """Channel → the mark of the settings that were asked for last."""
        self._places: tuple[str, ...] = ()
        self._shown: Form | None = None
        self._saving = Saving(self, done=self._saved, needless=self._needless, failed=self._failed)
        self._table: Table[Line] = Table(
            CHANNEL_COLUMNS, key=lambda line: line.row.channel, sort="channel", id="channels"
        )

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="settings"):
            yield self._table
            with Vertical():
                yield Told(id="facts")
                yield SettingsForm()
        yield Told(id="description")

    def on_mount(self) -> None:
        self._table.focus()
        self._describe(texts.how())

    @property
    def _row(self) -> ChannelRow | None:
        """The channel that is shown."""
        line = self._table.selected
        return line.row if line else None

    # --- what is shown -------------------------------------------------------------------------------

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        self._stock = model.stock_sync
        if model.channels is not self._rows:
            self._rows = model.channels
            self._forms = {name: form for name, form in self._forms.items() if name in model.channels}
            self._list()
        if not model.link.up:
            self._asked.clear()
        self.query_one(SettingsForm).display = bool(model.channels)
        row = self._row
        if row is None:
            empty = texts.NO_CHANNEL if model.fresh else "Waiting for the daemon."
            self.query_one("#facts", Told).tell(Content(empty))
            return
        if (
            model.fresh
            and not self._saving.is_under_way
            and self._asked.get(row.channel) != row.settings_mark
        ):
            self._read(row)
        self._show_channel(row)

    def _list(self) -> None:
        rows = (row for row in (self._rows or {}).values() if isinstance(row, ChannelRow))
        self._table.show([Line(row=row, changed=self._is_changed(row.channel)) for row in rows], self.now)

    def _is_changed(self, channel: str) -> bool:
        return channel in self._forms and self._forms[channel].is_changed

    def _show_channel(self, row: ChannelRow) -> None:
        stock = self._stock.get(row.channel)
        synced = stock.inventory_sync_date if stock else row.inventory_sync_date
        self.query_one("#facts", Told).tell(texts.facts(row, synced))
        form = self._forms.get(row.channel)
        self.query_one(SettingsForm).show(forms.fields(form) if form else (), self._places)

    def _read(self, row: ChannelRow) -> None:
        self._asked[row.channel] = row.settings_mark
        self.post_message(Asked(ListLocations(), self._read_places, lambda error: None))
        self.post_message(Asked(ShowChannel(channel=row.channel), self._read_settings))

    def _read_places(self, reply: Reply | None) -> None:
        if isinstance(reply, LocationList):
            self._places = tuple(row.location for row in reply.rows if row.kind == "own")

    def _read_settings(self, reply: Reply | None) -> None:
        if not isinstance(reply, ChannelShown):
            return
        channel, known = reply.row.channel, self._forms.get(reply.row.channel)
        if known and (changes := forms.changed_by_others(known, reply.settings)):
            self.notify(texts.by_others(channel, changes), severity="warning", markup=False)
        self._put(channel, forms.refreshed(known or Form(settings=reply.settings), reply.settings))

    def _put(self, channel: str, form: Form) -> None:
        was_changed = self._is_changed(channel)
        self._forms[channel] = form
        if form.is_changed != was_changed:
            self._list()
        if self._row and self._row.channel == channel:
            self._show_channel(self._row)

    def _describe(self, text: Content) -> None:
        self.query_one("#description", Told).tell(text)

    # --- what a person does --------------------------------------------------------------------------

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        self.post_message(self.Opened())

    def on_setting_field_focused(self, event: SettingField.Focused) -> None:
        self._describe(texts.described(event.setting, self._places))

    def on_setting_field_edited(self, event: SettingField.Edited) -> None:
        if self._row and (form := self._forms.get(self._row.channel)):
            self._put(self._row.channel, forms.typed(form, event.key, event.text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters that are typed into a text are no keys."""
        return action not in ("test", "switch") or not isinstance(self.focused, Input)

    def action_save(self) -> None:
        row = self._row
        form = self._forms.get(row.channel) if row else None
        if row is None or form is None:
            return
        if not form.is_changed:
            self.notify("Nothing is changed here: there is nothing to save.")
            return
        self._begin(row.channel, form, form.typed)

    def action_switch(self) -> None:
        row = self._row
        if row and (form := self._forms.get(row.channel)):
            self._begin(row.channel, form, {"enabled": "off" if row.enabled else "on"})

    def _begin(self, channel: str, form: Form, values: forms.Texts) -> None:
        seen = {row.key: form.meanwhile.get(row.key, row.value) for row in form.settings}
        self._saving.begin(Wanted(channel=channel, values=values, seen=seen))

    def action_test(self) -> None:
        if row := self._row:
            self.post_message(Raised(ChannelTest(row.channel)))

    def action_back(self) -> None:
        """From the settings to the list, which changes nothing; from there, ask whether to discard."""
        if self.focused is not self._table:
            self._table.focus()
            self._describe(texts.how())
        elif (row := self._row) and (form := self._forms.get(row.channel)) and form.is_changed:
            self._ask_to_discard(row, form)

    def _ask_to_discard(self, row: ChannelRow, form: Form) -> None:
        lost = [
            f"{each.setting.label}: {each.text or 'empty'}" for each in forms.fields(form) if each.changed
        ]
        title = f"Discard {things(len(lost), 'change')} of {row.channel}?"
        question = Question(title, Content("\n".join(lost)), "discards", "keeps editing")
        self.post_message(Raised(question, lambda yes: self._discard(row.channel) if yes else None))

    def _discard(self, channel: str) -> None:
        if form := self._forms.get(channel):
            self._put(channel, forms.discarded(form))

    # --- what became of it ---------------------------------------------------------------------------

    def _saved(self, wanted: Wanted, seen: ChannelPreviewed, reply: ChannelChanged) -> None:
        form = self._forms.get(wanted.channel)
        if form:
            self._put(wanted.channel, forms.saved(form, seen.changes, wanted.values))
        self.notify(texts.done(reply, seen), markup=False)

    def _needless(self, wanted: Wanted) -> None:
        if form := self._forms.get(wanted.channel):
            self._put(wanted.channel, forms.saved(form, (), wanted.values))
        self.notify(f"{wanted.channel} is so already: nothing was changed.", markup=False)

    def _failed(self, wanted: Wanted, request: Request, error: ClientError) -> None:
        """Problems stand at their fields; everything else is told."""
        form = self._forms.get(wanted.channel)
        others: tuple[str, ...] = ()
        if form and error.problems:
            form, others = forms.refused(form, error.problems)
            self._put(wanted.channel, form)
            self.query_one(SettingsForm).go_to(next(iter(form.errors), ""))
        if form and form.errors:
            text = "\n".join(each for each in (error.message, *others, error.hint) if each)
        else:
            text = failed(error, request)
        self.notify(f"{text}\n{STAYS}", severity="error", markup=False)
