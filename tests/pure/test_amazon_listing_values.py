"""Quantities, handling times and prices: how they are told, and read back (reference 8.3)."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.amazon.listings import offers
from channeld.amazon.listings.answers import read_item
from channeld.amazon.listings.availability import (
    quantity_patch,
    quantity_with_lead_time_patch,
    quantity_without_lead_time_patch,
    read_availability,
)
from channeld.amazon.listings.offers import ShownPrice, price_patch, read_price
from channeld.amazon.listings.patches import Patch
from channeld.domain.listing.item import ItemRead
from tests.support.listings_model import applied, check_patches

GB, DE, JP = "A1F83G8C2ARO7P", "A1PA6795UKMFR9", "A1VC38T7YXB528"
STOCK: dict[str, Any] = {
    "fulfillment_channel_code": "DEFAULT",
    "quantity": 3,
    "lead_time_to_ship_max_days": 4,
    "restock_date": "2026-12-24",
}
PRICE: dict[str, Any] = {
    "marketplace_id": GB,
    "currency": "GBP",
    "audience": "ALL",
    "our_price": [{"schedule": [{"value_with_tax": 19.99}]}],
    "discounted_price": [
        {"schedule": [{"value_with_tax": 14.90, "start_at": "2026-11-27T00:00:00Z", "end_at": "2026-12-01"}]}
    ],
    "minimum_seller_allowed_price": [{"schedule": [{"value_with_tax": 12.00}]}],
}
BUSINESS: dict[str, Any] = PRICE | {
    "audience": "B2B",
    "our_price": [{"schedule": [{"value_with_tax": 17.5}]}],
    "quantity_discount_plan": [{"schedule": [{"levels": [{"lower_bound": 5, "value": 16.00000000000001}]}]}],
}
GERMAN: dict[str, Any] = PRICE | {"marketplace_id": DE, "currency": "EUR"}


def said(*patches: Patch) -> list[dict[str, Any]]:
    """As they stand in a request, the decimals kept as they were written."""
    shown = json.loads(msgspec.json.encode(patches), parse_float=Decimal)
    check_patches(shown)
    return shown


def shown(attributes: Any = None, **more: Any) -> ItemRead:
    """A listing as it is read."""
    parts = {"attributes": attributes} if attributes is not None else {}
    (item,) = read_item(json.dumps({"sku": "A"} | parts | more, default=float).encode())
    return item


def after(attributes: dict[str, Any], *patches: Patch) -> ItemRead:
    return shown(applied(attributes, said(*patches)))


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (quantity_patch(12), STOCK | {"quantity": 12}),
        (quantity_with_lead_time_patch(0, 30), STOCK | {"quantity": 0, "lead_time_to_ship_max_days": 30}),
        (quantity_without_lead_time_patch(5), {"fulfillment_channel_code": "DEFAULT", "quantity": 5}),
    ],
)
def test_a_quantity_touches_a_handling_time_only_when_that_is_meant(
    patch: Patch, expected: dict[str, Any]
) -> None:
    changed = applied({"fulfillment_availability": [STOCK]}, said(patch))
    assert changed == {"fulfillment_availability": [expected]}


@pytest.mark.parametrize("days", [0, 31, -1])
def test_a_handling_time_that_cannot_be_promised_is_not_sent(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 30"):
        quantity_with_lead_time_patch(1, days)


def test_a_quantity_below_zero_is_not_sent() -> None:
    for patch in (quantity_patch, quantity_without_lead_time_patch):
        with pytest.raises(ValueError, match="below zero"):
            patch(-1)
    with pytest.raises(ValueError, match="below zero"):
        quantity_with_lead_time_patch(-1, 1)


@given(st.integers(0, 10**6), st.none() | st.integers(1, 30), st.booleans())
def test_what_was_told_is_what_is_read_back(quantity: int, days: int | None, had: bool) -> None:
    patch = quantity_with_lead_time_patch(quantity, days) if days else quantity_patch(quantity)
    read = read_availability(after({"fulfillment_availability": [STOCK] if had else []}, patch))
    assert (read.quantity, read.is_amazons, read.is_lead_time_shown) == (quantity, False, True)
    assert read.lead_time == (days or (4 if had else None))


def test_the_quantity_that_is_offered_goes_before_the_one_that_was_told() -> None:
    offered = [{"fulfillmentChannelCode": "DEFAULT", "quantity": 1}]
    read = read_availability(shown({"fulfillment_availability": [STOCK]}, fulfillmentAvailability=offered))
    assert (read.quantity, read.lead_time) == (1, 4)


def test_amazons_own_stock_is_told_apart() -> None:
    amazons = {"fulfillment_channel_code": "AMAZON_EU", "quantity": 9}
    offered = [{"fulfillmentChannelCode": "AMAZON_EU"}]
    for item in (
        shown({"fulfillment_availability": [amazons]}),
        shown({"fulfillment_availability": [STOCK, amazons]}),
        shown({"fulfillment_availability": [STOCK]}, fulfillmentAvailability=offered),
    ):
        read = read_availability(item)
        assert (read.is_amazons, read.quantity) == (True, None)


@pytest.mark.parametrize(
    ("attributes", "told", "days"),
    [
        (None, False, None),
        ([], False, None),
        ({"fulfillment_availability": "x"}, False, None),
        ({"fulfillment_availability": [STOCK | {"lead_time_to_ship_max_days": "soon"}]}, False, None),
        ({"fulfillment_availability": [STOCK | {"lead_time_to_ship_max_days": 2.5}]}, False, None),
        ({"fulfillment_availability": [STOCK, STOCK]}, False, None),
        ({"fulfillment_availability": [STOCK | {"lead_time_to_ship_max_days": "7"}]}, True, 7),
        ({"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT"}]}, True, None),
        ({}, True, None),
    ],
)
def test_a_handling_time_that_is_not_told_is_not_taken_for_none(
    attributes: Any, told: bool, days: int | None
) -> None:
    read = read_availability(shown(attributes))
    assert (read.is_lead_time_shown, read.lead_time) == (told, days)


def test_a_price_changes_nothing_but_itself() -> None:
    item = shown({"purchasable_offer": [BUSINESS, PRICE]})
    (patch,) = said(price_patch(item, GB, 2050, "GBP"))
    assert patch["op"] == "replace"
    business, price = json.loads(json.dumps(patch["value"], default=float))
    assert business == BUSINESS
    assert price == PRICE | {"our_price": [{"schedule": [{"value_with_tax": 20.5}]}]}


def test_what_is_not_changed_is_sent_as_it_was_shown() -> None:
    written = b'[{"audience":"B2B","our_price":[{"schedule":[{"value_with_tax":16.00000000000000001}]}]}]'
    (item,) = read_item(b'{"sku":"A","attributes":{"purchasable_offer":' + written + b"}}")
    assert written[1:-1] in bytes(price_patch(item, GB, 1, "GBP").value)


def test_a_listing_without_a_price_gets_one_beside_what_it_has() -> None:
    made = {
        "marketplace_id": GB,
        "currency": "GBP",
        "audience": "ALL",
        "our_price": [{"schedule": [{"value_with_tax": 7.25}]}],
    }
    for has in ([], [BUSINESS]):
        (patch,) = said(price_patch(shown({"purchasable_offer": has}), GB, 725, "GBP"))
        assert json.loads(json.dumps(patch["value"], default=float)) == [*has, made]
    (patch,) = said(price_patch(shown({}), GB, 725, "GBP"))
    assert len(patch["value"]) == 1


def test_prices_of_other_marketplaces_are_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    item = shown({"purchasable_offer": [GERMAN, PRICE]})
    (patch,) = said(price_patch(item, GB, 100, "GBP"))
    assert [entry["marketplace_id"] for entry in patch["value"]] == [GB]
    monkeypatch.setattr(offers, "REPLACING_SPARES_OTHER_MARKETPLACES", False)
    (patch,) = said(price_patch(item, GB, 100, "GBP"))
    german, british = patch["value"]
    assert json.loads(json.dumps(german, default=float)) == GERMAN
    assert british["our_price"][0]["schedule"][0]["value_with_tax"] == Decimal("1.00")


@pytest.mark.parametrize(
    ("attributes", "minor", "why"),
    [
        ({"purchasable_offer": [PRICE]}, 0, "above zero"),
        ({"purchasable_offer": [PRICE]}, -1, "above zero"),
        (None, 100, "not read"),
        ({"purchasable_offer": {"our_price": 1}}, 100, "not read"),
        ({"purchasable_offer": [PRICE | {"audience": 7}]}, 100, "not read"),
        ({"purchasable_offer": [PRICE | {"currency": "EUR"}]}, 100, "another currency"),
    ],
)
def test_a_price_that_would_break_something_is_not_said(attributes: Any, minor: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        price_patch(shown(attributes), GB, minor, "GBP")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1999, "GBP", "19.99"), (1980, "JPY", "1980"), (1, "EUR", "0.01"), (10**15, "USD", "10000000000000.00")],
)
def test_an_amount_is_a_number_with_the_decimals_of_its_currency(
    minor: int, currency: str, text: str
) -> None:
    value = bytes(price_patch(shown({}), GB, minor, currency).value)
    assert f'"value_with_tax":{text}}}'.encode() in value


@given(st.integers(1, 10**15), st.sampled_from(["GBP", "JPY", "KWD", "EUR"]), st.booleans())
def test_no_price_is_a_penny_off_when_it_is_read_back(minor: int, currency: str, had: bool) -> None:
    own = PRICE | {"currency": currency}
    before = shown({"purchasable_offer": [own, BUSINESS] if had else [BUSINESS]})
    value = bytes(price_patch(before, GB, minor, currency).value)
    (item,) = read_item(b'{"sku":"A","attributes":{"purchasable_offer":' + value + b"}}")
    assert read_price(item, GB) == ShownPrice(minor=minor, currency=currency, has_sale_price=had)


PRICES_SHOWN: list[tuple[Any, tuple[int | None, str, bool] | None]] = [
    ({"purchasable_offer": [BUSINESS, GERMAN, PRICE]}, (1999, "GBP", True)),
    ({"purchasable_offer": [{k: v for k, v in PRICE.items() if k != "audience"}]}, (1999, "GBP", True)),
    ({"purchasable_offer": [PRICE | {"our_price": [{"schedule": [{"value_with_tax": "1,0"}]}]}]}, None),
    ({"purchasable_offer": [PRICE | {"our_price": [{"schedule": []}]}]}, None),
    ({"purchasable_offer": [PRICE | {"our_price": PRICE["our_price"] * 2}]}, None),
    ({"purchasable_offer": [PRICE, PRICE]}, None),
    ({"purchasable_offer": [{k: v for k, v in PRICE.items() if k != "currency"}]}, None),
    ({"purchasable_offer": [PRICE | {"currency": "JPY"}]}, None),
    ({"purchasable_offer": [BUSINESS, GERMAN]}, (None, "", False)),
    ({}, (None, "", False)),
    (None, None),
]


@pytest.mark.parametrize(("attributes", "expected"), PRICES_SHOWN)
def test_a_price_is_read_or_not_told(attributes: Any, expected: tuple[int | None, str, bool] | None) -> None:
    price = read_price(shown(attributes), GB)
    assert (price and (price.minor, price.currency, price.has_sale_price)) == expected


def test_the_price_that_was_set_is_read_and_not_the_one_of_a_sale() -> None:
    sale = [{"marketplaceId": GB, "offerType": "B2C", "price": {"currencyCode": "GBP", "amount": "14.90"}}]
    price = read_price(shown({"purchasable_offer": [PRICE]}, offers=sale), GB)
    assert price == ShownPrice(minor=1999, currency="GBP", has_sale_price=True)


WHOLE = json.dumps({"fulfillment_availability": [STOCK], "purchasable_offer": [PRICE, BUSINESS]}).encode()


@given(st.binary(max_size=30), st.integers(0, len(WHOLE)), st.integers(0, 60))
def test_damaged_attributes_are_read_or_not_told(put: bytes, start: int, gone: int) -> None:
    item = ItemRead(sku="A", marketplace_id=GB, attributes=WHOLE[:start] + put + WHOLE[start + gone :])
    read_availability(item)
    read_price(item, GB)
    try:
        patch = price_patch(item, GB, 100, "GBP")
    except ValueError:
        return
    json.loads(bytes(patch.value))
