"""Stock by requests that Amazon refuses, loses or does not answer: what is tried again, and what halts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from channeld.domain.stock.desired import Standing
from channeld.domain.stock.pushing import DOUBTED, REFUSED
from channeld.runtime.actor import Halt
from channeld.sandbox import Market
from tests.support.fake_clock import FakeClock
from tests.support.stock_line import MUG, PATCH, RED, SELLER, CountingWire, mug_market, own_skus, stock_line

APPLIED = 10.0
"""Seconds until a quantity that was told is there."""


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return mug_market(clock)


async def test_invalid_is_a_refusal_with_amazons_words_and_tried_again_later(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    market.faults.plan("write_invalid", operation=PATCH)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(APPLIED)
        row = (await line.row(MUG)).desired
        assert row.stands(clock.now()) is Standing.HELD_BACK
        assert row.reason.startswith("Amazon refused it: ")
        assert await line.events(MUG) == ["sent", "refused"]
        await line.run(REFUSED[0].total_seconds())
        assert line.told(MUG) == [7]


async def test_a_new_value_does_not_wait_for_a_refused_one(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    market.faults.plan("write_invalid", operation=PATCH)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(APPLIED)
        await line.want({MUG: 6})
        await line.run(APPLIED)
        assert line.told(MUG) == [6]


async def test_a_sku_that_amazon_does_not_know_is_refused_and_looked_for(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    def not_found(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        error = {"errors": [{"code": "NOT_FOUND", "message": "SKU not found."}]}
        return httpx.Response(404, json=error) if request.url.path.endswith(MUG) else None

    async with stock_line(tmp_path, clock, market) as line:
        line.wire.rewrite = not_found
        await line.want({MUG: 7, "NOBODY": 3})
        await line.run(APPLIED)
        for sku in (MUG, "NOBODY"):
            row = (await line.row(sku)).desired
            assert "does not know this SKU" in row.reason
            assert row.look_at is not None and row.look_at <= clock.now()
            assert row.stands(clock.now()) is Standing.HELD_BACK


async def test_a_request_that_amazon_finds_wrong_is_refused(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    error = {"errors": [{"code": "InvalidInput", "message": "no such attribute"}]}
    async with stock_line(tmp_path, clock, market) as line:
        line.wire.rewrite = lambda request, _: (
            httpx.Response(400, json=error) if request.method == "PATCH" else None
        )
        await line.want({MUG: 7, RED: 7})
        await line.run(APPLIED)
        row = (await line.row(MUG)).desired
        assert "no such attribute" in row.reason and row.failures == 1
        assert len(line.in_order()) == 2


async def test_a_burst_of_429_is_no_attempt(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    market.faults.plan("throttle_burst", 10, operation=PATCH)
    skus = own_skus(market, 8)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys(skus, 7))
        await line.run(300)
        assert [line.told(sku) for sku in skus] == [[7]] * 8
        for sku in skus:
            assert not {"refused", "lost"} & set(await line.events(sku))
        assert line.trouble is None


async def test_what_429_holds_up_is_overtaken_by_a_zero(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    waiting, sold = own_skus(market, 11)[:10], own_skus(market, 11)[10]
    async with stock_line(tmp_path, clock, market) as line:
        market.faults.plan("throttle_burst", 6, operation=PATCH)
        await line.want(dict.fromkeys(waiting, 9), standing=5)
        await line.run(4)
        await line.want({sold: 0}, standing=5)
        await line.run(300)
        taken = [
            sku
            for sku in waiting
            if line.told(sku) and market.truth.told[SELLER, sku][0].at < market.truth.told[SELLER, sold][0].at
        ]
        assert len(taken) <= 4, "only what was taken already"
        assert all(line.told(sku) == [9] for sku in waiting)


@pytest.mark.parametrize("fault", ["error_500", "error_500_after", "reset", "reset_after", "timeout"])
async def test_a_lost_answer_is_in_doubt_and_told_again(
    tmp_path: Path, clock: FakeClock, market: Market, fault: str
) -> None:
    market.faults.plan(fault, operation=PATCH)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(120)
        assert line.at_amazon(MUG) == 7
        assert await line.events(MUG) == ["sent", "lost", "sent", "accepted"]
        row = (await line.row(MUG)).desired
        assert row.settles_at is not None, "it is not read back while the lost one may still come"
        assert line.trouble is None


async def test_an_answer_that_contradicts_itself_is_in_doubt(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    issue: dict[str, Any] = {"code": "X1", "message": "but no", "severity": "ERROR", "attributeNames": []}
    answer: dict[str, Any] = {"sku": MUG, "status": "ACCEPTED", "submissionId": "s", "issues": [issue]}
    async with stock_line(tmp_path, clock, market) as line:
        line.wire.rewrite = lambda request, _: (
            httpx.Response(200, json=answer)
            if len(line.in_order()) == 1 and request.method == "PATCH"
            else None
        )
        await line.want({MUG: 7})
        await line.run(APPLIED)
        lost = (await line.history(MUG))[1]
        assert lost.event == "lost" and "contradicts" in lost.note and "but no" in lost.note
        assert line.told(MUG) == [7, 7]


async def test_an_outage_stops_all_at_once_and_is_told_of(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    skus = own_skus(market, 30)
    async with stock_line(tmp_path, clock, market) as line:
        market.faults.plan("error_503", None, operation=PATCH)
        await line.want(dict.fromkeys(skus, 7))
        await line.run(60)
        assert "Amazon" in str(line.trouble) and len(line.in_order()) < 10
        market.faults.clear()
        await line.run(sum(pause.total_seconds() for pause in DOUBTED))
        assert {line.at_amazon(sku) for sku in skus} == {7}


async def test_what_never_left_is_no_attempt(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        line.wire.cut = True
        await line.run(5)
        assert "reached" in str(line.trouble)
        row = (await line.row(MUG)).desired
        assert (row.flight, row.failures, row.stands(clock.now())) == (None, 0, Standing.WAITING)
        line.wire.cut = False
        await line.run(APPLIED)
        assert line.told(MUG) == [7]


@pytest.mark.parametrize(
    ("status", "code", "whole"),
    [(403, "Unauthorized", False), (400, "token", True)],
    ids=["role missing", "credentials refused"],
)
async def test_what_only_a_person_can_help_halts_and_holds_what_was_taken(
    tmp_path: Path, clock: FakeClock, market: Market, status: int, code: str, whole: bool
) -> None:
    def refuse(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        if request.url.path.endswith("/token"):
            return httpx.Response(400, json={"error": "invalid_grant"}) if whole else None
        return httpx.Response(status, json={"errors": [{"code": code, "message": "no"}]})

    async with stock_line(tmp_path, clock, market) as line:
        line.wire.rewrite = refuse
        await line.want({MUG: 7})
        await line.want({RED: 7}, owner=2)
        await line.run(30)
        assert isinstance(line.trouble, Halt) and line.trouble.whole_group is whole
        assert [await line.standing(sku) for sku in (MUG, RED)] == [Standing.WAITING] * 2
        assert "refused" not in await line.events(MUG)
        line.wire.rewrite = None
        await line.run(APPLIED)
        assert (line.at_amazon(MUG), line.at_amazon(RED)) == (7, 7)


async def test_a_sku_that_no_request_can_name_is_held_with_a_reason_and_holds_up_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({".": 0, "..": 0, " ": 0, MUG: 7})
        await line.run(60)
        assert line.in_order() == [MUG]
        assert "no request can name this SKU" in (await line.row(".")).desired.reason


async def test_nothing_happened_is_not_noticed_by_the_answer(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    market.faults.plan("no_effect", operation=PATCH)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({MUG: 7})
        await line.run(APPLIED)
        row = (await line.row(MUG)).desired
        assert line.at_amazon(MUG) == 8 and row.stands(clock.now()) is Standing.SENT
        assert row.look_at is not None, "so it is read back"
        assert row.look_at - clock.now() < timedelta(minutes=3)


async def test_an_amazon_that_hangs_is_asked_no_more_than_so_often(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    wire = CountingWire(market, clock, latency=50)
    async with stock_line(tmp_path, clock, market, wire) as line:
        await line.want(dict.fromkeys(own_skus(market, 40), 7))
        await line.run(20)
        assert len(line.in_order()) < 40
        assert line.shown[-1] == "Amazon's answers"
        await line.run(120)
        assert len({*line.in_order()}) == 40
