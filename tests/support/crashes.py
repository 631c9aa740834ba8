"""Dying at every boundary: before and after each commit and each request, in one process, on a fake clock.

What outlasts a process is what it committed and what Amazon saw of it. So as a story goes on, the world is
put by whenever either has grown: the database as it is on the disk, the market, the instant. To die before a
commit or a request leaves the same as to die after the one that went before; these worlds are therefore all
that a death can leave. In each of them a fresh daemon is started, people repeat what they had asked for with
the same command ids, and in the end the book must be the one of the run in which nobody died.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
import msgspec

from channeld.sandbox import Market
from channeld.sandbox.listings.listing import NOTHING
from tests.kills.book import going_on
from tests.kills.order_book import stored
from tests.kills.pages import Page, Query, asked_again, page_of, wrong_pages
from tests.support.daemon import Daemon, running_daemon
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock

__all__ = ["CrashClock", "Outcome", "Story", "copy_market", "die_everywhere"]

SUMMARY = {
    "states": "SELECT order_id, state, email_state, grand_total, location_id FROM orders",
    "personal data": """SELECT order_id, sealed IS NOT NULL, purged_at IS NOT NULL
        FROM orders JOIN personal_data ON order_pk = orders.id""",
    "audit": "SELECT code, order_id, text FROM audit",
    "quarantine": "SELECT order_id, field FROM quarantine",
    "re-reads": "SELECT order_id, kind, done_at IS NOT NULL FROM rereads",
    "channels": "SELECT name, enabled, settings FROM channels",
    "mappings": "SELECT kind, tag, target FROM mappings",
    "accounts": "SELECT name, client_id, order_poll_seconds FROM accounts",
}
"""What must be the same however often a daemon died."""


class Story(Protocol):
    """Something that goes on, told so that it can be told again."""

    @property
    def name(self) -> str: ...

    def market(self, clock: FakeClock) -> Market:
        """The market at the beginning."""
        ...

    async def before(self, daemon: Daemon) -> None:
        """What has been done already; nobody dies meanwhile."""
        ...

    def meanwhile(self, market: Market, clock: FakeClock) -> None:
        """Between that and the story no daemon runs."""
        ...

    async def tell(self, daemon: Daemon) -> None:
        """What happens. After a death it is told from the start, so its commands have ids that stay."""
        ...


class Outcome(msgspec.Struct, kw_only=True):
    story: str
    worlds: int
    """That a death could leave."""
    deaths: int
    """Of those, how many were gone on from."""
    pages_asked_again: int
    wrong: list[str]


@dataclass(frozen=True)
class World:
    """What is left when the process dies now."""

    number: int
    after: str
    database: bytes
    market: Market
    clock: FakeClock
    pages: tuple[Page, ...]


class CrashClock(FakeClock):
    """Says when a store call or an exchange with Amazon is over."""

    def __init__(self) -> None:
        super().__init__()
        self.on_boundary: Callable[[], None] = lambda: None

    @contextmanager
    def working(self) -> Generator[None]:
        with super().working():
            yield
        self.on_boundary()

    def standing(self) -> FakeClock:
        """Another clock at this instant, on which nobody waits."""
        other = FakeClock(self._start)
        other._elapsed = self._elapsed
        return other


class NotingWire(Wire):
    """Notes which pages were asked for and whether they were answered whole."""

    def __init__(self, market: Market, life: int) -> None:
        super().__init__(market)
        self.pages: list[Page] = []
        self.on_boundary: Callable[[], None] = lambda: None
        self._life = life

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.on_boundary()
        place = len(self.pages)
        is_search = request.url.path.endswith("/orders")
        if is_search:
            self.pages.append(page_of(str(request.url), self._life, whole=False))
        response = await super().handle_async_request(request)
        if is_search:
            self.pages[place] = self.pages[place]._replace(whole=response.status_code == 200)
        self.on_boundary()
        return response


class Recorder:
    """Puts worlds by while one daemon runs."""

    def __init__(self, database: Path, market: Market, clock: CrashClock, wire: NotingWire) -> None:
        self.worlds: list[World] = []
        self._market, self._clock, self._wire = market, clock, wire
        self._book = sqlite3.connect(database)
        self._last: object = None

    def look(self) -> None:
        """Put the world by if something that lasts has been added to it."""
        version = self._book.execute("PRAGMA data_version").fetchone()[0]
        now = version, len(self._wire.requests)
        if now == self._last:
            return
        self._last = now
        clock = self._clock.standing()
        after = f"commit {version} and request {len(self._wire.requests)}"
        self.worlds.append(
            World(
                number=len(self.worlds),
                after=after,
                database=self._book.serialize(),
                market=copy_market(self._market, clock),
                clock=clock,
                pages=tuple(self._wire.pages),
            )
        )

    @contextmanager
    def looking(self) -> Generator[None]:
        """Look at every boundary while the block runs, and at its beginning."""
        self.look()
        self._clock.on_boundary = self._wire.on_boundary = self.look
        try:
            yield
        finally:
            self._clock.on_boundary = self._wire.on_boundary = lambda: None
            self._book.close()


async def die_everywhere(story: Story, folder: Path, *, at_most: int | None = None) -> Outcome:
    """Tell a story, then go on from each world that a death could have left, or so many evenly spread."""
    worlds, expected = await _live(story, folder)
    chosen = worlds if at_most is None else worlds[:: -(-len(worlds) // at_most)]
    wrong: list[str] = []
    again = 0
    for world in chosen:
        found, pages = await _go_on(story, folder / f"world-{world.number}", world, expected)
        again += pages
        wrong += [f"{story.name}, dead after {world.after}: {what}" for what in found]
    return Outcome(
        story=story.name, worlds=len(worlds), deaths=len(chosen), pages_asked_again=again, wrong=wrong
    )


def copy_market(market: Market, clock: FakeClock) -> Market:
    """The market as it is, on another clock. Orders are never changed, so they are shared."""
    known: dict[int, Any] = {id(market.clock): clock}
    known |= {id(order): order for order in market.orders().values()} | {id(NOTHING): NOTHING}
    return deepcopy(market, known)


async def _live(story: Story, folder: Path) -> tuple[list[World], Mapping[str, Any]]:
    """The run in which nobody dies: the worlds that it passes through, and the book at its end."""
    clock = CrashClock()
    market = story.market(clock)
    home = folder / "calm"
    home.mkdir()
    async with running_daemon(home, market, clock) as daemon:
        await story.before(daemon)
    story.meanwhile(market, clock)
    wire = NotingWire(market, 0)
    async with running_daemon(home, market, clock, wire) as daemon:
        recorder = Recorder(home / "channeld.db", market, clock, wire)
        with recorder.looking():
            await story.tell(daemon)
    return recorder.worlds, _summary(home / "channeld.db")


async def _go_on(
    story: Story, home: Path, world: World, expected: Mapping[str, Any]
) -> tuple[list[str], int]:
    left = _unpack(world, home)
    wire = NotingWire(world.market, 1)
    async with running_daemon(home, world.market, world.clock, wire) as daemon:
        await story.tell(daemon)
    found = _summary(home / "channeld.db")
    pages = [*world.pages, *wire.pages]
    truth = world.market.truth
    wrong = [
        *(
            _difference(name, found[name], expected[name])
            for name in expected
            if found[name] != expected[name]
        ),
        *wrong_pages(pages, [left]),
        *(f"{times} requests over the budget of {whose}" for whose, times in truth.over_budget.items()),
        *(f"a request that breaks a rule: {rule}" for rule in truth.invalid),
    ]
    return wrong, asked_again(pages)


def _summary(database: Path) -> dict[str, Any]:
    """The book, but for the instants at which things were done."""
    with sqlite3.connect(database) as book:
        found = {name: Counter(book.execute(query)) for name, query in SUMMARY.items()}
        orders = {order.order_id: order for order in stored(book)}
    book.close()
    return {**found, "orders": orders}


def _unpack(world: World, home: Path) -> Mapping[Query, str]:
    """Lay the database where a daemon finds it. Returns the page tokens in it."""
    home.mkdir()
    database = home / "channeld.db"
    database.write_bytes(world.database)
    with sqlite3.connect(database) as book:
        left = going_on(book)
    book.close()
    return left


def _difference(name: str, found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> str:
    keys = [key for key in {**found, **expected} if found.get(key) != expected.get(key)]
    shown = "; ".join(f"{key}: {found.get(key)} instead of {expected.get(key)}" for key in keys[:3])
    return f"{name} differ in {len(keys)}: {shown}"
