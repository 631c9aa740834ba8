"""The daemon dies around every commit and request that tells Amazon stock: the right number is there."""

from pathlib import Path

import anyio
import pytest

from channeld.domain.stock.desired import Standing
from channeld.domain.stock.latency import KEEP, set_to
from tests.support.fake_clock import START, FakeClock
from tests.support.mortal import Life
from tests.support.stock_line import SELLER, CountingWire, stock_line, stock_market

ZERO, SLOW = "MUG-BLUE", "000040-A+B"
WANTED = {ZERO: 0, SLOW: 9}
TROUBLES = ("", "write_invalid", "reset_after")


async def lived(folder: Path, trouble: str, ends_at: int | None) -> tuple[dict[str, object], list[int]]:
    """How it stands at Amazon two hours after a death at that boundary; when there may be others."""
    await anyio.Path(folder).mkdir()
    clock, life = FakeClock(), Life(ends_at)
    market = stock_market(clock)
    market.listings.stock(SELLER, SLOW, START, lead_time=4)
    life.outside = lambda: sum(len(told) for told in market.truth.told.values())
    if trouble:
        market.faults.plan(trouble, operation="patchListingsItem")
    wire = CountingWire(market, clock, life)
    async with stock_line(folder, clock, market, wire, life) as line:
        for sku, quantity in WANTED.items():
            await line.want({sku: quantity}, set_to(2) if sku == SLOW else KEEP, standing=5)
        await line.run(30)
    wire = CountingWire(market, clock)
    async with stock_line(folder, clock, market, wire) as line:
        await line.run(7200)
        assert wire.most_together <= 1
        return {
            "quantities": {sku: line.at_amazon(sku) for sku in WANTED},
            "days": market.listings.get(SLOW).lead_time,
            "standing": {(await line.row(sku)).desired.stands(clock.now()) for sku in WANTED},
            "over budget": dict(market.truth.over_budget),
        }, life.moments


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_dying_anywhere_ends_with_what_was_computed(tmp_path: Path, trouble: str) -> None:
    calm, moments = await lived(tmp_path / "calm", trouble, None)

    assert calm == {"quantities": WANTED, "days": 2, "standing": {Standing.SENT}, "over budget": {}}
    assert len(moments) > 6
    for ends_at in moments:
        found, _ = await lived(tmp_path / f"dead-{ends_at}", trouble, ends_at)
        assert found == calm, f"dead at boundary {ends_at}"


async def test_what_was_under_way_is_in_doubt_after_a_death(tmp_path: Path) -> None:
    clock = FakeClock()
    market = stock_market(clock)
    async with stock_line(tmp_path, clock, market, CountingWire(market, clock, latency=60)) as line:
        await line.want({SLOW: 9})
        await line.run(20)
        assert (await line.row(SLOW)).desired.stands(clock.now()) is Standing.IN_FLIGHT
    async with stock_line(tmp_path, clock, market) as line:
        await line.run(20)
        assert await line.events(SLOW) == ["sent", "lost", "sent", "accepted"]
        assert "channeld stopped" in (await line.history(SLOW))[1].note
