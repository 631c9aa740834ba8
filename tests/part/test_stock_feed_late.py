"""Feeds of stock that stick, end late, or may never have been: no old quantity is left standing."""

from datetime import timedelta
from pathlib import Path

import pytest

from channeld.amazon.feeds.listings_document import ListingChange
from channeld.amazon.listings.availability import quantity_patch
from channeld.book.offering.feeding.document import made_of
from channeld.commands.feeds import abandon_feed
from channeld.domain.stock.desired import Standing
from channeld.errors import InvalidRequest
from channeld.sandbox import Market
from channeld.store import stock_messages
from tests.support.fake_clock import FakeClock
from tests.support.feed_line import (
    LISTINGS,
    FeedWire,
    all_feeds,
    fed,
    feed_line,
    feeding,
    own_stock,
    standings,
    true_stock,
)
from tests.support.stock_line import StockLine, stock_market

OLD, NEW = 9, 4
STUCK = timedelta(hours=3).total_seconds()


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return stock_market(clock, 300, rates={"patchListingsItem": 0.5})


@pytest.fixture
def skus(market: Market) -> list[str]:
    return own_stock(market, 60)


async def sent(line: StockLine, skus: list[str], fault: str = "feed_stuck", detail: str = "10800") -> None:
    """The old quantity goes out; its feed sticks for three hours."""
    line.market.faults.plan(fault, detail=detail, operation=LISTINGS)
    await line.want(dict.fromkeys(skus, OLD))
    await feeding(line, 70, beside=True)


async def test_a_stuck_feed_is_gone_round_and_undoes_nothing(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await sent(line, skus)
        await feeding(line, 28 * 60, beside=True)
        (feed,) = await all_feeds(line)
        assert feed.state == "submitted" and feed.stuck_since is None
        assert (await standings(line, skus))[Standing.IN_FLIGHT] == feed.messages
        await feeding(line, 5 * 60, beside=True)
        (feed,) = await all_feeds(line)
        assert feed.stuck_since is not None
        assert "quote" in feed.hint and f"feed abandon {feed.id}" in feed.hint
        assert (await standings(line, skus))[Standing.SHADOWED] == feed.messages
        await line.want(dict.fromkeys(skus, NEW))
        await feeding(line, 300, beside=True)
        assert true_stock(market, skus) == dict.fromkeys(skus, NEW)
        await feeding(line, STUCK, beside=True)
        (feed, *_) = await all_feeds(line)
        assert (feed.state, feed.stuck_since) == ("done", None)
        carried = fed(line.wire)
        assert [line.told(sku)[-2:] for sku in carried] == [[OLD, NEW]] * len(carried), "it applied late"
        assert true_stock(market, skus) == dict.fromkeys(skus, NEW)
        assert set(await standings(line, skus)) == {Standing.SENT}
        assert "feed ended" in await line.events(carried[0])
        assert await line.shop.store.read(lambda c: stock_messages.count(c, feed.id)) == 0
        assert not market.truth.over_budget


async def test_one_that_was_given_up_is_watched_on(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await sent(line, skus)
        with pytest.raises(InvalidRequest, match="Amazon is working through it"):
            await line.shop.command(lambda unit, asked: abandon_feed(unit, asked, "1"))
        await feeding(line, 40 * 60, beside=True)
        told = await line.shop.command(lambda unit, asked: abandon_feed(unit, asked, "1"))
        assert told.in_doubt == len(fed(line.wire))
        await line.want(dict.fromkeys(skus, NEW))
        await feeding(line, STUCK, beside=True)
        (feed, *later) = await all_feeds(line)
        assert feed.state == "done" and later, "the lane went on"
        assert true_stock(market, skus) == dict.fromkeys(skus, NEW)
        assert set(await standings(line, skus)) == {Standing.SENT}


async def test_one_that_was_given_up_before_its_skus_have_left_it(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await sent(line, skus)
        await line.shop.store.write(
            lambda unit: unit.connection.exec_driver_sql("UPDATE feeds SET stuck_since = created_at")
        )
        await line.shop.command(lambda unit, asked: abandon_feed(unit, asked, "1"))
        await feeding(line, 300, beside=True)
        assert true_stock(market, skus) == dict.fromkeys(skus, OLD)
        assert Standing.IN_FLIGHT not in await standings(line, skus)


@pytest.mark.parametrize(("fault", "state"), [("reset_after", "done"), ("reset", "not created")])
async def test_a_feed_of_which_nobody_knows_is_looked_for(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str], fault: str, state: str
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        market.faults.plan(fault, operation="createFeed")
        await line.want(dict.fromkeys(skus, OLD))
        await feeding(line, 100, beside=True)
        (feed,) = await all_feeds(line)
        assert feed.state == "unknown"
        stands = set(await standings(line, skus))
        assert Standing.SHADOWED in stands and Standing.IN_FLIGHT not in stands, "requests went on"
        await line.want(dict.fromkeys(skus, NEW))
        await feeding(line, 3600, beside=True)
        (feed, *_) = await all_feeds(line)
        assert (feed.state, feed.adopted) == (state, state == "done")
        assert true_stock(market, skus) == dict.fromkeys(skus, NEW)
        assert set(await standings(line, skus)) == {Standing.SENT}


async def test_feeds_that_come_to_nothing_are_tried_more_and_more_rarely(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    market.faults.plan("feed_cancelled", None, operation=LISTINGS)
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys(skus, OLD))
        await feeding(line, 3600)
        made = await all_feeds(line)
        assert {feed.state for feed in made} == {"cancelled"}
        assert 4 <= len(made) <= 6
        assert set(await standings(line, skus)) == {Standing.WAITING}
        assert "trying again after a feed that came to nothing" in line.shown


async def test_what_cannot_be_said_leaves_the_feed(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys([*skus, ""], OLD))
        await feeding(line, 120)
        (feed, *_) = await all_feeds(line)
        assert feed.state == "done" and "" not in fed(line.wire)
        assert feed.successful == feed.messages == len(fed(line.wire))
        row = (await line.row("")).desired
        assert row.stands(clock.now()) is Standing.HELD_BACK and "no feed can carry it" in row.reason


def test_a_document_holds_what_can_be_said_as_far_as_there_is_room() -> None:
    changes = [
        ListingChange(sku=sku, patches=(quantity_patch(1),)) for sku in ("A", "\ud800", "B", "", "C", "D")
    ]
    said = made_of("SELLER", changes, 3)

    assert said.document is not None and said.document.skus == ("A", "B", "C")
    assert said.left_out.keys() == {"\ud800", "", "D"}
    assert said.left_out["D"] == "" and said.left_out[""] and said.left_out["\ud800"]
    assert made_of("SELLER", changes[3:4], 3).document is None


async def test_silence_counts_as_stuck(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    wire = FeedWire(market, clock)
    async with feed_line(tmp_path, clock, market, wire) as line:
        await line.want(dict.fromkeys(skus, OLD))
        await feeding(line, 30)
        market.faults.plan("error_503", None, operation="getFeed")
        for _ in range(5):
            await feeding(line, 600)
            assert line.trouble is not None, "it is shown as failing, and started again"
        (feed,) = await all_feeds(line)
        assert feed.stuck_since is not None and "has not said" in feed.reason
        market.faults.clear()
        await feeding(line, 600, beside=True)
        assert set(await standings(line, skus)) == {Standing.SENT}
