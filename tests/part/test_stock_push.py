"""Stock by requests, against the simulated Amazon: what it is told, in which order, and what comes of it."""

from datetime import datetime
from pathlib import Path

import anyio
import pytest

from channeld.amazon.budgets import Priority
from channeld.amazon.operations import PATCH_LISTINGS_ITEM
from channeld.book.ledger.holding import adopt
from channeld.domain.stock.desired import Standing
from channeld.domain.stock.latency import DROP, KEEP, LeadTime, set_to
from channeld.sandbox import Market
from channeld.store import stock_sync
from tests.support.fake_clock import START, FakeClock
from tests.support.stock_line import (
    INSTANCE,
    MUG,
    RED,
    SELLER,
    CountingWire,
    caught_up,
    mug_market,
    own_skus,
    stock_line,
)

APPLIED = 10.0
"""Seconds until a quantity that was told is there."""


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return mug_market(clock)


async def test_what_is_wanted_is_told_once_and_counts_as_synced(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(APPLIED)
        assert line.told(MUG) == [7] and line.at_amazon(MUG) == 7
        assert await line.standing(MUG) is Standing.SENT
        sent, accepted = await line.history(MUG)
        assert (sent.event, sent.quantity, sent.route) == ("sent", 7, "patch")
        (told,) = market.truth.told[SELLER, MUG]
        assert (accepted.event, accepted.reference) == ("accepted", told.submission)
        dates = await line.shop.store.read(stock_sync.all_channels)
        assert {id_: sync.synced_at for id_, sync in dates.items()} == {1: accepted.at, 2: accepted.at}
        await line.run(3600)
        assert line.told(MUG) == [7], "nothing is told twice"
        assert line.shown[-1] == "stock to be told"


@pytest.mark.parametrize(
    ("lead_time", "said", "wiped", "days"),
    [(KEEP, None, False, 4), (set_to(2), 2, False, 2), (DROP, None, True, None)],
    ids=["left alone", "told along", "dropped"],
)
async def test_a_handling_time_is_kept_told_or_dropped(
    tmp_path: Path,
    clock: FakeClock,
    market: Market,
    lead_time: LeadTime,
    said: int | None,
    wiped: bool,
    days: int | None,
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7}, lead_time)
        await line.run(APPLIED)
        assert market.listings.get(MUG).lead_time == days
        (told,) = market.truth.told[SELLER, MUG]
        assert (told.quantity, told.lead_time, told.wiped_lead_time) == (7, said, wiped)


async def test_the_owner_names_the_marketplace(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7}, owner=2)
        await line.run(APPLIED)
        assert [each.country for each in market.truth.told[SELLER, MUG]] == ["DE"]


async def test_zeros_leave_before_decreases_and_those_before_the_rest(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    up, unknown, down, zero = (own_skus(market, 40)[start : start + 10] for start in range(0, 40, 10))
    async with stock_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys(up, 9), standing=5)
        await line.want(dict.fromkeys(unknown, 9))
        await line.want(dict.fromkeys(down, 3), standing=5)
        await line.want(dict.fromkeys(zero, 0), standing=5)
        await line.run(60)
        order = line.in_order()
        groups = [set(order[start : start + 10]) for start in range(0, 40, 10)]
        assert groups == [set(zero), set(down), set(unknown), set(up)]
        assert not market.truth.over_budget


async def test_a_zero_that_comes_up_overtakes_all_that_were_not_taken(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    waiting, sold = own_skus(market, 51)[:50], own_skus(market, 51)[50]
    async with stock_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys(waiting, 9), standing=5)
        await line.run(4)
        before = len(line.in_order())
        assert 10 < before < 40
        await line.want({sold: 0}, standing=5)
        await line.run(60)
        assert line.in_order()[before] == sold


async def test_what_changes_while_it_is_under_way_leaves_after_the_answer(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    wire = CountingWire(market, clock, latency=2.0)
    async with stock_line(tmp_path, clock, market, wire) as line:
        await line.want({MUG: 7})

        async def change() -> None:
            for quantity in (6, 5, 4):
                await clock.sleep(0.5)
                await line.want({MUG: quantity})

        await line.run(20, change)
        assert line.told(MUG) == [7, 4] and line.at_amazon(MUG) == 4
        assert wire.most_together == 1


async def test_another_installations_database_sends_nothing_until_it_is_adopted(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.shop.store.write(lambda unit: adopt(unit, "another machine"))
        await line.want({MUG: 7})

        async def take_over() -> None:
            await clock.sleep(100)
            assert line.in_order() == [] and await line.standing(MUG) is Standing.WAITING
            assert line.shown[-1] == "adoption of the database"
            await line.shop.store.write(lambda unit: adopt(unit, INSTANCE))

        await line.run(120, take_over)
        assert line.told(MUG) == [7]


@pytest.mark.parametrize("setting", [{"enabled": "off"}, {"dry_run": "on"}, {"update_inventory": "off"}])
async def test_a_channel_that_was_switched_off_sends_no_value_of_before(
    tmp_path: Path, clock: FakeClock, market: Market, setting: dict[str, str]
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7}, owner=1)
        await line.want({RED: 7}, owner=2)
        await line.shop.set("uk", **setting)
        await caught_up(line.shop)
        await line.run(60)
        assert (line.told(MUG), line.told(RED)) == ([], [7])


async def test_a_relist_is_told_with_both_quantities(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 4, RED: 4}, standing=0)
        await line.want({RED: 9}, standing=4)
        await line.run(APPLIED)
        (said,) = [text for text in await line.shop.texts() if "is on sale again" in text]
        assert "0 → 4" in said


async def test_hundreds_keep_to_the_budget_and_use_it_up(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    skus = own_skus(market, 60)
    wire = CountingWire(market, clock, latency=0.9)
    async with stock_line(tmp_path, clock, market, wire) as line:
        await line.want(dict.fromkeys(skus, 7))
        await line.run(len(skus) / 5 + 2)
        assert all(line.told(sku) == [7] for sku in skus)
        assert not market.truth.over_budget


async def test_a_zero_goes_before_what_else_waits_for_the_same_budget(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7, RED: 0}, standing=5)
        granted: list[datetime] = []

        async def other() -> None:
            await line.kit.budgets.acquire(1, PATCH_LISTINGS_ITEM, priority=Priority.FRESHNESS, due=START)
            granted.append(clock.now())

        async def others() -> None:
            async with anyio.create_task_group() as group:
                for _ in range(30):
                    group.start_soon(other)

        await line.run(20, others)
        (zero,), (more,) = (market.truth.told[SELLER, sku] for sku in (RED, MUG))
        assert sum(at < zero.at for at in granted) <= 3
        assert sum(at < more.at for at in granted) > 3, "the rest waits for its turn"
