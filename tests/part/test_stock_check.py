"""Stock is read back, against the simulated Amazon: confirmed, drifted, closed, deleted, Amazon's own."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from channeld.book.ledger.holding import adopt
from channeld.book.retention import forget_old
from channeld.domain.stock.desired import Standing
from channeld.domain.stock.latency import KEEP, set_to
from channeld.domain.stock.relist import Closure
from channeld.sandbox import Market
from channeld.store import audit, listings_down, stale_stock
from channeld.store.unit import Unit
from tests.support.fake_clock import START, FakeClock
from tests.support.stock_line import INSTANCE, MUG, SELLER, StockLine, stock_line, stock_market
from tests.support.stock_looking import APPLIED, look, looked, orders_until, searched

SOON = 145.0
"""Seconds after which an accepted message is looked for."""


@pytest.fixture
def market(clock: FakeClock) -> Market:
    market = stock_market(clock)
    market.listings.stock(SELLER, MUG, START, quantity=8)
    return market


async def test_a_handling_time_that_was_left_alone_meanwhile_is_told_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """Somebody may have changed it at Amazon while no setting of ours said anything (semantics D6)."""
    async with stock_line(tmp_path, clock, market) as line:
        for lead_time in (set_to(3), KEEP):
            await line.want({MUG: 7}, lead_time)
            await line.run(10)
            await look(line, 1200)
        market.listings.stock(SELLER, MUG, clock.now(), quantity=7, lead_time=7)
        await line.want({MUG: 7}, set_to(3))
        await line.run(10)
        assert market.listings.get(MUG).lead_time == 3
        assert len(line.told(MUG)) == 2


async def confirmed(line: StockLine, quantity: int = 7) -> None:
    await line.want({MUG: quantity})
    await line.run(10)
    await look(line, SOON)
    assert await line.standing(MUG) is Standing.CONFIRMED


async def down(line: StockLine, sku: str = MUG) -> Closure | None:
    found = await line.shop.store.read(lambda c: listings_down.of_skus(c, (1, 2), (sku,)))
    return next((each.why for each in found.values()), None)


def gone_through(unit: Unit, account_id: int) -> None:
    """The account sends stock, and all of it was computed."""
    stale_stock.begin(unit, account_id, START)
    sweep = stale_stock.sweep(unit.connection, account_id)
    assert sweep is not None and stale_stock.sweep_on(unit, sweep, None)


async def test_what_was_told_is_confirmed_by_one_search_for_twenty(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    skus = [each.sku for each in market.listings.all() if not each.amazon and not each.is_parent][:30]
    async with stock_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys(skus, 7))
        await line.run(30)
        await look(line, SOON)
        assert {await line.standing(sku) for sku in skus} == {Standing.CONFIRMED}
        assert sorted(searched(line)) == [10, 20]
        shown = (await line.history(skus[0]))[-1]
        assert (shown.event, shown.quantity) == ("shown", 7)


async def test_what_had_no_effect_is_sent_again_until_it_is_shown(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    market.faults.plan("no_effect", operation="patchListingsItem")
    async with stock_line(tmp_path, clock, market) as line:
        await orders_until(line)
        await line.want({MUG: 7})
        await line.run(10)
        await look(line, APPLIED)
        assert await line.standing(MUG) is Standing.WAITING
        assert "Amazon shows 8" in (await line.row(MUG)).desired.reason
        await line.run(10)
        await look(line, APPLIED)
        assert line.at_amazon(MUG) == 7
        assert await line.standing(MUG) is Standing.CONFIRMED


async def test_what_was_closed_by_hand_is_not_put_up_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await confirmed(line)
        await clock.advance(APPLIED)
        market.listings.stock(SELLER, MUG, clock.now(), quantity=0)
        await clock.advance(60)
        await orders_until(line, clock.now() - timedelta(minutes=2))
        await looked(line, MUG)
        assert (await line.row(MUG)).closed_at is None, "an order may explain it"
        await orders_until(line)
        await look(line, 600)
        row = await line.row(MUG)
        assert row.closed_at is not None
        assert row.desired.computed is None
        assert row.withheld == Closure.BY_HAND.value
        assert (await line.events(MUG))[-1] == "closed"
        entries = await line.shop.store.read(lambda c: audit.entries(c, 10, sku=MUG))
        assert entries[0].code == "listing.closed"
        assert f"stock push {MUG}" in entries[0].text
        await line.run(600)
        assert line.told(MUG) == [7] and line.at_amazon(MUG) == 0


async def test_what_somebody_puts_up_again_is_computed_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.shop.store.write(lambda unit: gone_through(unit, line.shop.account_id))
        await confirmed(line)
        await clock.advance(APPLIED)
        await orders_until(line)
        market.listings.stock(SELLER, MUG, clock.now(), quantity=0)
        await clock.advance(60)
        await looked(line, MUG)
        assert (await line.row(MUG)).closed_at is not None
        await looked(line, MUG)
        assert (await line.row(MUG)).closed_at is not None, "it is still at zero"
        market.listings.stock(SELLER, MUG, clock.now(), quantity=3)
        await clock.advance(60)
        await looked(line, MUG)
        assert (await line.row(MUG)).closed_at is None
        stale = await line.shop.store.read(lambda c: stale_stock.stale(c, line.shop.account_id, 10))
        assert [each.sku for each in stale] == [MUG]


async def test_one_that_amazon_does_not_know_any_more_is_down(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await confirmed(line)
        market.listings.remove(MUG, SELLER, "GB")
        await clock.advance(APPLIED)
        await looked(line, MUG)
        assert await down(line) is Closure.DELETED
        assert "does not know" in (await line.history(MUG))[-1].note
        await look(line, 3600)
        assert len(line.wire.requests) < 20, "it is not asked for over and over"


async def test_amazons_own_stock_is_never_told_anything(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await confirmed(line)
        market.listings.change(MUG, SELLER, "GB", amazon=True, quantity=None)
        await clock.advance(APPLIED)
        await looked(line, MUG)
        assert await down(line) is Closure.AMAZONS
        market.listings.change(MUG, SELLER, "GB", amazon=False, quantity=7)
        await clock.advance(APPLIED)
        await looked(line, MUG)
        assert await down(line) is None


async def test_a_suppressed_listing_is_noted_until_it_is_not(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    market.faults.plan("late_issue", operation="patchListingsItem")
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(10)
        await look(line, SOON)
        assert await down(line) is Closure.SUPPRESSED
        market.listings.change(MUG, SELLER, "GB", issues=())
        await clock.advance(APPLIED)
        await looked(line, MUG)
        assert await down(line) is None


async def test_a_sku_that_no_search_can_name_is_read_alone(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    odd = "A,B"
    market.listings.add(odd, SELLER, "GB", quantity=1)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({odd: 7, MUG: 7})
        await line.run(10)
        await look(line, SOON)
        assert {await line.standing(sku) for sku in (odd, MUG)} == {Standing.CONFIRMED}
        assert searched(line) == [1]


async def test_what_amazon_will_not_show_waits_an_hour_and_says_so(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    refused = httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "No."}]})
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(10)
        line.wire.rewrite = lambda request, _: refused if request.method == "GET" else None
        assert await look(line, SOON) is None
        row = await line.row(MUG)
        assert row.desired.look_at is not None
        assert row.desired.look_at > clock.now() + timedelta(minutes=50)
        assert "would not show it" in row.desired.reason
        line.wire.rewrite = None
        await look(line, 3700)
        assert await line.standing(MUG) is Standing.CONFIRMED


async def test_an_outage_ends_the_actor_and_the_look_stays_due(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(10)
        market.faults.plan("error_503", None)
        assert await look(line, 300) is not None
        market.faults.clear()
        assert await look(line, 300) is None
        assert await line.standing(MUG) is Standing.CONFIRMED


async def test_another_installation_reads_nothing(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(10)
        await line.shop.store.write(lambda unit: adopt(unit, "another"))
        await look(line, SOON)
        assert await line.standing(MUG) is Standing.SENT
        assert not searched(line)
        await line.shop.store.write(lambda unit: adopt(unit, INSTANCE))
        await look(line, SOON)
        assert await line.standing(MUG) is Standing.CONFIRMED


async def test_what_happened_is_forgotten_after_ninety_days(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await confirmed(line)
        for days, events in ((89, ["sent", "accepted", "shown"]), (1, [])):
            clock.jump(days * 86_400)
            await line.shop.store.write(lambda unit: forget_old(unit, line.shop.now))
            assert await line.events(MUG) == events
