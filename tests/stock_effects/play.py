"""One plan, from the first deed until Amazon has had days to show the end, over as many lives as it takes."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from channeld.sandbox import Market
from tests.effects.mortal import CutWire, Left, MortalClock, Reaper
from tests.stock_effects.people import People
from tests.stock_effects.plan import SKUS, Plan
from tests.stock_effects.shop import SELLER, opened
from tests.support.daemon import running_daemon

__all__ = ["Played", "play"]

HOUR = 3600.0
STOCK = ("/listings/2021-08-01/", "/feeds/", "/documents")
"""What the paths of requests about stock have in them."""
AFTERWARDS = 31 * HOUR
"""By then a listing report has shown what nobody was told of."""
LONGEST = 100 * HOUR


@dataclass
class Played:
    """What is left of a run."""

    plan: Plan
    database: Path
    market: Market
    people: People
    deaths: int
    cuts: int
    hours: float
    soon: Mapping[str, int | None]
    """What Amazon had of each SKU an hour after the last deed, before any listing report could help."""


async def play(plan: Plan, folder: Path) -> Played:
    """Carry the plan out. The folder is empty."""
    home = folder / "0"
    home.mkdir()
    market, clock = await opened(home, slow=plan.slow)
    began = clock.monotonic()
    people = People(plan)
    soon: dict[str, int | None] = {}
    asked = deaths = 0
    for most in [*plan.deaths, None]:
        left, asked = await _live(plan, home, market, clock, people, soon, most, asked)
        if left is None:
            break
        deaths += 1
        home = _unpack(left, folder / str(deaths))
        market, clock, asked = left.market, left.clock, left.asked
        await clock.advance(plan.gone)
    return Played(
        plan=plan,
        database=home / "channeld.db",
        market=market,
        people=people,
        deaths=deaths,
        cuts=sum(cut.at <= asked for cut in plan.cuts),
        hours=(clock.monotonic() - began) / HOUR,
        soon=soon,
    )


async def _live(
    plan: Plan,
    home: Path,
    market: Market,
    clock: MortalClock,
    people: People,
    soon: dict[str, int | None],
    most: int | None,
    asked: int,
) -> tuple[Left | None, int]:
    """One life. What is left of it if it ended before everything was done, and what was asked so far."""
    wire = CutWire(market, plan, asked, STOCK)
    async with running_daemon(home, market, clock, wire, by_itself=True) as daemon:
        reaper = Reaper(home / "channeld.db", clock, wire, market, most)
        reaper.begin()
        try:
            await people.act(daemon, clock)
            await clock.pass_by(HOUR, asleep=0)
            if not clock.is_dead:
                soon |= {sku: market.listings.get(sku, SELLER).quantity for sku in SKUS}
                market.faults.clear()
            await clock.pass_by(AFTERWARDS, asleep=3 * HOUR)
            await _pass_until_quiet(home / "channeld.db", clock)
        finally:
            reaper.end()
    return reaper.left, wire.asked


async def _pass_until_quiet(database: Path, clock: MortalClock) -> None:
    end = clock.monotonic() + LONGEST
    while not clock.is_dead and not _is_quiet(database) and clock.monotonic() < end:
        await clock.pass_by(HOUR, asleep=HOUR / 4)


def _is_quiet(database: Path) -> bool:
    busy = """SELECT EXISTS (SELECT 1 FROM desired_stock WHERE rank IS NOT NULL OR flight IS NOT NULL
            OR look_at IS NOT NULL OR dirty_since IS NOT NULL)
        OR EXISTS (SELECT 1 FROM stale_stock) OR EXISTS (SELECT 1 FROM feeds WHERE ended_at IS NULL)"""
    with closing(sqlite3.connect(database)) as book:
        return not book.execute(busy).fetchone()[0]


def _unpack(left: Left, home: Path) -> Path:
    home.mkdir()
    (home / "channeld.db").write_bytes(left.database)
    return home
