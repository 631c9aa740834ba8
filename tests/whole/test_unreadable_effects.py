"""Amazon answers nonsense about a feed, or about one order's money: nothing hangs unseen (semantics C3)."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from channel_protocol.feeds import FeedList, ListFeeds
from channeld.sandbox import Market
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed

LANE = "eu/feed_lane_refund"
Rewrite = Callable[[httpx.Request, httpx.Response], httpx.Response | None]


def shipped(market: Market) -> str:
    """An order of 10.00 whose only line has left."""
    return placed(market, status="SHIPPED")


def paid(market: Market, order_id: str) -> list[int]:
    return [refund.total for refund in market.refunds(order_id)]


def refusal(status: int) -> httpx.Response:
    return httpx.Response(status, json={"errors": [{"code": "InvalidInput", "message": "no"}]})


def endless() -> httpx.Response:
    return httpx.Response(200, json={"payload": {"transactions": [], "nextToken": "again"}})


def finances_of(order_id: str, answer: Callable[[], httpx.Response]) -> Rewrite:
    """Another answer about that order's finances."""

    def rewrite(request: httpx.Request, _: httpx.Response) -> httpx.Response | None:
        is_his = request.url.path.endswith("/transactions") and order_id in str(request.url)
        return answer() if is_his else None

    return rewrite


@pytest.mark.parametrize(
    "answer",
    [
        lambda: refusal(400),
        lambda: refusal(404),
        lambda: httpx.Response(200, content=b"<html>"),
        endless,
    ],
    ids=["400", "404", "html", "a circle"],
)
async def test_one_order_s_finances_hold_up_no_other_s(
    tmp_path: Path, clock: FakeClock, market: Market, answer: Callable[[], httpx.Response]
) -> None:
    bad, good = shipped(market), shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = finances_of(bad, answer)
        await shop.refund(bad, "SKU-1", Principal="3.00")
        await shop.refund(good, "SKU-1", Principal="4.00")
        await shop.daemon.pass_time(hours=2.5)
        assert (await shop.work(good)).says == "PROCESSED"
        row = await shop.work(bad)
        assert row.says == "OPEN"
        assert "finances" in row.reason
        assert (await shop.daemon.actor("uk/refund")).state == "waiting"
        shop.daemon.wire.rewrite = None
        await shop.daemon.pass_time(hours=3)
        assert (await shop.work(bad)).says == "PROCESSED"
        assert (paid(market, bad), paid(market, good)) == ([300], [400])


async def feed_states(shop: Outbound) -> list[str]:
    return [feed.state for feed in (await shop.daemon.ask(ListFeeds(), FeedList)).rows]


async def test_a_list_of_feeds_without_an_end_settles_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """The feed is there, on a page that is never reached."""
    order_id = shipped(market)
    market.faults.plan("reset_after", operation="createFeed")

    def circle(request: httpx.Request, _: httpx.Response) -> httpx.Response | None:
        if request.method != "GET" or not request.url.path.endswith("/feeds"):
            return None
        return httpx.Response(200, json={"feeds": [], "nextToken": "again"})

    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = circle
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=40)
        assert (await shop.work(order_id)).state == "unknown"
        assert await feed_states(shop) == ["unknown"]
        lane = await shop.daemon.actor(LANE)
        assert (lane.state, "does not end" in lane.reason) == ("failing", True)
        shop.daemon.wire.rewrite = None
        await shop.daemon.pass_time(hours=2)
        assert (await shop.work(order_id)).says == "PROCESSED"
        assert (await shop.daemon.actor(LANE)).state == "waiting"
        assert paid(market, order_id) == [300]


def result_documents(status: int) -> Rewrite:
    def rewrite(request: httpx.Request, _: httpx.Response) -> httpx.Response | None:
        is_result = request.method == "GET" and request.url.path.startswith("/feeds/2021-06-30/documents/")
        return refusal(status) if is_result else None

    return rewrite


async def test_a_report_that_amazon_refuses_leaves_the_effect_to_decide(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    first, second = shipped(market), shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = result_documents(400)
        await shop.refund(first, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(hours=1)
        await shop.refund(second, "SKU-1", Principal="4.00")
        await shop.daemon.pass_time(hours=3)
        assert [(await shop.work(each)).says for each in (first, second)] == ["PROCESSED", "PROCESSED"]
        assert (paid(market, first), paid(market, second)) == ([300], [400])


async def test_a_lane_whose_report_never_comes_is_shown_as_failing_all_the_time(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = shipped(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shop.daemon.wire.rewrite = result_documents(409)
        await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=30)
        seen: set[str] = set()
        for _ in range(60):
            await shop.daemon.pass_time(seconds=20)
            seen.add((await shop.daemon.actor(LANE)).state)
        assert seen == {"failing"}
        shop.daemon.wire.rewrite = None
        await shop.daemon.pass_time(minutes=20)
        assert (await shop.daemon.actor(LANE)).state == "waiting"
        assert await feed_states(shop) == ["done"]
