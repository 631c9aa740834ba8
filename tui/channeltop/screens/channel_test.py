"""The Test of a channel: its steps with verdict, result and hint."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from channel_protocol.accounts import Tested
from channel_protocol.base import Reply
from channel_protocol.channels import TestChannel
from channel_protocol.errors import ClientError
from channeltop.asked import Asked
from channeltop.replies import failed
from channeltop.screens.settings_texts import checks
from channeltop.widgets.tones import toned

__all__ = ["ChannelTest"]


class ChannelTest(ModalScreen[None]):
    """Asks for the test when it opens. Any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,t", "close", "Close", key_display="esc")]

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._request = TestChannel(channel=channel)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as frame:
            frame.border_title = Content(f"Test of {self._request.channel}")
            frame.border_subtitle = toned("esc ", "accent") + "closes"
            yield Static("Testing … Nothing is changed by it.", id="steps")

    def on_mount(self) -> None:
        self.post_message(Asked(self._request, self._tested, self._failed))

    def _tested(self, reply: Reply | None) -> None:
        if isinstance(reply, Tested):
            self._tell(checks(reply))

    def _failed(self, error: ClientError) -> None:
        self._tell(toned(failed(error, self._request), "bad"))

    def _tell(self, text: Content) -> None:
        if self.is_attached:
            self.query_one("#steps", Static).update(text)

    def action_close(self) -> None:
        self.dismiss()
