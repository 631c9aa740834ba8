"""Reports and listings from the request to what is read, against the simulated Amazon's truth."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from channeld.amazon.documents.download import download
from channeld.amazon.documents.stream import open_document
from channeld.amazon.errors import AmazonUnavailable, BadRequest, DocumentTruncated
from channeld.amazon.listings.calls import listings_item_call, search_listings_call
from channeld.amazon.reports.answers import Report
from channeld.amazon.reports.calls import (
    cancel_report_call,
    create_report_call,
    report_call,
    report_document_call,
    reports_call,
)
from channeld.amazon.reports.columns import Columns, read_columns
from channeld.amazon.reports.listing_rows import ListingReader
from channeld.amazon.reports.order_rows import OrderReader
from channeld.amazon.reports.splitting import Ended, RowSplitter
from channeld.amazon.reports.types import ALL_LISTINGS, ORDERS_BY_UPDATE, report_type
from channeld.domain.listing.reported import ReportedListing
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.reported_order import ReportedOrder
from channeld.sandbox import AccountSpec, Market, SandboxOptions
from channeld.sandbox.marketplaces import Region
from channeld.sandbox.options import ReportColumns
from tests.support.amazon_shop import AmazonShop, amazon_shop
from tests.support.fake_clock import START, FakeClock

GB, DE = BY_CODE["UK"], BY_CODE["DE"]
SIZE = 60


def lossy(sku: str, charset: str) -> str:
    """Letters that the report's charset lacks are question marks at Amazon already."""
    return sku.encode(charset, "replace").decode(charset)


REGIONS: Mapping[str, Region] = {"eu": "EU", "na": "NA", "fe": "FE"}
"""Ours, and the sandbox's names of them."""
FEATURES: tuple[ReportColumns, ...] = ("business", "payment_exclusion", "shipping_group", "price_limits")


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(listings=SIZE, order_report_lag=0))


def selling_in(clock: FakeClock, code: str, columns: tuple[ReportColumns, ...]) -> Market:
    """A market with one account, in that country only."""
    place = BY_CODE[code]
    spec = AccountSpec(
        seller_id="A1SELLER",
        region=REGIONS[place.region],
        countries=("GB" if code == "UK" else code,),
        client_id="c",
        client_secret="s",  # noqa: S106 (nobody's)
        refresh_token="r",  # noqa: S106 (nobody's)
        report_columns=columns,
    )
    return Market(clock, SandboxOptions(accounts=(spec,), listings=SIZE, localized_reports=True))


async def made(shop: AmazonShop, name: str, marketplace_id: str, **wanted: Any) -> Report:
    """The report when it has ended."""
    report_id = await shop.ask(create_report_call(name, [marketplace_id], **wanted))
    await shop.clock.advance(60)
    return await shop.ask(report_call(report_id))


async def lines_of(shop: AmazonShop, report: Report) -> tuple[Columns, list[bytes], Ended]:
    """All that is in its document."""
    place = await shop.ask(report_document_call(report.document_id))
    async with open_document(shop.http, shop.clock, place) as document:
        splitter = RowSplitter(document.charset, keeps_text=True)
        lines = [line async for piece in document for line in splitter.feed(piece)]
    ended = splitter.finish()
    kind = report_type(report.report_type)
    return read_columns(splitter.header, splitter.charset, kind), [*lines, *ended.rest], ended


LOCAL = {"preferredReportDocumentLocale": "ja_JP"}


@pytest.mark.parametrize(
    ("code", "features", "width", "options"),
    [
        ("UK", (), 28, {}),
        ("DE", ("shipping_group",), 29, {}),
        ("US", FEATURES, 51, {}),
        ("JP", FEATURES[1:], 32, LOCAL),
    ],
    ids=["UK", "DE", "US", "JP"],
)
async def test_a_listing_report_says_what_is_listed(
    clock: FakeClock,
    code: str,
    features: tuple[ReportColumns, ...],
    width: int,
    options: dict[str, str],
) -> None:
    market, place = selling_in(clock, code, features), BY_CODE[code]
    async with amazon_shop(clock, market) as shop:
        columns, lines, ended = await lines_of(
            shop, await made(shop, ALL_LISTINGS, place.id, options=options)
        )
    reader = ListingReader(columns, place)
    read = {row.sku: row for row in map(reader.read, lines) if isinstance(row, ReportedListing)}
    truth = {lossy(each.sku, columns.charset): each for each in market.listings.all()}
    assert len(columns.names) == width and ("出品者SKU" in columns.names) == (code == "JP")
    assert (len(lines), ended.bad, ended.truncated) == (SIZE, 0, "") and read.keys() == truth.keys()
    assert not [row for row in read.values() if row.unread or row.lost_letters]
    for sku, row in read.items():
        listing = truth[sku]
        assert row.asin == listing.asin and row.status == listing.standing.lower()
        assert row.price_minor == listing.price and row.quantity == listing.quantity
        assert row.opened_at == listing.created.replace(microsecond=0)
        assert row.condition == str(listing.condition)
        assert row.fulfillment_channel.startswith("AMAZON") == listing.amazon


async def test_reports_are_found_again_by_type_and_can_be_taken_back(
    clock: FakeClock, market: Market
) -> None:
    async with amazon_shop(clock, market) as shop:
        first = await shop.ask(create_report_call(ALL_LISTINGS, [GB.id]))
        await shop.ask(create_report_call(ALL_LISTINGS, [DE.id]))
        page = await shop.ask(reports_call([ALL_LISTINGS], START - timedelta(hours=1)))
        waiting = next(report for report in page.reports if report.marketplace_ids == (DE.id,))
        await shop.ask(cancel_report_call(waiting.report_id))
        await clock.advance(60)
        states = [(await shop.ask(report_call(each))).status for each in (first, waiting.report_id)]
    assert len(page.reports) == 2 and states == ["DONE", "CANCELLED"]


@pytest.mark.parametrize("detail", ["", "gzip"])
async def test_a_report_that_is_cut_is_told_from_a_whole_one(
    clock: FakeClock, market: Market, detail: str
) -> None:
    market.faults.plan("report_truncated", detail=detail, operation=ALL_LISTINGS)
    async with amazon_shop(clock, market) as shop:
        report = await made(shop, ALL_LISTINGS, GB.id)
        if detail:
            with pytest.raises(DocumentTruncated):
                await lines_of(shop, report)
        else:
            _, _, ended = await lines_of(shop, report)
            assert ended.truncated == "short last line"


async def test_an_empty_report_is_a_whole_one(clock: FakeClock, market: Market) -> None:
    market.faults.plan("report_empty", operation=ALL_LISTINGS)
    async with amazon_shop(clock, market) as shop:
        _, lines, ended = await lines_of(shop, await made(shop, ALL_LISTINGS, GB.id))
    assert (lines, ended.rows, ended.truncated) == ([], 0, "")


async def test_a_lapsed_address_is_got_over_by_another_one(clock: FakeClock, market: Market) -> None:
    async with amazon_shop(clock, market) as shop:
        report = await made(shop, ALL_LISTINGS, GB.id)
        market.faults.plan("url_lapsed")
        with pytest.raises(AmazonUnavailable, match="does not hold any more"):
            await lines_of(shop, report)
        _, lines, _ = await lines_of(shop, report)
    assert len(lines) == SIZE


async def test_why_a_report_failed_can_be_read(clock: FakeClock, market: Market) -> None:
    market.faults.plan("report_fatal", operation=ALL_LISTINGS)
    async with amazon_shop(clock, market) as shop:
        report = await made(shop, ALL_LISTINGS, GB.id)
        place = await shop.ask(report_document_call(report.document_id))
        reason = await download(shop.http, shop.clock, place)
    assert report.status == "FATAL" and "could not be made" in reason


async def test_the_order_report_says_which_orders_there_are(clock: FakeClock, market: Market) -> None:
    orders = [market.place_order(country="GB", at=START - timedelta(hours=hour)) for hour in range(1, 6)]
    async with amazon_shop(clock, market) as shop:
        span = {"start": START - timedelta(days=1), "end": START}
        columns, lines, _ = await lines_of(shop, await made(shop, ORDERS_BY_UPDATE, GB.id, **span))
    reader = OrderReader(columns, GB)
    read = [row for row in map(reader.read, lines) if isinstance(row, ReportedOrder)]
    assert {row.order_id for row in read} == {order.order_id for order in orders} and len(read) == len(lines)
    assert all(row.updated_at and row.purchased_at and row.status for row in read)


async def test_listings_are_searched_twenty_at_a_time_and_read_in_full(
    clock: FakeClock, market: Market
) -> None:
    truth = {each.sku: each for each in market.listings.all(country="GB")}
    skus = list(truth)[:20]
    async with amazon_shop(clock, market) as shop:
        page = await shop.ask(search_listings_call(shop.seller_id, GB.id, [*skus[:19], "NOBODY'S"]))
        (alone,) = await shop.ask(listings_item_call(shop.seller_id, GB.id, skus[19]))
        with pytest.raises(BadRequest):
            await shop.ask(search_listings_call(shop.seller_id, "NOWHERE", skus))
    assert {item.sku for item in page.items} == set(skus[:19]) and not page.unreadable and not page.next_token
    for item in (*page.items, alone):
        listing = truth[item.sku]
        assert (item.marketplace_id, item.asin, item.title) == (GB.id, listing.asin, listing.title)
        assert item.price_minor == listing.price and item.description == listing.description
        assert item.product_type == listing.product_type and item.attributes
        assert item.created_at and item.updated_at
        assert (item.quantity or 0) == (listing.quantity or 0)
