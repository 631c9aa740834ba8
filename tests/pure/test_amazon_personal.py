"""What is personal in an order leaves it and comes back (semantics P1)."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.personal import join, split, split_raw
from tests.support.amazon_orders import CANARIES, order, personal_order, raw


def test_nothing_personal_stays_in_the_payload_and_all_of_it_comes_back() -> None:
    data = personal_order()
    before = copy.deepcopy(data)
    personal, payload = split(data)
    assert data == before
    assert not any(secret.encode() in payload for secret in CANARIES.values())
    assert json.loads(join(personal, payload)) == data


def test_texts_are_found_by_their_path() -> None:
    personal, _ = split(personal_order())
    assert personal["buyer.buyerEmail"] == CANARIES["mail"]
    assert personal["recipient.deliveryAddress.extendedFields.streetName"] == CANARIES["line1"]
    assert personal["tax.taxRegistrations[0].taxRegistrationAddress.phone"] == CANARIES["phone"]
    assert personal["orderItems[0].fulfillment.packing.giftOption.giftMessage"] == CANARIES["gift"]


def test_place_and_kind_stay_readable() -> None:
    payload = json.loads(split(personal_order())[1])
    address = payload["recipient"]["deliveryAddress"]
    assert (address["city"], address["stateOrRegion"], address["countryCode"]) == (
        "Manchester",
        "England",
        "GB",
    )
    assert address["addressType"] == "RESIDENTIAL"
    assert payload["tax"]["taxRegistrations"][0]["taxRegistrationType"] == "VAT"
    assert payload["payment"]["paymentExecutions"][0] == {"paymentMethod": "CreditCard"}
    assert payload["orderItems"][0]["fulfillment"]["packing"]["giftOption"] == {"giftWrapLevel": "PREMIUM"}


def test_an_order_without_personal_fields_gives_none() -> None:
    personal, payload = split(order())
    assert personal == {}
    assert json.loads(payload) == order()


def test_a_personal_part_of_the_wrong_shape_is_sealed_as_a_whole() -> None:
    data = order(
        buyer="CANARY A", recipient=["CANARY B"], packages=["CANARY C", {"shipFromAddress": "CANARY D"}]
    )
    personal, payload = split(data)
    assert b"CANARY" not in payload
    assert json.loads(join(personal, payload)) == data


def test_what_is_no_order_at_all_is_personal_as_a_whole() -> None:
    for body in (b'{"buyer":{"buyerName":"CANARY', b'["CANARY"]', b"\xff CANARY \x00", b""):
        personal, payload = split_raw(body)
        assert payload == b"null"
        assert join(personal, payload) == body


def test_numbers_keep_their_digits() -> None:
    body = b'{"orderId":"1","x":0.10,"y":12345678901234567890.123,"buyer":{"n":0.30}}'
    personal, payload = split_raw(body)
    assert b"0.10" in payload
    assert b"12345678901234567890.123" in payload
    assert b"0.30" in join(personal, payload)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_PARTS = st.sampled_from(["buyer", "recipient", "packages", "tax", "payment", "orderItems"])


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(_PARTS, _JSON, max_size=4))
def test_any_shape_comes_back(parts: dict[str, Any]) -> None:
    data = order() | parts
    personal, payload = split_raw(raw(data))
    assert json.loads(join(personal, payload)) == data


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=8), _JSON, max_size=4))
def test_any_name_comes_back(fields: dict[str, Any]) -> None:
    data = order(buyer=fields)
    personal, payload = split_raw(raw(data))
    assert json.loads(join(personal, payload)) == data
