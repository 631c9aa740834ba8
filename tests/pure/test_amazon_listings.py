"""What is asked about listings and how the answers are read, against Amazon's model (reference 8.1)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.listings.answers import ItemsPage, read_item, read_items
from channeld.amazon.listings.calls import fits_a_search, listings_item_call, search_listings_call
from channeld.domain.listing.item import ItemIssue, ItemRead, ItemRelationship

GB, DE = "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
ATTRIBUTES = {
    "product_description": [
        {"value": "Kocht.", "marketplace_id": DE},
        {"value": "Boils.", "language_tag": "en_GB", "marketplace_id": GB},
    ],
    "main_product_image_locator": [{"media_location": "https://i.test/main", "marketplace_id": GB}],
    "other_product_image_locator_1": [{"media_location": "https://i.test/1", "marketplace_id": GB}],
    "other_product_image_locator_2": [{"media_location": "javascript:x", "marketplace_id": GB}],
    "bullet_point": "not as documented",
}
SUMMARY = {
    "marketplaceId": GB,
    "asin": "B00V7I4DHA",
    "productType": "KETTLE",
    "conditionType": "new_new",
    "status": ["BUYABLE", "DISCOVERABLE"],
    "fnSku": "X000ABCDEF",
    "itemName": "Kettle,\n blue ソ",
    "createdDate": "2024-01-01T00:00:00Z",
    "lastUpdatedDate": "2024-01-15T10:00:00.000Z",
    "mainImage": {"link": "https://i.test/main", "height": 500, "width": "500"},
}
ITEM: dict[str, Any] = {
    "sku": "KETTLE/1 é",
    "summaries": [SUMMARY],
    "attributes": ATTRIBUTES,
    "issues": [
        {"code": 90220, "message": "Too\nlong. " * 100, "severity": "ERROR", "attributeNames": ["x"]},
        {
            "code": None,
            "message": None,
            "severity": "INFO",
            "enforcements": {
                "actions": [{"action": "LISTING_SUPPRESSED"}, {"action": None}],
                "exemption": {"status": "NOT_EXEMPT"},
            },
        },
        {
            "code": "1",
            "enforcements": {
                "actions": [{"action": "LISTING_SUPPRESSED"}],
                "exemption": {"status": "EXEMPT_UNTIL_EXPIRY_DATE"},
            },
        },
    ],
    "offers": [
        {"marketplaceId": GB, "offerType": "B2B", "price": {"currencyCode": "GBP", "amount": "17.00"}},
        {"marketplaceId": DE, "offerType": "B2C", "price": {"currencyCode": "EUR", "amount": "25.00"}},
        {
            "marketplaceId": GB,
            "offerType": "B2C",
            "price": {"currencyCode": "GBP", "amount": 1019.99},
            "audience": {"value": "ALL", "displayName": "x"},
        },
    ],
    "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": "7"}],
    "relationships": [
        {
            "marketplaceId": GB,
            "relationships": [
                {
                    "type": "VARIATION",
                    "parentSkus": ["P-1"],
                    "variationTheme": {"attributes": ["color"], "theme": "COLOR_NAME"},
                }
            ],
        }
    ],
    "productTypes": [{"marketplaceId": GB, "productType": "KETTLE"}],
}
READ = ItemRead(
    sku="KETTLE/1 é",
    marketplace_id=GB,
    asin="B00V7I4DHA",
    product_type="KETTLE",
    status=("BUYABLE", "DISCOVERABLE"),
    title="Kettle, blue ソ",
    condition="new_new",
    fn_sku="X000ABCDEF",
    issues=(
        ItemIssue(code="90220", message=("Too long. " * 30)[:300], severity="ERROR"),
        ItemIssue(code="", message="", severity="INFO", actions=("LISTING_SUPPRESSED",)),
        ItemIssue(code="1", message="", severity=""),
    ),
    price_minor=101999,
    currency="GBP",
    fulfillment_channel="DEFAULT",
    quantity=7,
    description="Boils.",
    attributes=json.dumps(ATTRIBUTES).encode(),
    images=("https://i.test/main", "https://i.test/1"),
    relationships=(ItemRelationship(kind="VARIATION", parent_skus=("P-1",), theme="COLOR_NAME"),),
    created_at=datetime(2024, 1, 1, tzinfo=UTC),
    updated_at=datetime(2024, 1, 15, 10, tzinfo=UTC),
)


def body(**changed: Any) -> bytes:
    return json.dumps(ITEM | changed).encode()


def test_a_search_names_its_skus_and_has_one_page() -> None:
    call = search_listings_call("A1SELLER", GB, ["A/1", "B é"], ["summaries", "offers"])
    assert (call.operation.method, call.target) == (
        "GET",
        f"/listings/2021-08-01/items/A1SELLER?marketplaceIds={GB}&includedData=summaries%2Coffers"
        "&identifiers=A%2F1%2CB%20%C3%A9&identifiersType=SKU&pageSize=20",
    )


@pytest.mark.parametrize("skus", [[], ["x"] * 21, ["A", "B,C"], ["A", " "]])
def test_a_search_that_would_find_something_else_is_not_asked(skus: list[str]) -> None:
    with pytest.raises(ValueError, match="SKU"):
        search_listings_call("A1SELLER", GB, skus)


def test_a_sku_with_a_comma_is_asked_for_alone() -> None:
    assert not fits_a_search("A,B") and fits_a_search("A B")
    target = listings_item_call("A1SELLER", GB, "A,B/C", ["summaries"]).target
    assert (
        target == f"/listings/2021-08-01/items/A1SELLER/A%2CB%2FC?marketplaceIds={GB}&includedData=summaries"
    )


def test_a_listing_is_read_for_each_marketplace_that_it_is_in() -> None:
    british, german = read_item(body())
    assert british == READ
    assert (german.marketplace_id, german.price_minor, german.currency) == (DE, 2500, "EUR")
    assert (german.title, german.description, german.images, german.relationships) == ("", "Kocht.", (), ())


def test_a_listing_of_which_nothing_is_shown_is_one_too() -> None:
    assert read_item(b'{"sku": 4711}') == (ItemRead(sku="4711", marketplace_id=""),)


@pytest.mark.parametrize(
    "changed",
    [
        {
            "offers": [
                {"marketplaceId": GB, "offerType": "B2C", "price": {"currencyCode": "GBP", "amount": "a lot"}}
            ]
        },
        {"offers": [{"marketplaceId": GB, "price": {"amount": "1.00"}}]},
        {"offers": [{"marketplaceId": GB, "offerType": "B2C"}]},
        {"offers": None},
        {"offers": []},
    ],
)
def test_a_price_that_cannot_be_read_is_none_and_the_listing_stays(changed: dict[str, Any]) -> None:
    (item,) = read_item(body(**changed))
    assert (item.price_minor, item.currency, item.title) == (None, "", READ.title)


@pytest.mark.parametrize("attributes", [[], "x", {"product_description": {"value": 1}}, None])
def test_attributes_in_another_shape_are_kept_as_they_are(attributes: Any) -> None:
    (item,) = read_item(body(attributes=attributes, offers=None))
    assert item.attributes == (b"" if attributes is None else json.dumps(attributes).encode())
    assert (item.description, item.images) == ("", ("https://i.test/main",))


def test_one_broken_listing_does_not_spoil_the_page() -> None:
    page = b'{"numberOfResults": "3", "items": [{"summaries": []}, 7, ' + body(offers=None)
    page += b'], "pagination": {"nextToken": "t"}}'
    found = read_items(page)
    assert [item.sku for item in found.items] == [READ.sku]
    assert (found.next_token, found.unreadable) == ("t", 2)
    assert read_items(b'{"numberOfResults": 0, "items": []}') == ItemsPage(items=(), next_token="")


WHOLE = b'{"items": [' + body() + b"]}"


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 200))
def test_damaged_answers_are_listings_or_refused(put: bytes, start: int, gone: int) -> None:
    for read in (read_items, read_item):
        try:
            read(WHOLE[:start] + put + WHOLE[start + gone :])
        except ValueError:
            continue
