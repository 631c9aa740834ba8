"""The monitor under a pilot, and what a person sees of it."""

import asyncio
import html
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count

from textual.events import Key
from textual.pilot import Pilot

from channeltop.app import REPAINT_EVERY, ChannelTop
from tests.support.fake_clock import FakeClock
from tests.support.monitor_daemon import ScriptedDaemon

SMALL = (80, 24)
WIDE = (160, 45)
CHARACTERS = {"slash": "/", "question_mark": "?"}
TEXT = re.compile(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*clip-path="url[^>]*>(.*?)</text>')
CELL = 12.2
"""Units of one cell in Textual's SVG."""


class Monitor:
    """A running monitor; time moves only by `passes`."""

    def __init__(self, app: ChannelTop, pilot: Pilot[None], clock: FakeClock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock
        self._seen: Seen | None = None

    async def press(self, *keys: str) -> None:
        """Press keys, each after what the one before did."""
        for key in keys:
            self._key(key)
            await self.pilot.pause()
        await self.shown()

    async def steps(self, *keys: str) -> None:
        """Press keys, each when what the one before caused is on the screen."""
        for key in keys:
            await self.press(key)

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        for character in text:
            self._key(character)
        await self.shown()

    def _key(self, key: str) -> None:
        self.app.post_message(Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))

    async def shown(self) -> None:
        """Everything that arrived is on the screen."""
        await self.pilot.pause()
        await self.passes(REPAINT_EVERY)

    async def passes(self, seconds: float) -> None:
        await self.clock.advance(seconds)
        await self.pilot.pause()
        self._seen = None

    @property
    def lines(self) -> list[str]:
        return self.seen.lines

    @property
    def text(self) -> str:
        return self.seen.text

    @property
    def prose(self) -> str:
        return self.seen.prose

    @property
    def toast(self) -> str:
        return self.seen.toast

    def line(self, containing: str) -> str:
        return self.seen.line(containing)

    @property
    def seen(self) -> "Seen":
        """What is on the screen since time last passed."""
        if self._seen is None:
            self._seen = Seen(self.app.export_screenshot())
        return self._seen


class Seen:
    """A picture of the screen, as text."""

    def __init__(self, svg: str) -> None:
        rows: dict[float, str] = {}
        for x, y, text in TEXT.findall(svg):
            line = rows.get(float(y), "").ljust(round(float(x) / CELL))
            rows[float(y)] = line + html.unescape(text).replace("\xa0", " ")
        self.lines = [rows[y].rstrip() for y in sorted(rows)]
        """From the top; empty ones are left out."""
        self.text = "\n".join(self.lines)
        self.prose = " ".join(self.text.replace("█", " ").split())
        """As one line, for sentences that are wrapped."""

    @property
    def toast(self) -> str:
        """What is said in toasts, as one line."""
        parts = (line.replace("▐X▌", "").rpartition("▌") for line in self.lines)
        return " ".join(" ".join(text for _, bar, text in parts if bar).split())

    def line(self, containing: str) -> str:
        """The first line with that text."""
        return next((line for line in self.lines if containing in line), "")


@asynccontextmanager
async def monitor(
    daemon: ScriptedDaemon, clock: FakeClock, size: tuple[int, int] = SMALL
) -> AsyncGenerator[Monitor]:
    """The monitor, connected to that daemon and painted once."""
    numbers = count(1)
    app = ChannelTop(
        "channeld.sock", connect=daemon.connect, clock=clock, command_id=lambda: f"command {next(numbers)}"
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        running = Monitor(app, pilot, clock)
        await running.shown()
        yield running


def look(daemon: ScriptedDaemon, size: tuple[int, int], *keys: str) -> Seen:
    """What a person sees after pressing those keys; for tests that only look."""

    async def looking() -> Seen:
        async with monitor(daemon, FakeClock(), size) as screen:
            await screen.press(*keys)
            return screen.seen

    return asyncio.run(looking())
