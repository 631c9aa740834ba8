"""The daemon dies at every boundary of a price's way: it arrives, and is never another one for good (G1)."""

from pathlib import Path

import pytest

from tests.support.fake_clock import FakeClock
from tests.support.mortal import Life
from tests.support.price_desk import MUG, POT, at_price_desk, price_market

Outcome = list[tuple[str, str, int | None, int | None]]
"""SKU, state, confirmed price, and what it truly costs."""


async def lived(folder: Path, ends_at: int | None, *, stays_on: bool) -> tuple[Outcome, list[int]]:
    """Two prices are saved, one of them twice; what came of it, and when there may be other deaths."""
    _make(folder)
    clock, life = FakeClock(), Life(ends_at)
    market = price_market(clock)
    async with at_price_desk(folder, clock, market) as desk:
        await desk.save(MUG, "12")
        await desk.save(POT, "13")
    async with at_price_desk(folder, clock, market, life) as desk:
        with life.scope:
            await desk.pass_time(seconds=8)
            await desk.save(MUG, "14")
            await desk.pass_time(minutes=4)
    async with at_price_desk(folder, clock, market) as desk:
        if (await desk.row()).saved != 1400:
            await desk.save(MUG, "14")
        if not stays_on:
            await desk.set(price_change="off")
        await desk.pass_time(minutes=40)
        rows = await desk.rows()
        outcome = [(row.sku, row.state, row.confirmed, desk.price(row.sku)) for row in rows]
    return outcome, life.moments


def _make(folder: Path) -> None:
    folder.mkdir()


@pytest.mark.timeout(300)
async def test_dying_anywhere_does_no_harm(tmp_path: Path) -> None:
    calm, moments = await lived(tmp_path / "calm", None, stays_on=True)
    assert calm == [(MUG, "Success", 1400, 1400), (POT, "Success", 1300, 1300)]
    assert len(moments) > 12
    for ends_at in moments:
        found, _ = await lived(tmp_path / f"dead-{ends_at}", ends_at, stays_on=True)
        assert found == calm, f"dead at boundary {ends_at}"


@pytest.mark.timeout(300)
async def test_dying_and_being_switched_off_leaves_nothing_under_way(tmp_path: Path) -> None:
    _, moments = await lived(tmp_path / "calm", None, stays_on=False)
    for ends_at in moments[::3]:
        found, _ = await lived(tmp_path / f"dead-{ends_at}", ends_at, stays_on=False)
        assert {row[1] for row in found} <= {"NoChange", "Success"}, f"dead at boundary {ends_at}"
        assert {row[3] for row in found} <= {1000, 1200, 1300, 1400}
