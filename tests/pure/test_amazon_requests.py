"""What is sent for despatch, feeds and finances, against Amazon's models (reference 5, 6, 13)."""

import json
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from channeld.amazon.assumptions import CARRIER_CODES
from channeld.amazon.feeds.calls import (
    create_feed_call,
    create_feed_document_call,
    feed_call,
    feed_document_call,
    feeds_call,
    feeds_page_call,
)
from channeld.amazon.finances import transactions_call
from channeld.amazon.operations import Call
from channeld.amazon.shipments import confirm_shipment_call
from channeld.domain.order import Units
from tests.support.amazon_effects import ITEM, ORDER_ID, despatch

GB = "A1F83G8C2ARO7P"


class Field(NamedTuple):
    """One field of an object in Amazon's models."""

    pattern: str
    required: bool = True


DATE_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
TOP = {"marketplaceId": Field("[A-Z0-9]{10,14}"), "codCollectionMethod": Field("DirectPayment", False)}
PACKAGE = {
    "packageReferenceId": Field(r"[1-9]\d*"),
    "carrierCode": Field(".+"),
    "carrierName": Field(".+", False),
    "shippingMethod": Field(".+", False),
    "trackingNumber": Field(".+"),
    "shipDate": Field(DATE_TIME),
    "shipFromSupplySourceId": Field(".+", False),
}


def check(given: dict[str, Any], fields: dict[str, Field]) -> None:
    """Nothing but those fields, all that are required, each a text that fits."""
    assert given.keys() <= fields.keys()
    assert {name for name, field in fields.items() if field.required} <= given.keys()
    for name, value in given.items():
        assert isinstance(value, str) and re.fullmatch(fields[name].pattern, value), name


def sent(call: Call[Any]) -> dict[str, Any]:
    return json.loads(call.body)


@pytest.mark.parametrize(
    ("effect", "carrier"),
    [
        (despatch(), {"carrierCode": "Royal Mail"}),
        (despatch(method=""), {"carrierCode": "Royal Mail"}),
        (despatch(carrier_name="not sent"), {"carrierCode": "Royal Mail"}),
        (
            despatch(carrier_code="Other", carrier_name="My Vän & Co"),
            {"carrierCode": "Other", "carrierName": "My Vän & Co"},
        ),
    ],
)
def test_a_confirmation_has_the_fields_of_the_model(effect: Any, carrier: dict[str, str]) -> None:
    call = confirm_shipment_call(ORDER_ID, GB, 4711, effect)
    body = sent(call)
    package = body.pop("packageDetail")
    items = package.pop("orderItems")
    check(body, TOP)
    check(package, PACKAGE)
    assert items == [{"orderItemId": ITEM, "quantity": 2}]
    assert {name: package[name] for name in package if name.startswith("carrier")} == carrier
    assert (package["packageReferenceId"], package["trackingNumber"]) == ("4711", "JD0001")
    assert datetime.fromisoformat(package["shipDate"]) == effect.shipped_at
    assert ("shippingMethod" in package) == bool(effect.method)
    assert call.target == f"/orders/v0/orders/{ORDER_ID}/shipmentConfirmation"
    assert call.operation.method == "POST"


def test_a_confirmation_is_the_same_bytes_each_time_and_names_every_line() -> None:
    effect = despatch(lines=(Units(ITEM, 1), Units("90000000000002", 3)))
    assert confirm_shipment_call(ORDER_ID, GB, 1, effect) == confirm_shipment_call(ORDER_ID, GB, 1, effect)
    items = sent(confirm_shipment_call(ORDER_ID, GB, 1, effect))["packageDetail"]["orderItems"]
    assert items == [
        {"orderItemId": ITEM, "quantity": 1},
        {"orderItemId": "90000000000002", "quantity": 3},
    ]


@pytest.mark.parametrize(
    ("effect", "reference"), [(despatch(tracking=""), 1), (despatch(lines=()), 1), (despatch(), 0)]
)
def test_what_this_route_cannot_say_is_refused(effect: Any, reference: int) -> None:
    with pytest.raises(ValueError, match=r"feed|lines"):
        confirm_shipment_call(ORDER_ID, GB, reference, effect)


def test_a_document_is_announced_with_its_content_type() -> None:
    call = create_feed_document_call("text/xml; charset=UTF-8")
    assert sent(call) == {"contentType": "text/xml; charset=UTF-8"}
    assert (call.operation.method, call.target) == ("POST", "/feeds/2021-06-30/documents")


def test_a_feed_names_type_marketplaces_and_document() -> None:
    call = create_feed_call("POST_ORDER_FULFILLMENT_DATA", [GB, "A1PA6795UKMFR9"], "amzn1.tortuga.4.x")
    assert sent(call) == {
        "feedType": "POST_ORDER_FULFILLMENT_DATA",
        "marketplaceIds": [GB, "A1PA6795UKMFR9"],
        "inputFeedDocumentId": "amzn1.tortuga.4.x",
    }
    assert (call.operation.method, call.target) == ("POST", "/feeds/2021-06-30/feeds")


@pytest.mark.parametrize("marketplaces", [[], [GB] * 26])
def test_a_feed_goes_to_1_to_25_marketplaces(marketplaces: list[str]) -> None:
    with pytest.raises(ValueError, match="25"):
        create_feed_call("POST_ORDER_FULFILLMENT_DATA", marketplaces, "x")


def test_feeds_are_asked_for_by_type_and_later_pages_by_token_alone() -> None:
    since = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert feeds_call("POST_PAYMENT_ADJUSTMENT_DATA", since).target == (
        "/feeds/2021-06-30/feeds?feedTypes=POST_PAYMENT_ADJUSTMENT_DATA&pageSize=100"
        "&createdSince=2026-11-22T09%3A00%3A00.000Z"
    )
    assert feeds_page_call("a/b=").target == "/feeds/2021-06-30/feeds?nextToken=a%2Fb%3D"


def test_one_feed_and_one_document_are_asked_for_by_their_ids() -> None:
    assert feed_call("50/1").target == "/feeds/2021-06-30/feeds/50%2F1"
    assert feed_document_call("amzn1.x").target == "/feeds/2021-06-30/documents/amzn1.x"


def test_transactions_of_an_order_need_no_dates_and_each_page_the_same_arguments() -> None:
    first = "/finances/2024-06-19/transactions?relatedIdentifierName=ORDER_ID&relatedIdentifierValue=203-1"
    assert transactions_call("203-1").target == first
    assert transactions_call("203-1", "t+1").target == f"{first}&nextToken=t%2B1"


def test_carrier_codes_are_told_apart_without_regard_to_case() -> None:
    assert {"Royal Mail", "DHL", "UPS", "FedEx", "DPD", "USPS", "YamatoTransport"} <= CARRIER_CODES
    assert len({code.casefold() for code in CARRIER_CODES}) == len(CARRIER_CODES)
    assert all(code == " ".join(code.split()) and code != "Other" for code in CARRIER_CODES)
