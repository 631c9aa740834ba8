"""The top line: pages with what waits on them, and whether there is a daemon."""

from collections.abc import Mapping
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from channeltop.format import clock_time
from channeltop.model import Link
from channeltop.pages import PAGES, SHORT, key_of
from channeltop.tone import Tone
from channeltop.widgets.told import Told
from channeltop.widgets.tones import toned

__all__ = ["Masthead"]

NARROW = 150
"""Cells; with fewer, the pages' names stand closer and the program's is left out."""


SHORT_STATES = {"● read only": "● r/o"}
"""For a screen with no room for more."""


class PageName(Static):
    """One page's key and name; a click opens it."""

    def __init__(self, mode: str, *, here: bool) -> None:
        super().__init__(classes="-here" if here else "")
        self._mode = mode
        self._name = PAGES[mode]
        self._waiting = 0
        self._write()

    def name_in(self, *, narrow: bool) -> None:
        """Write the name for a narrow or a wide screen."""
        self._name = SHORT.get(self._mode, PAGES[self._mode]) if narrow else PAGES[self._mode]
        self._write()

    def mark(self, waiting: int) -> None:
        """Say how many things on the page wait for a person; none says nothing."""
        if waiting != self._waiting:
            self._waiting = waiting
            self._write()

    def _write(self) -> None:
        mark = toned(f" ■{self._waiting:,}", "bad") if self._waiting else Content()
        self.update(Content(f"{key_of(self._mode)} {self._name}") + mark)

    async def on_click(self) -> None:
        await self.run_action(f"app.switch_mode('{self._mode}')")


class Masthead(Horizontal):
    """Name, pages, state of the link, and the time in UTC."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._pages = {name: PageName(name, here=name == mode) for name in PAGES}

    def compose(self) -> ComposeResult:
        yield Static("channeld", id="name")
        yield from self._pages.values()
        yield Told(id="link")

    def on_resize(self, event: events.Resize) -> None:
        narrow = event.size.width < NARROW
        self.set_class(narrow, "-narrow")
        for page in self._pages.values():
            page.name_in(narrow=narrow)

    def show(self, link: Link, waiting: Mapping[str, int], now: datetime) -> None:
        """Show how many things wait on which page, and the link with the version and the time if they fit."""
        for mode, number in waiting.items():
            self._pages[mode].mark(number)
        told = self.query_one("#link", Told)
        said, tone = _state(link)
        state, sign = toned(said, tone), toned(said[:1], tone)
        version = toned(f" {link.hello.daemon}" if link.hello else "", "muted")
        clock = toned(f"  {clock_time(now)} UTC", "muted")
        minutes = toned(f"  {clock_time(now)[:5]} UTC", "muted")
        short = toned(SHORT_STATES.get(said, said), tone)
        choices = (state + version + clock, state + clock, state + minutes, state, short)
        told.tell(next((text for text in choices if text.cell_length <= told.size.width), sign))


def _state(link: Link) -> tuple[str, Tone]:
    if link.up:
        read_only = link.hello is not None and not link.hello.may_write
        return ("● read only", "accent") if read_only else ("● up", "good")
    return ("■ no daemon", "bad") if link.why else ("○ connecting", "muted")
