"""Stock by feeds, against the simulated Amazon: which SKUs, in which document, and what comes of each."""

from pathlib import Path

import httpx
import pytest

from channeld.book.ledger.holding import adopt
from channeld.domain.stock.desired import Standing
from channeld.domain.stock.latency import DROP, set_to
from channeld.sandbox import Market
from channeld.store import stock_messages, stock_sync
from tests.support.fake_clock import START, FakeClock
from tests.support.feed_line import (
    LISTINGS,
    FeedWire,
    all_feeds,
    documents,
    feed_line,
    feeding,
    own_stock,
    standings,
    true_stock,
)
from tests.support.stock_line import INSTANCE, SELLER, stock_market

MANY = 60
RATES = {"patchListingsItem": 0.5}
OVER = 120.0
"""Seconds until a feed of so many has ended."""


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return stock_market(clock, 300, rates=RATES)


@pytest.fixture
def skus(market: Market) -> list[str]:
    return own_stock(market, MANY)


def levels(skus: list[str]) -> dict[str, int]:
    """A quantity for each, unlike what any has."""
    return {sku: 7_000 + number for number, sku in enumerate(skus)}


def cut_result(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
    """Half of a feed's report."""
    if request.method != "GET" or b"messagesProcessed" not in response.content:
        return None
    return httpx.Response(200, content=response.content[: len(response.content) // 2])


async def test_few_go_by_requests_alone(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(levels(skus[:25]))
        await feeding(line, 600)
        assert await all_feeds(line) == []
        assert line.shown[-1] in ("stock for a feed", "more to go with it")


async def test_many_go_by_both_ways_and_are_told_once(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    wanted = levels(skus)
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(wanted)
        await feeding(line, 90, beside=True)
        (feed,) = await all_feeds(line)
        assert (feed.state, feed.with_error, feed.marketplaces) == ("done", 0, ("A1F83G8C2ARO7P",))
        assert feed.successful == feed.messages and 20 < feed.messages < 35
        assert set(await standings(line, skus)) == {Standing.SENT}
        assert {len(line.told(sku)) for sku in skus} == {1}
        routes = [market.truth.told[SELLER, sku][0].route for sku in skus]
        assert routes.count(LISTINGS) == feed.messages
        dates = await line.shop.store.read(stock_sync.all_channels)
        assert dates[1].synced_at == dates[2].synced_at
        assert await line.shop.store.read(lambda c: stock_messages.count(c, feed.id)) == 0
        await clock.advance(30)
        assert true_stock(market, skus) == wanted
        assert not market.truth.over_budget and not market.truth.invalid


async def test_each_sku_says_when_it_was_sent_and_in_which_feed(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(levels(skus))
        await feeding(line, OVER)
        (feed, *_) = await all_feeds(line)
        sent, accepted = await line.history(skus[-1])
        assert (sent.event, sent.route, sent.quantity) == ("sent", "feed", 7_000 + MANY - 1)
        assert (accepted.event, accepted.reference) == ("accepted", feed.feed_id)


async def test_requests_keep_what_is_most_urgent(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(dict.fromkeys(skus[30:], 0))
        await line.want(dict.fromkeys(skus[:30], 7))
        await feeding(line, 20)
        (document,) = documents(line.wire)
        assert {message["sku"] for message in document["messages"]} <= set(skus[:30])


async def test_the_document_keeps_the_rules_of_its_schema(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    market.listings.stock(SELLER, skus[-1], START, lead_time=4)
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(levels(skus[:40]))
        await line.want(levels(skus[40:50]), set_to(30))
        await line.want(levels(skus[50:]), DROP)
        await feeding(line, OVER)
        (document, *_) = documents(line.wire)
    assert set(document) == {"header", "messages"}
    assert set(document["header"]) == {"sellerId", "version", "issueLocale"}
    assert (document["header"]["sellerId"], document["header"]["version"]) == (SELLER, "2.0")
    messages = document["messages"]
    assert 1 <= len(messages) <= 25_000
    assert [message["messageId"] for message in messages] == list(range(1, len(messages) + 1))
    assert len({message["sku"] for message in messages}) == len(messages)
    allowed = {"messageId", "sku", "operationType", "productType", "patches"}
    for message in messages:
        assert set(message) == allowed
        assert (message["operationType"], message["productType"]) == ("PATCH", "PRODUCT")
        (patch,) = message["patches"]
        assert set(patch) == {"op", "path", "value"}
        assert patch["path"] == "/attributes/fulfillment_availability"
        (entry,) = patch["value"]
        assert entry["fulfillment_channel_code"] == "DEFAULT" and isinstance(entry["quantity"], int)
        assert patch["op"] == ("replace" if message["sku"] in skus[50:] else "merge")
        days = 30 if message["sku"] in skus[40:50] else None
        assert entry.get("lead_time_to_ship_max_days") == days


async def test_what_amazon_refuses_is_refused_alone(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    market.faults.plan("write_invalid", operation=LISTINGS, sku=skus[-1])
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(levels(skus))
        await feeding(line, OVER)
        (feed, *_) = await all_feeds(line)
        assert (feed.state, feed.with_error, feed.successful) == ("done", 1, feed.messages - 1)
        refused = (await line.row(skus[-1])).desired
        assert refused.stands(clock.now()) is Standing.HELD_BACK
        assert refused.reason.startswith("Amazon refused it: ")
        assert (await line.events(skus[-1])) == ["sent", "refused"]
        assert (await line.row(skus[-2])).desired.stands(clock.now()) is Standing.SENT


@pytest.mark.parametrize(
    ("fault", "detail", "state"),
    [
        ("feed_cancelled", "", "cancelled"),
        ("feed_fatal", "", "fatal"),
        ("feed_fatal", "all", "fatal"),
        ("report_missing", "", "done"),
        ("report_contradicts", "", "done"),
        ("report_contradicts", "results", "done"),
        ("truncated", "", "done"),
    ],
)
async def test_whatever_a_feed_comes_to_the_right_number_is_there(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str], fault: str, detail: str, state: str
) -> None:
    wanted, wire = levels(skus), FeedWire(market, clock)
    if fault == "truncated":
        wire.rewrite = cut_result
    else:
        market.faults.plan(fault, detail=detail, operation=LISTINGS)
    async with feed_line(tmp_path, clock, market, wire) as line:
        await line.want(wanted)
        await feeding(line, 600, beside=True)
        first = (await all_feeds(line))[0]
        assert first.state == state and (first.reason or detail == "results" or first.with_error)
        assert set(await standings(line, skus)) == {Standing.SENT}
        await clock.advance(30)
        assert true_stock(market, skus) == wanted
        assert not market.truth.over_budget


async def test_feeds_follow_one_another_and_no_more_than_five_in_five_minutes(
    tmp_path: Path, clock: FakeClock, skus: list[str]
) -> None:
    market = stock_market(clock, 300, rates=RATES, feed_seconds=10.0, feed_message_seconds=0.0)
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(levels(skus))
        await feeding(line, 280, messages=5)
        assert len(await all_feeds(line)) == 5
        await feeding(line, 200, messages=5)
        assert len(await all_feeds(line)) > 5
    assert not market.truth.over_budget
    assert {count for (_, _, what), count in market.truth.writes.items() if what == "INVALID"} == set()


async def test_another_installation_sends_nothing(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await line.shop.store.write(lambda unit: adopt(unit, "another machine"))
        await line.want(levels(skus))
        await feeding(line, OVER)
        assert await all_feeds(line) == []
        await line.shop.store.write(lambda unit: adopt(unit, INSTANCE))
        await feeding(line, OVER)
        assert [feed.state for feed in await all_feeds(line)] == ["done"]


async def test_a_channel_that_is_switched_off_meanwhile_is_not_told(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    wire = FeedWire(market, clock)
    async with feed_line(tmp_path, clock, market, wire) as line:
        wire.on_upload = lambda: line.shop.set(dry_run="on")
        await line.want(levels(skus))
        await feeding(line, OVER)
        (feed,) = await all_feeds(line)
        assert feed.state == "not created" and "does not send" in feed.reason
        assert not market.truth.told
        assert set(await standings(line, skus)) == {Standing.WAITING}


async def test_how_long_feeds_take_is_learnt(tmp_path: Path, clock: FakeClock, skus: list[str]) -> None:
    """At an Amazon that takes five minutes for a feed so few go by requests from then on."""
    slow = stock_market(clock, 300, rates=RATES, feed_seconds=300.0)
    async with feed_line(tmp_path, clock, slow) as line:
        await line.want(levels(skus))
        await feeding(line, 500)
        await line.want({sku: quantity + 1 for sku, quantity in levels(skus).items()})
        await feeding(line, 300)
        assert [feed.state for feed in await all_feeds(line)] == ["done"]


async def test_the_end_of_a_feed_is_known_within_two_seconds(
    tmp_path: Path, clock: FakeClock, market: Market, skus: list[str]
) -> None:
    async with feed_line(tmp_path, clock, market) as line:
        await line.want(levels(skus))
        await feeding(line, OVER)
        (feed, *_) = await all_feeds(line)
        looks = [request for request in line.wire.requests if request.url.path.endswith(feed.feed_id)]
    assert feed.submitted_at is not None and feed.moved_at is not None
    took = (feed.moved_at - feed.submitted_at).total_seconds()
    assert 0 <= took - (60 + 0.02 * feed.messages) <= 2
    assert len(looks) < 40
