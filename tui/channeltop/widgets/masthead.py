"""The top line: pages, and whether there is a daemon."""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from channeltop.format import clock_time
from channeltop.model import Link
from channeltop.tone import Tone
from channeltop.widgets.told import Told
from channeltop.widgets.tones import toned

__all__ = ["PAGES", "Masthead"]

PAGES = {"overview": "Overview", "orders": "Orders", "quarantine": "Quarantine", "audit": "Audit trail"}
"""Each page's mode and name; its key is its place, counted from 1."""


class PageName(Static):
    """One page's key and name; a click opens it."""

    def __init__(self, key: int, mode: str, *, here: bool) -> None:
        super().__init__(Content(f"{key} {PAGES[mode]}"), classes="-here" if here else "")
        self._mode = mode

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

    def show(self, link: Link, now: datetime) -> None:
        """Show the link as it is now."""
        state = toned(*_state(link))
        wide = self.size.width >= 100 and link.hello is not None
        version = toned(f" {link.hello.daemon}", "muted") if wide and link.hello else Content()
        clock = toned(f"  {clock_time(now)} UTC", "muted")
        self.query_one("#link", Told).tell(Content.assemble(state, version, clock))


def _state(link: Link) -> tuple[str, Tone]:
    if link.up:
        read_only = link.hello is not None and not link.hello.may_write
        return ("● read only", "accent") if read_only else ("● up", "good")
    return ("■ no daemon", "bad") if link.why else ("○ connecting", "muted")
