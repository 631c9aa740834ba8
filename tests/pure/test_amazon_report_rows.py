"""Lines of reports to listings and orders: numbers, dates and blanks in every form that has been met."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.reports.listing_rows import ListingReader
from channeld.amazon.reports.order_rows import OrderReader
from channeld.domain.listing.reported import BadRow, ReportedListing
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.reported_order import ReportedOrder
from tests.support.reports import ENGLISH, listing_columns, listing_line, order_columns, order_line


def read(where: str = "UK", charset: str = "utf-8", **changed: str) -> ReportedListing:
    reader = ListingReader(listing_columns(charset), BY_CODE[where])
    row = reader.read(listing_line(charset, **changed))
    assert isinstance(row, ReportedListing)
    return row


def test_a_line_is_a_listing() -> None:
    assert read() == ReportedListing(
        sku="KETTLE-1",
        asin="B00V7I4DHA",
        listing_id="0816Y30OYFH",
        title="Kettle, blue",
        price_minor=1999,
        quantity=7,
        status="active",
        condition="11",
        fulfillment_channel="DEFAULT",
        opened_at=datetime(2011, 3, 24, 9, 29, 39, tzinfo=UTC),
        product_id="B00V7I4DHA",
        product_id_type="1",
    )


def test_a_report_with_few_columns_leaves_the_others_empty() -> None:
    columns = listing_columns(names=("sku", "asin", "price", "quantity"))
    row = ListingReader(columns, BY_CODE["US"]).read(b"A\tB001\t1.50\t3")
    assert row == ReportedListing(sku="A", asin="B001", price_minor=150, quantity=3)


@pytest.mark.parametrize(
    ("where", "text", "minor"),
    [
        ("UK", "19.99", 1999),
        ("UK", "19.9", 1990),
        ("UK", "20", 2000),
        ("UK", "1,234.50", 123450),
        ("UK", "1,234", 123400),
        ("UK", "12,34", 1234),
        ("UK", "1.2E+3", 120000),
        ("UK", "1.234", None),
        ("UK", "£5", None),
        ("UK", "-1.00", None),
        ("UK", "NaN", None),
        ("UK", "٣.٠٠", None),
        ("UK", "1e99", None),
        ("UK", "12,34,5", None),
        ("UK", "1.2,3.4", None),
        ("DE", "19.99", 1999),
        ("DE", "19,99", 1999),
        ("DE", "1.234,50", 123450),
        ("DE", "1,234.50", 123450),
        ("DE", "1.234", 123400),
        ("DE", "1.234.567", 123456700),
        ("DE", "1,234", None),
        ("DE", "0,123", None),
        ("DE", "1234,5", 123450),
        ("FR", "1 234,50", 123450),
        ("FR", "1\u202f234,50", 123450),
        ("SE", "12\u00a0345", 1234500),
        ("FR", "1 2,50", None),
        ("IN", "1,23,456.00", 12345600),
        ("JP", "1980", 1980),
        ("JP", "1,980", 1980),
        ("JP", "1980.00", 1980),
        ("JP", "19.80", None),
    ],
)
def test_prices_are_read_as_the_marketplace_writes_them_or_not_at_all(
    where: str, text: str, minor: int | None
) -> None:
    row = read(where, price=text)
    assert row.price_minor == minor
    assert row.unread == (() if minor is not None else ("price",)) and row.sku == "KETTLE-1"


@pytest.mark.parametrize("blank", ["", "  ", "\0\0", "\u00a0", "\u3000"])
def test_blanks_of_any_kind_are_nothing(blank: str) -> None:
    row = read(price=blank, quantity=blank, open_date=blank, status=blank, asin1=blank, product_id_type=blank)
    assert (row.price_minor, row.quantity, row.opened_at, row.status, row.asin) == (None, None, None, "", "")
    assert row.unread == ()


@pytest.mark.parametrize(
    ("text", "channel", "quantity", "unread"),
    [
        ("0", "DEFAULT", 0, ()),
        ("1,234", "DEFAULT", 1234, ()),
        ("5.0", "DEFAULT", 5, ()),
        ("1E+2", "DEFAULT", 100, ()),
        ("2.5", "DEFAULT", None, ("quantity",)),
        ("many", "DEFAULT", None, ("quantity",)),
        ("-3", "DEFAULT", None, ("quantity",)),
        ("5", "AMAZON_EU", None, ()),
        ("", "AMAZON_NA", None, ()),
        ("  ", "Amazon_JP", None, ()),
    ],
)
def test_quantities_are_those_of_own_stock(
    text: str, channel: str, quantity: int | None, unread: tuple[str, ...]
) -> None:
    row = read(quantity=text, fulfillment_channel=channel)
    assert (row.quantity, row.unread, row.fulfillment_channel) == (quantity, unread, channel)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("where", "text", "instant"),
    [
        ("UK", "08/07/2016 10:12:40 BST", at(2016, 7, 8, 9, 12, 40)),
        ("UK", "24/03/2011 09:29:39 GMT", at(2011, 3, 24, 9, 29, 39)),
        ("US", "2022-03-15 02:26:37 PDT", at(2022, 3, 15, 9, 26, 37)),
        ("US", "2021-12-31 20:00:00 PST", at(2022, 1, 1, 4, 0, 0)),
        ("US", "2024-01-15 10:00:00 UTC", at(2024, 1, 15, 10, 0, 0)),
        ("DE", "08/07/2016 10:12:40 MEST", at(2016, 7, 8, 8, 12, 40)),
        ("DE", "08.01.2016 10:12:40 MEZ", at(2016, 1, 8, 9, 12, 40)),
        ("IN", "2021-06-02 15:25:33 IST", at(2021, 6, 2, 9, 55, 33)),
        ("IE", "2021-06-02 15:25:33 IST", at(2021, 6, 2, 14, 25, 33)),
        ("JP", "2019/10/01 12:34:56 JST", at(2019, 10, 1, 3, 34, 56)),
        ("UK", "2020-09-11T12:13:14+00:00", at(2020, 9, 11, 12, 13, 14)),
        ("UK", "2020-09-11T12:13:14.123Z", at(2020, 9, 11, 12, 13, 14)),
        ("UK", "2020-09-11 12:13:14 +0530", at(2020, 9, 11, 6, 43, 14)),
        ("UK", "2020-09-11 12:13:14 GMT-03:00", at(2020, 9, 11, 15, 13, 14)),
        ("UK", "8/7/2016 1:12 BST", at(2016, 7, 8, 0, 12, 0)),
        ("UK", "2024-01-15 10:00:00 IST", None),
        ("UK", "2024-01-15 10:00:00 XYZ", None),
        ("UK", "2024-01-15 10:00:00", None),
        ("UK", "2024-13-15 10:00:00 GMT", None),
        ("UK", "31/02/2016 10:12:40 BST", None),
        ("UK", "0001-01-01 00:00:00 BST", None),
        ("UK", "9999-12-31 23:59:59 PST", None),
        ("UK", "2024-01-15 10:00:00 +99:00", None),
        ("UK", "1.5E+10", None),
        ("UK", "yesterday", None),
    ],
)
def test_dates_are_utc_and_of_unknown_zones_none(where: str, text: str, instant: datetime | None) -> None:
    row = read(where, open_date=text, price="")
    assert row.opened_at == instant
    assert row.unread == (() if instant else ("open-date",)), "it stays a listing"


@pytest.mark.parametrize(
    ("text", "status", "unread"),
    [
        ("Active", "active", ()),
        ("INACTIVE", "inactive", ()),
        ("Incomplete", "incomplete", ()),
        ("Unvollständig", "incomplete", ()),
        ("", "", ()),
        ("Suspended", "", ("status",)),
    ],
)
def test_statuses(text: str, status: str, unread: tuple[str, ...]) -> None:
    row = read(status=text)
    assert (row.status, row.unread) == (status, unread)


@pytest.mark.parametrize(
    ("changed", "asin"),
    [
        ({"asin1": "", "product_id": "B002", "product_id_type": "1"}, "B002"),
        ({"asin1": "", "product_id": "4006381333931", "product_id_type": "4"}, ""),
        ({"asin1": "B001", "product_id": "B002", "product_id_type": "1"}, "B001"),
    ],
)
def test_the_asin_may_stand_only_as_the_products_id(changed: dict[str, str], asin: str) -> None:
    assert read(**changed).asin == asin


@pytest.mark.parametrize("charset", ["cp1252", "utf-8"])
def test_letters_are_read_in_the_reports_charset(charset: str) -> None:
    row = read(charset=charset, item_name="Größe “L” – 5 €", seller_sku="É-1")
    assert (row.title, row.sku, row.lost_letters) == ("Größe “L” – 5 €", "É-1", 0)


def test_japanese_in_shift_jis() -> None:
    row = read("JP", "cp932", item_name="ソファ 表能ポ①㈱", seller_sku="予-1")
    assert (row.title, row.sku, row.lost_letters) == ("ソファ 表能ポ①㈱", "予-1", 0)


def test_a_sku_with_a_damaged_letter_is_one_and_the_same_sku() -> None:
    columns = listing_columns("gb18030")
    line = listing_line(seller_sku="X").replace(b"X", b"\xe3\x82\xbd1")
    row = ListingReader(columns, BY_CODE["JP"]).read(line)
    assert isinstance(row, ReportedListing)
    assert row.sku == columns.sku_of(line) and row.lost_letters > 0


def test_letters_that_cannot_be_read_are_counted_and_cost_no_column() -> None:
    columns = listing_columns("cp932")
    line = listing_line(seller_sku="A", item_name="X").replace(b"X", b"\x81\xff\x82")
    row = ListingReader(columns, BY_CODE["JP"]).read(line)
    assert isinstance(row, ReportedListing)
    assert row.lost_letters > 0 and row.sku == "A" and "\ufffd" in row.title


@pytest.mark.parametrize("sku", ["", "  ", "\0\0", "x" * 500])
def test_a_line_without_a_sku_is_kept_with_its_text(sku: str) -> None:
    row = ListingReader(listing_columns(), BY_CODE["UK"]).read(listing_line(seller_sku=sku))
    assert isinstance(row, BadRow)
    assert "SKU" in row.reason and row.text.startswith("Kettle, blue\t") and len(row.text) <= 500


def test_the_sku_is_the_one_that_is_told_without_reading_the_line() -> None:
    columns = listing_columns("cp1252")
    for sku in (" É-1 ", "A\0B", "a,b", '"q"', "\u00a0x\u00a0"):
        line = listing_line("cp1252", seller_sku=sku)
        row = ListingReader(columns, BY_CODE["UK"]).read(line)
        assert isinstance(row, ReportedListing) and row.sku == columns.sku_of(line)


BITS = st.sampled_from(
    ["1", "9", ".", ",", " ", "-", "/", ":", "E", "T", "Z", "GMT", "\0", "é", "ソ", "1234"]
)
CELLS = st.lists(BITS, max_size=8).map("".join)


@settings(deadline=None)
@given(
    st.lists(CELLS, min_size=len(ENGLISH), max_size=len(ENGLISH)).map("\t".join).map(str.encode)
    | st.binary(max_size=300),
    st.sampled_from(sorted(BY_CODE)),
    st.sampled_from(["utf-8", "cp1252", "cp932", "gb18030"]),
)
def test_any_line_is_a_listing_or_a_bad_row(line: bytes, where: str, charset: str) -> None:
    columns = listing_columns(charset)
    row = ListingReader(columns, BY_CODE[where]).read(line)
    if isinstance(row, ReportedListing):
        assert row.sku == columns.sku_of(line) and "\0" not in f"{row}"
        assert row.price_minor is None or row.price_minor >= 0
        assert row.opened_at is None or row.opened_at.tzinfo is UTC
    else:
        assert row.reason and len(row.text) <= 500


def test_a_line_of_the_order_report_is_an_order_without_anything_personal() -> None:
    row = OrderReader(order_columns(), BY_CODE["UK"]).read(order_line())
    assert row == ReportedOrder(
        order_id="203-1111111-2222222",
        updated_at=at(2026, 11, 21, 10, 30, 15),
        purchased_at=at(2026, 11, 20, 8, 0, 0),
        status="Shipped",
        sales_channel="Amazon.co.uk",
        fulfillment_channel="Merchant",
    )
    assert "CANARY" not in repr(row)


@pytest.mark.parametrize("changed", [{"amazon_order_id": ""}, {"amazon_order_id": "CANARY CITY"}])
def test_of_a_bad_line_of_the_order_report_nothing_is_kept(changed: dict[str, Any]) -> None:
    row = OrderReader(order_columns(), BY_CODE["UK"]).read(order_line(**changed))
    assert row == BadRow(line=0, reason="it has no order id")


def test_values_that_slipped_into_other_columns_are_not_taken_over() -> None:
    row = OrderReader(order_columns(), BY_CODE["UK"]).read(
        order_line(order_status="CANARY, 5 Some Street", last_updated_date="CANARY")
    )
    assert isinstance(row, ReportedOrder) and row.updated_at is None
    assert "CANARY" not in repr(row)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.lists(CELLS, max_size=25).map("\t".join).map(str.encode))
def test_any_line_of_the_order_report_is_an_order_or_a_bad_row(line: bytes) -> None:
    row = OrderReader(order_columns(), BY_CODE["UK"]).read(line)
    assert isinstance(row, ReportedOrder) or not row.text
