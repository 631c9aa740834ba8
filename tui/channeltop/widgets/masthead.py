"""The top line: pages, and whether there is a daemon."""

from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from channeltop.format import clock_time
from channeltop.model import Link
from channeltop.pages import PAGES, SHORT
from channeltop.tone import Tone
from channeltop.widgets.told import Told
from channeltop.widgets.tones import toned

__all__ = ["Masthead"]

NARROW = 110
"""Cells; with fewer, the pages' names stand closer and the program's is left out."""


class PageName(Static):
    """One page's key and name; a click opens it."""

    def __init__(self, key: int, mode: str, *, here: bool) -> None:
        super().__init__(classes="-here" if here else "")
        self._key = key
        self._mode = mode
        self.name_in(narrow=False)

    def name_in(self, *, narrow: bool) -> None:
        """Write the name for a narrow or a wide screen."""
        name = SHORT.get(self._mode, PAGES[self._mode]) if narrow else PAGES[self._mode]
        self.update(Content(f"{self._key} {name}"))

    async def on_click(self) -> None:
        await self.run_action(f"app.switch_mode('{self._mode}')")


class Masthead(Horizontal):
    """Name, pages, state of the link, and the time in UTC."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._mode = mode

    def compose(self) -> ComposeResult:
        yield Static("channeld", id="name")
        for key, mode in enumerate(PAGES, start=1):
            yield PageName(key, mode, here=mode == self._mode)
        yield Told(id="link")

    def on_resize(self, event: events.Resize) -> None:
        narrow = event.size.width < NARROW
        self.set_class(narrow, "-narrow")
        for page in self.query(PageName):
            page.name_in(narrow=narrow)

    def show(self, link: Link, now: datetime) -> None:
        """Show the link as it is now, with the version and the time as far as there is room."""
        told = self.query_one("#link", Told)
        state = toned(*_state(link))
        version = toned(f" {link.hello.daemon}" if link.hello else "", "muted")
        clock = toned(f"  {clock_time(now)} UTC", "muted")
        minutes = toned(f"  {clock_time(now)[:5]} UTC", "muted")
        choices = (state + version + clock, state + clock, state + minutes, state)
        told.tell(next((text for text in choices if text.cell_length <= told.size.width), state))


def _state(link: Link) -> tuple[str, Tone]:
    if link.up:
        read_only = link.hello is not None and not link.hello.may_write
        return ("● read only", "accent") if read_only else ("● up", "good")
    return ("■ no daemon", "bad") if link.why else ("○ connecting", "muted")
