"""One plan, from the first deed to the end of the last piece of work, over as many lives as it takes."""

from dataclasses import dataclass
from pathlib import Path

from channeld.sandbox import Market
from tests.effects.mortal import CutWire, Left, MortalClock, Reaper
from tests.effects.passing import pass_until_all_ended
from tests.effects.people import People
from tests.effects.plan import Plan
from tests.effects.shop import market_of, new_shop, open_channel, opened

__all__ = ["Played", "play"]

HOUR = 3600.0
AFTERWARDS = 4 * HOUR
"""What a feed does that was given up, and what comes late, shows by then."""


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


async def play(plan: Plan, folder: Path) -> Played:
    """Carry the plan out. The folder is empty."""
    clock = MortalClock()
    market = market_of(plan, clock)
    home = folder / "0"
    home.mkdir()
    await new_shop(plan, home)
    people = People(plan, sorted(market.orders()))
    lives = [*plan.deaths, None]
    asked = deaths = 0
    for number, most in enumerate(lives):
        left, asked = await _live(plan, home, market, clock, people, most, asked, first=number == 0)
        if left is None:
            break
        deaths += 1
        home = _unpack(left, folder / str(number + 1))
        market, clock, asked = left.market, left.clock, left.asked
        await clock.advance(plan.gone)
    cuts = sum(cut.at <= asked for cut in plan.cuts)
    return Played(
        plan=plan,
        database=home / "channeld.db",
        market=market,
        people=people,
        deaths=deaths,
        cuts=cuts,
        hours=clock.monotonic() / HOUR,
    )


async def _live(
    plan: Plan,
    home: Path,
    market: Market,
    clock: MortalClock,
    people: People,
    most: int | None,
    asked: int,
    *,
    first: bool,
) -> tuple[Left | None, int]:
    """One life. What is left of it if it ended before everything was done, and what was asked so far."""
    wire = CutWire(market, plan, asked)
    async with opened(home, market, clock, wire) as daemon:
        if first:
            await open_channel(daemon)
        reaper = Reaper(home / "channeld.db", clock, wire, market, most)
        reaper.begin()
        try:
            await people.act(daemon, clock)
            await pass_until_all_ended(home / "channeld.db", clock)
            await clock.pass_by(AFTERWARDS, asleep=2 * HOUR)
        finally:
            reaper.end()
    return reaper.left, wire.asked


def _unpack(left: Left, home: Path) -> Path:
    home.mkdir()
    (home / "channeld.db").write_bytes(left.database)
    return home
