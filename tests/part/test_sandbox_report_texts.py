"""What stands in the reports of the sandbox: columns, charsets, dates and rows as real ones have them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from channeld.sandbox import AccountSpec, Line, Market, SandboxOptions, demo_accounts
from channeld.sandbox.options import ReportColumns
from channeld.sandbox.reports.dates import open_date
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import connected
from tests.support.sandbox_reports import ALL_DATA, DE, GB, JP, US, content, download, made, rows, table

ACTIVE, OPEN, AFN = (
    "GET_MERCHANT_LISTINGS_DATA",
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA",
    "GET_AFN_INVENTORY_DATA",
)
ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
JAPAN = AccountSpec(
    seller_id="A3SANDBOXFE",
    region="FE",
    countries=("JP",),
    client_id="client",
    client_secret="secret",  # noqa: S106 - the sandbox's own
    refresh_token="Atzr|jp",  # noqa: S106 - the sandbox's own
)


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(listings=200))


async def test_a_listing_report_tells_what_is_listed(clock: FakeClock, market: Market) -> None:
    market.listings.change("PAN-28", price=123_456, quantity=7, standing="Inactive")
    await clock.advance(2)
    async with connected(market) as client:
        found = {row["seller-sku"]: row for row in await rows(client, await made(clock, client))}
    for listing in market.listings.all():
        row = found.pop(listing.sku)
        price = row["price"].replace(",", "")
        assert price == ("" if listing.price is None else f"{listing.price / 100:.2f}")
        assert row["quantity"].strip() == ("" if listing.quantity is None else str(listing.quantity))
        assert row["status"] == listing.standing and row["asin1"] == listing.asin
        assert row["fulfillment-channel"] == ("AMAZON_EU" if listing.amazon else "DEFAULT")
        assert row["item-name"] == listing.title.encode("cp1252", "replace").decode("cp1252")
    assert not found


async def test_rows_differ_in_how_they_write_the_same(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        found = await rows(client, await made(clock, client))
    at_amazon = {row["quantity"] for row in found if row["fulfillment-channel"] == "AMAZON_EU"}
    dear = {"," in row["price"] for row in found if len(row["price"]) > 6}
    assert at_amazon == {"", "  "} and dear == {True, False}
    assert any("?" in row["item-name"] for row in found) and any("é" in row["item-name"] for row in found)
    assert any('"' in row["item-name"] for row in found)


@pytest.mark.parametrize(
    ("features", "report_type", "columns"),
    [
        ((), ACTIVE, 27),
        (("shipping_group",), ACTIVE, 28),
        (("shipping_group",), ALL_DATA, 29),
        (("shipping_group", "price_limits"), ALL_DATA, 31),
        (("shipping_group", "business"), ACTIVE, 47),
    ],
)
async def test_accounts_have_other_columns(
    clock: FakeClock, features: tuple[ReportColumns, ...], report_type: str, columns: int
) -> None:
    account = replace(demo_accounts()[0], report_columns=features)
    market = Market(clock, SandboxOptions(listings=30, accounts=(account,)))
    async with connected(market) as client:
        text = await content(client, await made(clock, client, report_type))
    header, *lines = text.splitlines()
    assert len(header.split("\t")) == columns
    assert {line.count("\t") for line in lines} == {columns - 1}
    assert ("status" in header.split("\t")) == (report_type == ALL_DATA)


async def test_only_active_listings_are_in_the_active_reports(clock: FakeClock, market: Market) -> None:
    active = [listing for listing in market.listings.all() if listing.standing == "Active"]
    async with connected(market) as client:
        listed = await rows(client, await made(clock, client, ACTIVE))
        offered = await rows(client, await made(clock, client, OPEN))
    assert {row["seller-sku"] for row in listed} == {listing.sku for listing in active}
    assert {row["sku"] for row in offered} == {listing.sku for listing in active if not listing.is_parent}


async def test_stock_at_amazon_has_a_sku_twice(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        found = await rows(client, await made(clock, client, AFN))
    skus = [row["seller-sku"] for row in found]
    assert set(skus) == {listing.sku for listing in market.listings.all() if listing.amazon}
    assert len(skus) > len(set(skus))
    assert {row["Warehouse-Condition-code"] for row in found} == {"SELLABLE", "UNSELLABLE"}


async def test_japanese_reports_are_in_their_own_charset(clock: FakeClock) -> None:
    options = SandboxOptions(listings=100, accounts=(JAPAN,), localized_reports=True, report_repeat_seconds=0)
    market = Market(clock, options)
    async with connected(market) as client:
        _, answer = await download(client, report := await made(clock, client, marketplace=JP))
        own = await rows(client, report)
        english = await made(
            clock, client, marketplace=JP, reportOptions={"preferredReportDocumentLocale": "en_US"}
        )
        plain = await rows(client, english)
    assert answer.headers["content-type"] == "text/plain; charset=Shift_JIS"
    assert {"商品名", "出品者SKU", "価格"} <= set(own[0])
    assert [list(row.values()) for row in own] == [list(row.values()) for row in plain]
    assert any("抹茶" in row["item-name"] for row in plain) and any("?" in row["item-name"] for row in plain)
    assert all("." not in row["price"] for row in plain)


@pytest.mark.parametrize(
    ("country", "at", "written"),
    [
        ("GB", datetime(2016, 7, 8, 9, 12, 40, tzinfo=UTC), "08/07/2016 10:12:40 BST"),
        ("GB", datetime(2011, 3, 24, 9, 29, 39, tzinfo=UTC), "24/03/2011 09:29:39 GMT"),
        ("GB", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29/03/2026 02:00:00 BST"),
        ("DE", datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), "25/10/2026 02:59:59 MEST"),
        ("DE", datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25/10/2026 02:00:00 MET"),
        ("US", datetime(2022, 3, 15, 9, 26, 37, tzinfo=UTC), "2022-03-15 02:26:37 PDT"),
        ("US", datetime(2026, 11, 1, 8, 59, tzinfo=UTC), "2026-11-01 01:59:00 PDT"),
        ("US", datetime(2026, 11, 1, 9, 0, tzinfo=UTC), "2026-11-01 01:00:00 PST"),
        ("JP", datetime(2026, 7, 1, 15, 0, tzinfo=UTC), "2026/07/02 00:00:00 JST"),
        ("BR", datetime(2024, 1, 15, 10, 0, tzinfo=UTC), "2024-01-15 10:00:00 UTC"),
    ],
)
def test_dates_are_in_the_marketplaces_own_time(country: str, at: datetime, written: str) -> None:
    assert open_date(at, country) == written


async def test_lines_end_as_in_the_region(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        europe = await content(client, await made(clock, client))
        america = await content(other, await made(clock, other, marketplace=US))
    assert "\r" not in europe
    assert america.count("\r\n") == america.count("\n") == 201


async def test_an_order_report_has_a_row_for_each_item(clock: FakeClock, market: Market) -> None:
    lines = (
        Line(sku="A", quantity=2, unit_price=1250, shipping=300, discount=100),
        Line(sku="B", unit_price=600, business_price=True),
    )
    day = timedelta(days=1)
    whole = market.place_order(country="GB", lines=lines, at=START - day, status="SHIPPED")
    pending = market.place_order(country="DE", at=START - day, status="PENDING")
    market.place_order(country="FR", at=START - day)
    async with connected(market) as client:
        span: dict[str, Any] = {"dataStartTime": (START - 2 * day).isoformat(), "marketplaceIds": [GB, DE]}
        text = await content(client, await made(clock, client, ORDERS, **span))
    found = table(text)
    assert [(row["amazon-order-id"], row["sku"]) for row in found] == [
        (whole.order_id, "A"),
        (whole.order_id, "B"),
        (pending.order_id, "SKU-1"),
    ]
    first = found[0]
    assert (first["quantity"], first["currency"], first["item-price"], first["item-tax"]) == (
        "2",
        "GBP",
        "25.00",
        "4.17",
    )
    assert first["item-promotion-discount"] == "1.00" and first["vat-exclusive-item-price"] == "20.83"
    assert first["sales-channel"] == "Amazon.co.uk" and first["order-status"] == "Shipped"
    assert first["purchase-date"] == "2026-11-21T09:00:00+00:00"
    assert found[1]["price-designation"] == "Business Price"
    assert (found[2]["item-price"], found[2]["order-status"]) == ("", "Pending")
    assert whole.buyer.name not in text
