"""Cancellations and refunds until they are proved, used up, or a person's: never paid twice (C2, C3)."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from channel_protocol.feeds import FeedList, ListFeeds
from channeld.sandbox import Market, SandboxOptions
from channeld.sandbox.feeds.lanes import Feed
from channeld.sandbox.refunds import Refund
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed

ADJUSTMENT, ACKNOWLEDGEMENT = "POST_PAYMENT_ADJUSTMENT_DATA", "POST_ORDER_ACKNOWLEDGEMENT_DATA"
GATHERED = 60
"""Seconds that reading the finances and gathering a feed take on top of a pause."""


def shipped(market: Market) -> str:
    """An order of 10.00 whose only line has left."""
    return placed(market, status="SHIPPED")


def paid(market: Market, order_id: str) -> list[int]:
    """What has really been paid back, refund by refund."""
    return [refund.total for refund in market.refunds(order_id)]


def created(shop: Outbound) -> int:
    """How often the creation of a feed was asked for."""
    return sum(
        request.method == "POST" and request.url.path.endswith("/feeds")
        for request in shop.daemon.wire.requests
    )


def feed_of_another(market: Market, number: int) -> None:
    """Another program creates a feed of refunds."""
    (account, *_) = market.accounts.values()
    feed = Feed(
        feed_id=f"5999999999{number}",
        feed_type=ADJUSTMENT,
        seller_id=account.spec.seller_id,
        marketplace_ids=(account.marketplace_id("GB"),),
        created=market.clock.now(),
        content=None,
        messages=0,
        stuck=timedelta(),
    )
    market.lanes.add(feed)


async def test_a_refund_has_five_attempts(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    """With pauses of 1, 5, 15 and 60 minutes; then a person decides."""
    order_id = shipped(market)
    market.faults.plan("error_503", None, operation="createFeedDocument")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(hours=6)
        failures = await shop.failures(order_id)
        assert [reason.partition(":")[0] for _, reason in failures] == [
            f"attempt {number} of 5" for number in range(1, 6)
        ]
        pauses = [(after - before).total_seconds() for (before, _), (after, _) in pairwise(failures)]
        for pause, least in zip(pauses, (60, 300, 900, 3600), strict=True):
            assert least <= pause <= 1.1 * least + GATHERED
        row = await shop.work(order_id)
        assert (row.says, row.attempts, row.attempts_allowed) == ("ERROR", 5, 5)
        assert await shop.attention() == 1
        assert paid(market, order_id) == []

        market.faults.clear()
        await shop.retry(order_id)
        await shop.daemon.pass_time(hours=3)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert paid(market, order_id) == [300]


async def test_a_feed_that_got_no_answer_is_adopted(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    order_id = shipped(market)
    market.faults.plan("reset_after", operation="createFeed")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=5)
        assert ((await shop.work(order_id)).state, await shop.story(order_id)) == (
            "unknown",
            ["refund.in_doubt"],
        )
        await shop.daemon.pass_time(hours=3)
        assert await shop.story(order_id) == ["refund.in_doubt", "refund.submitted", "refund.confirmed"]
        assert (created(shop), paid(market, order_id)) == (1, [300])


async def test_a_feed_that_was_not_created_is_repeated_after_two_looks(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    market.faults.plan("reset", operation="createFeed")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=15)
        assert ((await shop.work(order_id)).state, created(shop)) == ("unknown", 1)
        await shop.daemon.pass_time(minutes=10)
        assert (await shop.work(order_id)).attempts == 1
        assert created(shop) == 2
        await shop.daemon.pass_time(hours=3)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert paid(market, order_id) == [300]


async def test_of_several_feeds_the_effect_decides(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    order_id = shipped(market)
    market.faults.plan("reset_after", operation="createFeed")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=2)
        feed_of_another(market, 1)
        await shop.daemon.pass_time(hours=4)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert (created(shop), paid(market, order_id)) == (1, [300])


async def test_what_no_effect_proves_in_three_days_is_a_persons(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    market.faults.plan("reset", operation="createFeed")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=2)
        feed_of_another(market, 1)
        feed_of_another(market, 2)
        await shop.daemon.doze(hours=71)
        assert (await shop.work(order_id)).says == "PENDING"
        await shop.daemon.pass_time(hours=2)
        row = await shop.work(order_id)
        assert row.says == "ERROR"
        assert "72 hours" in row.reason
        assert "twice" in row.hint
        assert (created(shop), paid(market, order_id)) == (1, [])


async def test_a_stuck_feed_is_waited_for(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    order_id = shipped(market)
    market.faults.plan("feed_stuck", operation=ADJUSTMENT, detail="36000")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(hours=3)
        (feed,) = (await shop.daemon.ask(ListFeeds(), FeedList)).rows
        assert feed.stuck_since is not None
        assert feed.feed_id in feed.hint
        assert ((await shop.work(order_id)).says, paid(market, order_id)) == ("PENDING", [])
        await shop.daemon.pass_time(hours=13)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert (created(shop), paid(market, order_id)) == (1, [300])


@pytest.mark.parametrize("detail", ["", "results"])
async def test_a_report_that_contradicts_itself_is_no_success_and_no_failure(
    tmp_path: Path, clock: FakeClock, market: Market, detail: str
) -> None:
    order_id = shipped(market)
    market.faults.plan("report_contradicts", operation=ADJUSTMENT, detail=detail)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=10)
        assert (await shop.work(order_id)).state == "unknown"
        await shop.daemon.pass_time(hours=3)
        assert await shop.story(order_id) == ["refund.submitted", "refund.in_doubt", "refund.confirmed"]
        assert (created(shop), paid(market, order_id)) == (1, [300])


async def test_finances_that_lag_prove_nothing(tmp_path: Path, clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(finances_delay=30 * 3600))
    order_id = shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.doze(hours=29)
        assert (await shop.work(order_id)).says == "PENDING"
        await shop.daemon.pass_time(hours=8)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert (created(shop), paid(market, order_id)) == (1, [300])


async def test_money_that_another_program_gave_back_is_seen_before_the_try(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    order = market.order(order_id)
    items = {order.lines[0].order_item_id: {"Principal": 900}}
    theirs = Refund(refund_id="9", order_id=order_id, country="GB", at=clock.now(), items=items)
    market.accounts[order.seller_id].refunds.add(theirs)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.daemon.pass_time(hours=2)
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(hours=2)
        row = await shop.work(order_id)
        assert row.says == "ERROR"
        assert "2.00" in row.reason
        assert (created(shop), paid(market, order_id)) == (0, [900])


async def test_a_cancellation_is_tried_for_a_day(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    order_id = placed(market)
    market.faults.plan("error_503", None, operation="createFeedDocument")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.cancel(order_id)
        await shop.daemon.pass_time(hours=26)
        failures = await shop.failures(order_id)
        pauses = [(after - before).total_seconds() for (before, _), (after, _) in pairwise(failures)]
        for pause, least in zip(pauses, (60, 300, 900, 1800, 3600, 3600), strict=False):
            assert least <= pause <= 1.1 * least + GATHERED
        over = failures[-1][0] - failures[0][0]
        assert timedelta(hours=24) <= over <= timedelta(hours=24, minutes=2)
        assert ["no further attempts" in reason for _, reason in failures].count(True) == 1
        assert (await shop.work(order_id)).state == "needs_attention"


async def test_a_cancellation_is_confirmed_only_when_amazon_shows_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    market.faults.plan("no_effect", operation=ACKNOWLEDGEMENT)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.cancel(order_id)
        await shop.daemon.pass_time(minutes=30)
        (feed,) = (await shop.daemon.ask(ListFeeds(), FeedList)).rows
        assert (feed.state, feed.successful) == ("done", 1)
        assert (await shop.work(order_id)).state == "submitted"
        await shop.daemon.pass_time(hours=4)
        assert await shop.story(order_id) == [
            "cancellation.submitted",
            "cancellation.failed",
            "cancellation.submitted",
            "cancellation.confirmed",
        ]
        assert market.order(order_id).status == "CANCELLED"
