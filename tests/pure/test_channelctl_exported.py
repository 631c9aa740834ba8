"""Orders as rows and as objects: exact amounts, harmless cells, nothing personal by itself."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from channel_protocol.order_export import ExportedOrder
from channelctl.exported import COLUMNS, PERSONAL, document, headings, rows
from tests.part.test_channelctl_order import LINE, ORDER

EXPORTED = ExportedOrder(row=ORDER, items=(LINE, replace(LINE, order_item_id="2", net=None)))


def table(order: ExportedOrder, *, personal: bool = False) -> list[dict[str, str]]:
    """Through the csv module, as the command does it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings(personal=personal), *rows(order)])
    text.seek(0)
    return list(csv.DictReader(text))


def test_an_order_is_a_row_for_each_line_with_its_own_columns_repeated() -> None:
    first, second = table(EXPORTED)
    assert (first["order_id"], first["order_total"], first["currency"]) == (ORDER.order_id, "12.34", "GBP")
    assert (first["line_net"], second["line_net"]) == ("10.28", "")
    assert (first["purchased_at"], first["deliver_by"]) == ("2026-03-01T12:00:00Z", "")
    same = {key for key in first if first[key] == second[key]}
    assert same >= {column.name for column in COLUMNS[:21]}


def test_an_order_without_lines_has_one_row() -> None:
    (row,) = table(replace(EXPORTED, items=()))
    assert (row["order_id"], row["sku"]) == (ORDER.order_id, "")


def test_amounts_have_the_decimals_of_their_currency() -> None:
    yen = replace(EXPORTED, row=replace(ORDER, currency="JPY"))
    assert table(yen)[0]["order_total"] == "1234"
    assert document(yen)["total"] == "1234"
    assert document(yen)["items"][0]["components"] == {"ITEM": "1234"}
    assert document(EXPORTED)["items"][1]["net"] is None


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        ("+5.20", "+5.20"),
        ("A mug = nice", "A mug = nice"),
        ('say "mug",\r\nplease', 'say "mug",\r\nplease'),
    ],
)
def test_no_text_is_a_formula_in_a_spreadsheet(title: str, cell: str) -> None:
    order = replace(EXPORTED, items=(replace(LINE, title=title),))
    assert table(order)[0]["title"] == cell
    assert document(order)["items"][0]["title"] == title, "programs get every text as it is"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_text_is_the_table_keeps_its_form(title: str, sku: str) -> None:
    order = replace(EXPORTED, items=(replace(LINE, title=title, sku=sku),))
    (row,) = table(order)
    assert row["title"] in (title, "'" + title)
    assert row["sku"] in (sku, "'" + sku)
    assert row["asin"] == LINE.asin


def test_a_negative_amount_stays_a_number() -> None:
    assert table(replace(EXPORTED, row=replace(ORDER, total=-150)))[0]["order_total"] == "-1.50"


def test_personal_data_has_columns_only_when_it_was_asked_for() -> None:
    found = {path: f"<{name}>" for name, path in PERSONAL.items()} | {"orderItems[0].x.giftMessage": "Dear"}
    personal = replace(EXPORTED, personal=found)
    row = table(personal, personal=True)[0]
    assert {name: row[name] for name in PERSONAL} == {name: f"<{name}>" for name in PERSONAL}
    assert row["personal_other"] == '{"orderItems[0].x.giftMessage":"Dear"}'
    assert document(personal)["personal"] == found
    assert "personal" not in document(EXPORTED)
    assert not set(PERSONAL) & set(headings(personal=False))
    assert "<" not in repr(personal)


def test_times_are_utc() -> None:
    elsewhere = datetime(2026, 3, 1, 13, 0, tzinfo=timezone(timedelta(hours=1))).astimezone(UTC)
    order = replace(EXPORTED, row=replace(ORDER, ship_by=elsewhere))
    assert table(order)[0]["ship_by"] == "2026-03-01T12:00:00Z"
