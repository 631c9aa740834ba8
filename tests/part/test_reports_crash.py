"""The daemon dies at every boundary of a report: it comes all the same, and nothing is done twice."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import anyio
import anyio.lowlevel

from channeld.concerns.kit import Kit
from channeld.domain.report.states import State
from channeld.store.store import Store
from tests.support.fake_clock import FakeClock
from tests.support.report_desk import AtAmazon, Desk, open_desk


class Life:
    """Counts boundaries, and ends at one of them."""

    def __init__(self, ends_at: int) -> None:
        self.scope = anyio.CancelScope()
        self.boundaries = 0
        self._ends_at = ends_at

    async def boundary(self) -> None:
        """Here the process may die; nothing goes on in it then."""
        if self.boundaries == self._ends_at:
            self.scope.cancel()
            await anyio.sleep_forever()
        self.boundaries += 1

    def mortal(self, kit: Kit) -> Kit:
        return replace(kit, store=cast("Store", MortalStore(kit.store, self)))


class MortalStore:
    """Whoever writes may die before the commit, or after it."""

    def __init__(self, store: Store, life: Life) -> None:
        self._store = store
        self._life = life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[..., Any]) -> Any:
        await self._life.boundary()
        done = await self._store.write(work)
        await self._life.boundary()
        return done


async def finish(desk: Desk, number: int) -> None:
    for _ in range(20):
        if (await desk.report(number)).state is State.PROCESSED:
            return
        await desk.pass_time(minutes=1)
    raise AssertionError(f"it is {(await desk.report(number)).state}")


async def die_at(folder: Path, amazon: AtAmazon, clock: FakeClock, moment: int) -> bool:
    """One report of which the daemon dies once; whether there was such a moment at all."""
    life = Life(moment)
    number = 0
    with life.scope:
        async with open_desk(folder, amazon, clock, kit=life.mortal) as desk:
            number = await desk.want(minutes=0)
            amazon.on_boundary = life.boundary
            await finish(desk, number)
    amazon.on_boundary = anyio.lowlevel.checkpoint
    async with open_desk(folder, amazon, clock) as desk:
        await finish(desk, number)
        told = await desk.told(number)
        assert [told.count(code) for code in ("report.wanted", "report.processed")] == [1, 1]
        ids = [report.report_id for report in await desk.all()]
        assert len(set(ids)) == len(ids), "none was taken up twice"
    return life.scope.cancel_called


async def test_dying_anywhere_does_no_harm(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    amazon.is_quick = True
    deaths = 0
    while await die_at(tmp_path, amazon, clock, deaths):
        deaths += 1
        assert len(amazon.made) == deaths, "what Amazon has taken is found again"
        clock.jump(3600)
    assert deaths > 12, "there are so many boundaries"
