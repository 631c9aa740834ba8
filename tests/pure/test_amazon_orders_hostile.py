"""What nobody writes on purpose and Amazon may still send: read, or refused naming the field."""

import json

import pytest

from channeld.amazon.order_wire import read_order_answer, read_page
from channeld.amazon.personal import join, split_raw
from channeld.book.readings import Readings, read_all
from tests.support.amazon_orders import item, order, raw

HALF = "\ud83d"
"""Half of a character outside the basic plane, as a text that was cut by its length ends with."""


def readings(body: bytes) -> Readings:
    return read_all(read_page(body).orders)


def test_half_a_character_spoils_neither_its_order_nor_the_page() -> None:
    cut = order(orderId="cut", buyer={"buyerName": f"Zoë {HALF}"}, note=f"\\{HALF}")
    found = readings(raw({"orders": [cut, order(buyer={"buyerName": "Zoë \U0001f4a5"})]}))
    assert [each.order_id for each in found.orders] == ["cut", "203-1111111-2222222"]
    assert [each.personal["buyer.buyerName"] for each in found.orders] == ["Zoë \ufffd", "Zoë \U0001f4a5"]
    assert json.loads(read_order_answer(raw({"order": cut})))["note"] == "\\\ufffd"


def test_an_escaped_backslash_before_what_looks_like_half_a_character_is_left_alone() -> None:
    body = rb'{"order":{"a":"\\ud83d","b":"\ud83d"}}'
    assert json.loads(read_order_answer(body)) == {"a": r"\ud83d", "b": "\ufffd"}


@pytest.mark.parametrize("number", [b"1e99999999999999999999999", b"-1e-99999999999999999999999"])
def test_a_number_beyond_all_measure_in_a_field_that_nobody_reads(number: bytes) -> None:
    odd = raw(order()).replace(b'"programs"', b'"weight":' + number + b',"programs"')
    found = read_all([odd])
    assert [each.order_id for each in found.orders] == [order()["orderId"]]
    assert number in found.orders[0].payload
    assert number in join(*split_raw(odd))


@pytest.mark.parametrize(
    ("damaged", "field"),
    [
        (order(programs=["x"] * 101), "programs"),
        (order(programs=["x" * 201]), "programs[0]"),
        (order(item(product={"title": "x" * 4001})), "orderItems[0].product.title"),
        (
            order(payment={"paymentExecutions": [{"paymentMethod": "x" * 201}]}),
            "payment.paymentExecutions[0].paymentMethod",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_would_make_rows_too_large_to_show_is_refused(damaged: dict[str, object], field: str) -> None:
    (fault,) = read_all([raw(damaged)]).damaged
    assert (fault.field, fault.reason) == (field, "is too long to be true")


def test_a_page_token_that_fits_into_no_url_spoils_the_answer() -> None:
    with pytest.raises(ValueError, match="token"):
        read_page(raw({"orders": [], "pagination": {"nextToken": "t" * 100_000}}))
