"""Despatch, cancellation and refund, from the effect to the simulated Amazon's truth and back."""

from datetime import datetime, timedelta

import pytest

from channeld.amazon.errors import AmazonError, AmazonUnavailable, BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.feeds.answers import read_feed, read_feed_document, read_feeds, read_result_document
from channeld.amazon.feeds.calls import create_feed_document_call, feed_call, feeds_call, feeds_page_call
from channeld.amazon.feeds.documents import upload
from channeld.amazon.feeds.envelope import CONTENT_TYPE
from channeld.amazon.feeds.reports import judge, read_report
from channeld.amazon.finances import Transaction, transactions_call
from channeld.amazon.orders import order_call, read_order
from channeld.amazon.shipments import confirm_shipment_call
from channeld.domain.ledger.effects import Component
from channeld.domain.order import IncomingOrder, Package, Units
from channeld.sandbox import Line, Market, Order, SandboxOptions
from tests.support.amazon_effects import cancel, despatch, refund
from tests.support.amazon_shop import AmazonShop, amazon_shop
from tests.support.fake_clock import START, FakeClock

GB = "A1F83G8C2ARO7P"
SHIP = "POST_ORDER_FULFILLMENT_DATA"
ITEM, OTHER = "11111111111111", "22222222222222"
LINES = (Line(sku="A", order_item_id=ITEM, quantity=3, unit_price=1000), Line(sku="B", order_item_id=OTHER))
PARCEL = despatch(lines=(Units(ITEM, 3), Units(OTHER, 1)), shipped_at=START)
OPTIONS = SandboxOptions(finances_delay=600)


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, OPTIONS)


@pytest.fixture
def order(market: Market) -> Order:
    return market.place_order(country="GB", lines=LINES, at=START - timedelta(hours=1))


async def outcomes(shop: AmazonShop, feed_id: str, sent: int) -> list[str]:
    """What the feed's report says of each message, 70 s after it was created."""
    await shop.clock.advance(70)
    judged = judge(read_report(await shop.report(feed_id)), range(1, sent + 1))
    return [message.outcome for message in judged.values()]


async def seen(shop: AmazonShop, order: Order) -> IncomingOrder:
    await shop.clock.advance(5)
    return read_order(await shop.ask(order_call(order.order_id)))


async def refunds(shop: AmazonShop, order: Order) -> list[Transaction]:
    found: list[Transaction] = []
    page = await shop.ask(transactions_call(order.order_id))
    found += page.transactions
    while page.next_token:
        page = await shop.ask(transactions_call(order.order_id, page.next_token))
        found += page.transactions
    return found


async def test_a_tracked_parcel_is_confirmed_once_and_seen_again(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with amazon_shop(clock, market) as shop:
        for _ in range(2):
            await shop.ask(confirm_shipment_call(order.order_id, GB, 4711, PARCEL))
        read = await seen(shop, order)
    assert read.status == "SHIPPED"
    assert read.packages == (
        Package(reference="4711", carrier="Royal Mail", tracking="JD0001", lines=PARCEL.lines),
    )


async def test_what_amazon_does_not_take_is_told_in_its_words(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with amazon_shop(clock, market) as shop:
        with pytest.raises(BadRequest) as refused:
            call = confirm_shipment_call(order.order_id, GB, 1, despatch(lines=(Units(ITEM, 9),)))
            await shop.ask(call)
        assert refused.value.text and not refused.value.is_ambiguous
        with pytest.raises(NotFound):
            await shop.ask(confirm_shipment_call("203-0000000-0000000", GB, 1, PARCEL))


@pytest.mark.parametrize("fault", ["reset_after", "error_500_after"])
async def test_a_parcel_that_was_confirmed_without_an_answer_is_ambiguous(
    clock: FakeClock, market: Market, order: Order, fault: str
) -> None:
    market.faults.plan(fault, operation="confirmShipment")
    async with amazon_shop(clock, market) as shop:
        with pytest.raises(AmazonError) as failed:
            await shop.ask(confirm_shipment_call(order.order_id, GB, 4711, PARCEL))
        assert failed.value.is_ambiguous
        assert [package.reference for package in (await seen(shop, order)).packages] == ["4711"]


@pytest.mark.parametrize("zipped", [False, True])
async def test_an_untracked_parcel_by_feed(clock: FakeClock, zipped: bool) -> None:
    market = Market(clock, SandboxOptions(gzip_results=zipped))
    orders = [market.place_order(country="GB", lines=LINES, at=START - timedelta(hours=1)) for _ in range(2)]
    untracked = despatch(lines=PARCEL.lines, shipped_at=START, tracking="", method="")
    wrong = despatch(lines=(Units("33333333333333", 1),), shipped_at=START)
    async with amazon_shop(clock, market) as shop:
        told = (orders[0].order_id, untracked), (orders[1].order_id, wrong)
        feed_id = await shop.submit("despatch", *told)
        assert await outcomes(shop, feed_id, 2) == ["ok", "error"]
        report = read_report(await shop.report(feed_id))
        read = await seen(shop, orders[0])
    assert read.packages == (Package(reference="7001", carrier="Royal Mail", lines=PARCEL.lines),)
    (result,) = report.results
    assert result.message_id == 2 and result.text


async def test_a_cancelled_line_and_a_cancelled_order_are_seen_as_such(
    clock: FakeClock, market: Market, order: Order
) -> None:
    other = market.place_order(country="GB", lines=LINES)
    line = cancel(lines=(Units(ITEM, 3),), whole_lines=(ITEM,))
    everything = cancel(lines=(Units(ITEM, 3), Units(OTHER, 1)), whole_lines=(ITEM, OTHER))
    async with amazon_shop(clock, market) as shop:
        told = (order.order_id, line), (other.order_id, everything)
        feed_id = await shop.submit("cancellation", *told)
        assert await outcomes(shop, feed_id, 2) == ["ok", "ok"]
        read, gone = await seen(shop, order), await seen(shop, other)
    assert [each.cancelled for each in read.lines] == [True, False]
    assert (gone.status, [each.cancelled for each in gone.lines]) == ("CANCELLED", [True, True])


async def test_part_of_a_line_is_told_by_quantity_and_amazons_no_is_an_error(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with amazon_shop(clock, market) as shop:
        feed_id = await shop.submit(
            "cancellation", (order.order_id, cancel(lines=(Units(ITEM, 1),), whole_lines=()))
        )
        assert await outcomes(shop, feed_id, 1) == ["error"]
    assert not market.truth.effects


async def test_a_refund_is_found_in_the_finances_to_the_cent(clock: FakeClock, market: Market) -> None:
    order = market.place_order(country="GB", lines=LINES, status="SHIPPED", at=START - timedelta(days=1))
    effect = refund(order_item_id=ITEM, components=(Component("Principal", 1234),))
    async with amazon_shop(clock, market) as shop:
        feed_id = await shop.submit("refund", (order.order_id, effect))
        assert await outcomes(shop, feed_id, 1) == ["ok"]
        assert await refunds(shop, order) == []
        await clock.advance(600)
        market.faults.plan("empty_page")
        (found,) = await refunds(shop, order)
    assert (found.kind, found.order_id, found.currency) == ("Refund", order.order_id, "GBP")
    (item,) = found.items
    assert (item.sku, item.minor, item.currency) == ("A", 1234, "GBP")
    assert START <= found.posted_at <= START + timedelta(seconds=120)


@pytest.mark.parametrize("detail", ["", "results"])
async def test_a_report_that_contradicts_itself_is_unknown(
    clock: FakeClock, market: Market, order: Order, detail: str
) -> None:
    market.faults.plan("report_contradicts", detail=detail, operation=SHIP)
    async with amazon_shop(clock, market) as shop:
        feed_id = await shop.submit("despatch", (order.order_id, PARCEL))
        assert await outcomes(shop, feed_id, 1) == ["unknown"]


async def test_a_document_that_nobody_can_read_fails_every_message(clock: FakeClock, market: Market) -> None:
    async with amazon_shop(clock, market) as shop:
        broken = despatch(carrier_code="Other", carrier_name="x", lines=(Units("x" * 30, 1),))
        feed_id = await shop.submit("despatch", ("203-0000000-0000000", broken))
        shop.market.lanes.feeds[feed_id].content = b"<AmazonEnvelope/>"
        assert await outcomes(shop, feed_id, 1) == ["error"]


async def test_a_feed_that_was_created_without_an_answer_is_among_the_feeds(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.faults.plan("reset_after", operation="createFeed")
    async with amazon_shop(clock, market) as shop:
        with pytest.raises(AmazonUnavailable) as lost:
            await shop.submit("despatch", (order.order_id, PARCEL))
        assert lost.value.is_ambiguous
        (feed,) = (await shop.ask(feeds_call(SHIP, START - timedelta(minutes=2)))).feeds
        assert abs(feed.created_at - clock.now()) < timedelta(minutes=1)
        assert await outcomes(shop, feed.feed_id, 1) == ["ok"]
        assert not (await shop.ask(feeds_call("POST_PAYMENT_ADJUSTMENT_DATA", START))).feeds


async def test_feeds_come_in_pages(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(rates={"createFeed": 1000.0, "createFeedDocument": 1000.0}))
    order = market.place_order(country="GB", lines=LINES, at=START - timedelta(hours=1))
    async with amazon_shop(clock, market) as shop:
        made = [await shop.submit("despatch", (order.order_id, PARCEL)) for _ in range(3)]
        short = feeds_call(SHIP, START)
        query = tuple((name, "2" if name == "pageSize" else value) for name, value in short.query)
        first = await shop.ask(type(short)(operation=short.operation, query=query))
        second = await shop.ask(feeds_page_call(first.next_token))
    assert [feed.feed_id for feed in (*first.feeds, *second.feeds)] == made[::-1]
    assert second.next_token == ""


async def test_a_feed_that_sticks_and_one_that_is_cancelled(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with amazon_shop(clock, market) as shop:
        market.faults.plan("feed_cancelled", operation=SHIP)
        gone = await shop.submit("despatch", (order.order_id, PARCEL))
        market.faults.plan("feed_stuck", operation=SHIP)
        stuck = await shop.submit("despatch", (order.order_id, PARCEL))
        await clock.advance(3600)
        assert (await shop.ask(feed_call(gone))).status == "CANCELLED"
        feed = await shop.ask(feed_call(stuck))
    assert (feed.status, feed.result_document_id, feed.feed_type) == ("IN_PROGRESS", "", SHIP)


async def test_an_upload_cannot_be_repeated_nor_be_late(clock: FakeClock, market: Market) -> None:
    async with amazon_shop(clock, market) as shop:
        document = await shop.ask(create_feed_document_call(CONTENT_TYPE))
        await upload(shop.http, clock, document, b"<a/>", content_type=CONTENT_TYPE)
        late = await shop.ask(create_feed_document_call(CONTENT_TYPE))
        await clock.advance(301)
        for place in (document, late):
            with pytest.raises(AmazonUnavailable):
                await upload(shop.http, clock, place, b"<a/>", content_type=CONTENT_TYPE)


async def test_a_download_that_was_cut_is_damaged(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(gzip_results=True))
    order = market.place_order(country="GB", lines=LINES, at=START - timedelta(hours=1))
    async with amazon_shop(clock, market) as shop:
        feed_id = await shop.submit("despatch", (order.order_id, PARCEL))
        await clock.advance(70)
        market.faults.plan("truncated", operation="downloadDocument")
        with pytest.raises(UnreadableAnswer):
            await shop.report(feed_id)
        assert await outcomes(shop, feed_id, 1) == ["ok"]


FEED = (
    b'{"feedId":"1","feedType":"A_B","createdTime":"2026-11-22T09:00:00+00:00","processingStatus":"DONE"%s}'
)


def test_answers_may_leave_out_what_is_optional() -> None:
    feed = read_feed(FEED % b',"resultFeedDocumentId":null,"marketplaceIds":null')
    assert (feed.feed_id, feed.status, feed.result_document_id) == ("1", "DONE", "")
    assert feed.created_at == datetime.fromisoformat("2026-11-22T09:00:00Z")
    assert read_feeds(b'{"feeds":[],"nextToken":null}').next_token == ""
    assert not read_result_document(b'{"feedDocumentId":"d","url":"https://x"}').gzip


@pytest.mark.parametrize(
    "body",
    [
        FEED.replace(b"DONE", b"") % b"",
        FEED.replace(b"2026-11-22T09:00:00+00:00", b"yesterday") % b"",
        FEED.replace(b'"1"', b'"a b"') % b"",
        FEED % (b',"resultFeedDocumentId":"%s"' % (b"x" * 400)),
        b"{}",
        b"",
    ],
)
def test_an_answer_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_feed(body)


def test_one_feed_that_cannot_be_read_spoils_no_list() -> None:
    good, bad = FEED % b"", FEED.replace(b"DONE", b"") % b""
    page = read_feeds(b'{"feeds":[%s,%s,{},null],"nextToken":"2"}' % (bad, good))
    assert [feed.feed_id for feed in page.feeds] == ["1"]
    assert (page.unreadable, page.next_token) == (3, "2")


def test_a_document_that_is_packed_in_an_unknown_way_is_refused() -> None:
    with pytest.raises(ValueError, match="compressed"):
        read_result_document(b'{"feedDocumentId":"d","url":"https://x","compressionAlgorithm":"ZSTD"}')
    with pytest.raises(ValueError, match="id"):
        read_feed_document(b'{"feedDocumentId":"","url":"https://x"}')
