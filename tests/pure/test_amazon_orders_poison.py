"""Orders that cannot be taken in: the field is named, no value is (semantics C5, P1)."""

import copy
import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.errors import UnreadableOrder
from channeld.amazon.orders import read_order
from tests.support.amazon_orders import CANARIES, item, money, order, part, personal_order, raw


def _line(**more: Any) -> dict[str, Any]:
    return order(item(1, 1, "12.00", part("ITEM", "12.00")) | more)


def _without(data: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != field}


def _proceeds(*parts: dict[str, Any]) -> dict[str, Any]:
    return _line(proceeds={"breakdowns": list(parts)})


_FULFILLED = {"quantityFulfilled": 1, "quantityUnfulfilled": 1}
_FULFILLMENT = order()["fulfillment"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "order"),
        ("text", "order"),
        (None, "order"),
        (_without(order(), "orderId"), "orderId"),
        (order(orderId=""), "orderId"),
        (order(orderId=None), "orderId"),
        (order(orderId="John Smith, 7 High St"), "orderId"),
        (order(createdTime="yesterday"), "createdTime"),
        (order(createdTime="2026-11-20T10:45:00"), "createdTime"),
        (order(lastUpdatedTime="0001-01-01T00:00:00Z"), "lastUpdatedTime"),
        (order(lastUpdatedTime=1.7e9), "lastUpdatedTime"),
        (order(orderItems=None), "orderItems"),
        (order(orderItems=[None]), "orderItems[0]"),
        (order(orderItems={}), "orderItems"),
        (order(salesChannel={"channelName": "AMAZON"}), "salesChannel.marketplaceId"),
        (order(fulfillment=None), "fulfillment"),
        (order(fulfillment={"fulfilledBy": "MERCHANT"}), "fulfillment.fulfillmentStatus"),
        (order(fulfillment={"fulfillmentStatus": "SHIPPED"}), "fulfillment.fulfilledBy"),
        (
            order(fulfillment=_FULFILLMENT | {"shipByWindow": {"latestDateTime": "soon"}}),
            "fulfillment.shipByWindow.latestDateTime",
        ),
        (order(packages=[{"shipTime": "soon"}]), "packages[0].shipTime"),
        (order(packages=[None]), "packages[0]"),
        (_line(orderItemId=""), "orderItems[0].orderItemId"),
        (_line(quantityOrdered=-1), "orderItems[0].quantityOrdered"),
        (_line(quantityOrdered=1.5), "orderItems[0].quantityOrdered"),
        (_line(quantityOrdered="many"), "orderItems[0].quantityOrdered"),
        (_line(quantityOrdered=True), "orderItems[0].quantityOrdered"),
        (_line(quantityOrdered=10**30), "orderItems[0].quantityOrdered"),
        (_line(fulfillment=_FULFILLED), "orderItems[0].quantityOrdered"),
        (_line(product=None), "orderItems[0].product"),
        (order(item(1), item(1)), "orderItems[1].orderItemId"),
        (_proceeds(part("ITEM", "12,00")), "orderItems[0].proceeds.breakdowns[0].subtotal.amount"),
        (_proceeds(part("ITEM", "")), "orderItems[0].proceeds.breakdowns[0].subtotal.amount"),
        (_proceeds(part("ITEM", "1.234")), "orderItems[0].proceeds.breakdowns[0].subtotal.amount"),
        (_proceeds(part("ITEM", "NaN")), "orderItems[0].proceeds.breakdowns[0].subtotal.amount"),
        (_proceeds(part("ITEM", "1e30")), "orderItems[0].proceeds.breakdowns[0].subtotal.amount"),
        (_proceeds(part("ITEM", "1", "gbp")), "orderItems[0].proceeds.breakdowns[0].subtotal.currencyCode"),
        (
            _proceeds(part("ITEM", "1"), part("SHIPPING", "1", "EUR")),
            "orderItems[0].proceeds.breakdowns[1].subtotal.currencyCode",
        ),
        (_proceeds({"type": "ITEM"}), "orderItems[0].proceeds.breakdowns[0].subtotal"),
        (_proceeds(*[part("ITEM", "9000000000000")] * 3), "orderItems[0].proceeds.breakdowns"),
        (order(proceeds={"grandTotal": money("1.00", "EUR")}), "proceeds.grandTotal.currencyCode"),
        (
            order(proceeds={"grandTotal": {"amount": None, "currencyCode": "GBP"}}),
            "proceeds.grandTotal.amount",
        ),
    ],
)
def test_the_field_that_is_wrong_is_named(data: Any, field: str) -> None:
    with pytest.raises(UnreadableOrder) as caught:
        read_order(raw(data))
    assert caught.value.field == field


def test_whatever_tells_which_order_it_is_comes_along() -> None:
    with pytest.raises(UnreadableOrder) as caught:
        read_order(raw(_line(quantityOrdered="many")))
    assert caught.value.order_id == "203-1111111-2222222"
    assert caught.value.marketplace_id == "A1F83G8C2ARO7P"
    assert caught.value.updated_at == datetime(2026, 11, 20, 10, 45, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"orderId": "\xff"}', b"[" * 100_000, b'"\\ud800"'])
def test_bytes_that_are_no_json_are_told_so(body: bytes) -> None:
    with pytest.raises(UnreadableOrder) as caught:
        read_order(body)
    assert caught.value.order_id is None


def test_a_text_that_is_not_utf8_is_refused_wherever_it_stands() -> None:
    with pytest.raises(UnreadableOrder):
        read_order(raw(order(unknown="XX")).replace(b"XX", b"\xff\xfe"))


_WORD = "CANARY-VALUE"
_POISON = st.sampled_from([None, -1, 1.5, True, _WORD, "", [], {}, [_WORD], {_WORD: _WORD}, 10**40])


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = list(cast(dict[str, Any], value).items())
    elif isinstance(value, list):
        entries = list(enumerate(cast(list[Any], value)))
    return [path, *(below for key, inner in entries for below in _paths(inner, (*path, key)))]


_WHOLE = personal_order()
_PLACES = [path for path in _paths(_WHOLE) if path]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_PLACES), _POISON), min_size=1, max_size=4))
def test_damage_anywhere_is_read_or_refused_without_repeating_a_value(
    damages: list[tuple[tuple[Any, ...], Any]],
) -> None:
    data = json.loads(raw(_WHOLE))
    for path, value in damages:
        holder: Any = data
        try:
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        read = read_order(raw(data))
    except UnreadableOrder as fault:
        told = f"{fault} {fault!r} {fault.hint} {fault.field} {fault.order_id} {fault.marketplace_id}"
        assert not any(secret in told for secret in CANARIES.values())
        assert fault.__cause__ is None
        assert fault.__context__ is None
    else:
        assert not any(secret.encode() in read.payload for secret in CANARIES.values())
        assert CANARIES["name"] not in repr(read)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_the_planned_way(body: bytes) -> None:
    with pytest.raises(UnreadableOrder):
        read_order(body)
