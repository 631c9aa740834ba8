"""A feed that does not end: what waits behind it is seen to, and a person may give it up (C1, C2, C3)."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from channel_protocol.errors import RequestRefused
from channel_protocol.feeds import AbandonFeed, FeedAbandoned, FeedList, FeedRow, ListFeeds
from channeld.sandbox import Market
from tests.support.daemon import new_id
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed

FULFILLMENT = "POST_ORDER_FULFILLMENT_DATA"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
ADJUSTMENT = "POST_PAYMENT_ADJUSTMENT_DATA"
FOR_DAYS, TEN_HOURS = str(30 * 86_400), "36000"


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


async def feeds(shop: Outbound) -> list[FeedRow]:
    """The newest first."""
    return list((await shop.daemon.ask(ListFeeds(), FeedList)).rows)


async def abandon(shop: Outbound, number: int = 1, *, confirmed: bool = True) -> FeedAbandoned:
    """Give up the feed of that number."""
    request = AbandonFeed(command_id=new_id(), feed=str(number), confirmed=confirmed)
    return await shop.daemon.ask(request, FeedAbandoned)


async def refund(shop: Outbound, order_id: str) -> None:
    await shop.refund(order_id, "SKU-1", Principal="3.00")


async def cancel(shop: Outbound, order_id: str) -> None:
    await shop.cancel(order_id)


async def despatch(shop: Outbound, order_id: str) -> None:
    await shop.process(order_id, tracking="")


async def test_what_waits_behind_it_needs_a_person_after_a_day(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """And is sent once when that person has given the feed up and retries it. So with every kind of work."""
    asked = ((refund, "SHIPPED"), (cancel, "UNSHIPPED"), (despatch, "UNSHIPPED"))
    first = [placed(market, status=status) for _, status in asked]
    second = [placed(market, status=status) for _, status in asked]
    for feed_type in (ADJUSTMENT, ACKNOWLEDGEMENT, FULFILLMENT):
        market.faults.plan("feed_stuck", 1, operation=feed_type, detail=FOR_DAYS)
    async with open_outbound(tmp_path, market, clock) as shop:
        for (ask, _), order_id in zip(asked, first, strict=True):
            await ask(shop, order_id)
        await shop.daemon.pass_time(hours=1)
        for (ask, _), order_id in zip(asked, second, strict=True):
            await ask(shop, order_id)
        await shop.daemon.pass_time(hours=2.5)
        await shop.daemon.doze(hours=20.5)
        assert {(await shop.work(order_id)).state for order_id in second} == {"queued"}
        await shop.daemon.pass_time(hours=3)
        numbers = {feed.feed_id: feed.number for feed in await feeds(shop)}
        assert len(numbers) == created(shop) == 3
        for order_id in second:
            row = await shop.work(order_id)
            assert (row.state, row.attempts, row.submitted_at) == ("needs_attention", 0, None)
            assert "it was not sent in time; no further attempts" in row.reason
            (number,) = [number for feed_id, number in numbers.items() if feed_id in row.reason]
            assert f"`channelctl feed abandon {number}`" in row.hint
            assert "retry` is safe" in row.hint
            assert [code.partition(".")[2] for code in await shop.story(order_id)] == ["failed"]
        for number in numbers.values():
            await abandon(shop, number)
        for order_id in second:
            await shop.retry(order_id)
        await shop.daemon.pass_time(hours=1)
        assert {(await shop.work(order_id)).state for order_id in second} == {"submitted"}


async def test_a_window_that_ends_behind_it_ends(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    """The note has failed before, so its day counts from that first failure and not from the feed."""
    order_id, other = placed(market), placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        market.faults.plan("error_503", None, operation="createFeedDocument")
        await despatch(shop, order_id)
        await shop.daemon.pass_time(minutes=8)
        market.faults.clear()
        row = await shop.work(order_id)
        assert row.attempts
        assert row.window_until is not None
        market.faults.plan("feed_stuck", operation=FULFILLMENT, detail=FOR_DAYS)
        await despatch(shop, other)
        await shop.daemon.doze(hours=23.5)
        assert (await shop.work(order_id)).window_until == row.window_until
        assert (await shop.work(order_id)).state == "queued"
        await shop.daemon.pass_time(hours=0.6)
        assert (await shop.work(order_id)).state == "needs_attention"


async def test_a_refund_in_a_feed_that_was_given_up_is_paid_once_when_amazon_works_through_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    first, second = shipped(market), shipped(market)
    market.faults.plan("feed_stuck", operation=ADJUSTMENT, detail=TEN_HOURS)
    async with open_outbound(tmp_path, market, clock) as shop:
        await refund(shop, first)
        await shop.daemon.pass_time(hours=1)
        await refund(shop, second)
        await shop.daemon.pass_time(hours=2)
        asked = await abandon(shop, confirmed=False)
        assert (asked.done, asked.in_doubt, asked.row.state) == (False, 1, "submitted")
        assert "None is paid again by itself" in asked.message
        assert (await shop.work(first)).state == "submitted", "a question changes nothing"
        done = await abandon(shop)
        assert (done.done, done.in_doubt, done.row.state) == (True, 1, "abandoned")
        row = await shop.work(first)
        assert (row.state, row.says) == ("unknown", "PENDING")
        await shop.daemon.pass_time(minutes=10)
        assert [feed.state for feed in await feeds(shop)] == ["submitted", "abandoned"], "the lane goes on"
        await shop.daemon.doze(hours=12)
        assert [(await shop.work(each)).says for each in (first, second)] == ["PROCESSED", "PROCESSED"]
        assert (paid(market, first), paid(market, second), created(shop)) == ([300], [300], 2)
        assert [feed.state for feed in await feeds(shop)] == ["done", "done"], "its report came late"
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.daemon.doze(hours=80)
        assert (paid(market, first), paid(market, second)) == ([300], [300])


async def test_a_refund_that_is_forced_while_its_feed_is_looked_for_is_paid_once(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """Amazon had taken the first: its report comes before the repeat leaves."""
    order_id = shipped(market)
    market.faults.plan("reset_after", 1, operation="createFeed")
    async with open_outbound(tmp_path, market, clock) as shop:
        await refund(shop, order_id)
        await shop.daemon.pass_time(minutes=3)
        assert (await shop.work(order_id)).state == "unknown"
        await shop.retry(order_id, force=True)
        await shop.daemon.pass_time(hours=100)
        assert (paid(market, order_id), (await shop.work(order_id)).says) == ([300], "PROCESSED")
        assert created(shop) == 1


async def test_before_a_refund_is_repeated_the_feed_that_was_given_up_is_asked_for(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """Amazon works through it after it was given up, and before the hourly look at it."""
    first, second = shipped(market), shipped(market)
    market.faults.plan("feed_stuck", 1, operation=ADJUSTMENT, detail="14000")
    async with open_outbound(tmp_path, market, clock) as shop:
        await refund(shop, first)
        await shop.daemon.pass_time(hours=3.7)
        await abandon(shop)
        await refund(shop, second)
        await shop.daemon.pass_time(minutes=5)
        await shop.retry(first, force=True)
        await shop.daemon.pass_time(hours=100)
        assert [(await shop.work(each)).says for each in (first, second)] == ["PROCESSED", "PROCESSED"]
        assert (paid(market, first), paid(market, second), created(shop)) == ([300], [300], 2)


async def test_what_may_be_repeated_is_sent_again_if_its_order_does_not_show_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id, other = placed(market), placed(market)
    market.faults.plan("reset_after", operation="createFeed")
    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = unanswered("/feeds")
        await cancel(shop, order_id)
        await despatch(shop, other)
        await shop.daemon.pass_time(hours=1)
        states = {(feed.feed_type, feed.state) for feed in await feeds(shop)}
        assert (ACKNOWLEDGEMENT, "unknown") in states or (FULFILLMENT, "unknown") in states
        (frozen,) = [feed for feed in await feeds(shop) if feed.state == "unknown"]
        await abandon(shop, frozen.number)
        shop.daemon.wire.rewrite = None
        await shop.daemon.pass_time(hours=3)
        assert [(await shop.work(each)).state for each in (order_id, other)] == ["confirmed", "confirmed"]
        assert market.order(order_id).status == "CANCELLED"
        assert len(market.order(other).packages) == 1


async def test_only_what_does_not_end_by_itself_is_given_up(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        market.faults.plan("feed_stuck", operation=ADJUSTMENT, detail=TEN_HOURS)
        await refund(shop, order_id)
        await shop.daemon.pass_time(hours=1)
        with pytest.raises(RequestRefused, match="is not stuck") as refusal:
            await abandon(shop)
        assert refusal.value.code == "not_possible"
        assert refusal.value.hint
        await shop.daemon.pass_time(hours=2)
        await abandon(shop)
        with pytest.raises(RequestRefused, match="has ended already: abandoned"):
            await abandon(shop)


def unanswered(path: str) -> Callable[[httpx.Request, httpx.Response], httpx.Response | None]:
    """Every read whose path ends so brings a 503."""

    def rewrite(request: httpx.Request, _: httpx.Response) -> httpx.Response | None:
        is_it = request.method == "GET" and path in request.url.path
        return httpx.Response(503, json={"errors": []}) if is_it else None

    return rewrite


async def test_a_feed_of_which_amazon_says_nothing_says_so_and_can_be_given_up(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = unanswered("/feeds/")
        await refund(shop, order_id)
        await shop.daemon.pass_time(minutes=30)
        (feed,) = await feeds(shop)
        assert "Amazon has not said since" in feed.reason
        assert "by itself" in feed.hint
        assert feed.stuck_since is None
        assert (await shop.daemon.actor("eu/feed_lane_refund")).state == "failing"
        await shop.daemon.pass_time(hours=2.5)
        (feed,) = await feeds(shop)
        assert feed.stuck_since is not None
        assert any(f"`channelctl feed abandon {feed.number}`" in each for each in await attention(shop))
        await abandon(shop)
        shop.daemon.wire.rewrite = None
        await shop.daemon.pass_time(hours=2)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert (await shop.daemon.actor("eu/feed_lane_refund")).state == "waiting"
        assert (paid(market, order_id), created(shop)) == ([300], 1)


async def test_an_outage_of_the_finances_is_said_of_each_refund_that_waits_for_them(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = unanswered("/transactions")
        await refund(shop, order_id)
        await shop.daemon.pass_time(minutes=30)
        row = await shop.work(order_id)
        assert (row.says, "finances" in row.reason, bool(row.hint)) == ("OPEN", True, True)
        assert (await shop.daemon.actor("uk/refund")).state == "failing"
        await shop.daemon.doze(hours=23)
        assert (await shop.work(order_id)).says == "OPEN"
        await shop.daemon.pass_time(hours=2)
        assert (await shop.work(order_id)).says == "ERROR"
        assert await shop.attention() == 1
        assert (await shop.daemon.actor("uk/refund")).state == "waiting"
        assert created(shop) == 0


async def attention(shop: Outbound) -> tuple[str, ...]:
    return (await shop.daemon.status()).attention
