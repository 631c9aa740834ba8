"""The daemon dies at every boundary of a report: it comes all the same, and nothing is done twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import anyio.lowlevel

from channeld.amazon.budgets import Budgets
from channeld.amazon.operations import CREATE_REPORT, GET_REPORTS
from channeld.amazon.send import SellingPartner
from channeld.book.saved_budgets import SavedBudgets
from channeld.concerns.kit import Kit
from channeld.domain.report.states import State
from tests.support.amazon_api import seeded
from tests.support.fake_clock import START, FakeClock
from tests.support.mortal import Life
from tests.support.report_desk import AtAmazon, Desk, open_desk


async def finish(desk: Desk, number: int) -> None:
    for _ in range(20):
        if (await desk.report(number)).state is State.PROCESSED:
            return
        await desk.pass_time(minutes=1)
    raise AssertionError(f"it is {(await desk.report(number)).state}")


async def die_at(folder: Path, amazon: AtAmazon, clock: FakeClock, moment: int) -> bool:
    """One report of which the daemon dies once; whether there was such a moment at all."""
    life = Life(moment)
    amazon.on_boundary = life.boundary
    async with open_desk(folder, amazon, clock, kit=life.mortal) as desk:
        with life.scope:
            await finish(desk, await desk.want(minutes=0))
    amazon.on_boundary = anyio.lowlevel.checkpoint
    async with open_desk(folder, amazon, clock) as desk:
        number = (await desk.all())[-1].id
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


def remembering(kit: Kit) -> Kit:
    """Its budgets are kept in the book, as the daemon keeps them."""
    budgets = Budgets(kit.clock, SavedBudgets(kit.store), seeded(2))
    tokens = kit.partner._tokens  # pyright: ignore[reportPrivateUsage]
    return replace(
        kit, budgets=budgets, partner=SellingPartner(kit.http, kit.clock, tokens, budgets, seeded(3))
    )


def over_budget(arrivals: Sequence[datetime], rate: float, burst: int) -> int:
    """How many came without a token, by Amazon's own count."""
    tokens, before, over = float(burst), START, 0
    for at in arrivals:
        tokens = min(burst, tokens + rate * (at - before).total_seconds()) - 1
        before = at
        over += tokens < -1e-6
    return over


async def test_dying_after_every_request_never_asks_for_more_than_amazon_grants(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    for _ in range(30):
        life, asked = Life(), amazon.count("createReport")

        async def die_when_asked(life: Life = life, asked: int = asked) -> None:
            if amazon.count("createReport") > asked:
                await life.die()

        amazon.on_boundary = die_when_asked
        async with open_desk(tmp_path, amazon, clock, kit=remembering) as desk:
            with life.scope:
                await desk.want(fresh=True, minutes=5)
    created = amazon.at["createReport"]
    assert created[CREATE_REPORT.burst - 2] == START, "what Amazon grants at once leaves at once"
    assert len(created) == 30
    assert over_budget(created, CREATE_REPORT.rate, CREATE_REPORT.burst) == 0
    assert over_budget(amazon.at["getReports"], GET_REPORTS.rate, GET_REPORTS.burst) == 0
    assert created[-1] - START < timedelta(minutes=20), "and hardly a token is idle"
