"""A listing in the JSON of Listings Items 2021-08-01 (official model `listingsItems_2021-08-01.json`)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from channeld.sandbox.listings.listing import Issue, Listing, statuses
from channeld.sandbox.listings.shelf import View
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.money import money
from channeld.sandbox.shape import instant

__all__ = ["CHANNEL", "CONDITIONS", "listings_item"]

CHANNEL = {"EU": "AMAZON_EU", "NA": "AMAZON_NA", "FE": "AMAZON_JP"}
"""How Amazon's own warehouses are called in a region."""
CONDITIONS = {
    11: "new_new",
    10: "refurbished_refurbished",
    1: "used_like_new",
    2: "used_very_good",
    3: "used_good",
    4: "used_acceptable",
}
IMAGE = 500


def listings_item(listing: Listing, included: set[str], view: View) -> dict[str, Any]:
    """The item with the data sets that are asked for; procurement is a vendor's and never there."""
    marketplace = BY_COUNTRY[listing.country]
    body: dict[str, Any] = {"sku": listing.sku}
    for name, shape in _SHAPES.items():
        if name in included:
            body[name] = shape(listing, marketplace, view)
    return body


def _summaries(listing: Listing, marketplace: Marketplace, _: View) -> list[dict[str, Any]]:
    summary = {
        "marketplaceId": marketplace.id,
        "asin": listing.asin,
        "productType": listing.product_type,
        "conditionType": CONDITIONS[listing.condition],
        "status": statuses(listing),
        "fnSku": listing.fn_sku,
        "itemName": listing.title,
        "createdDate": instant(listing.created),
        "lastUpdatedDate": instant(listing.updated),
        "mainImage": {"link": _image(listing), "height": IMAGE, "width": IMAGE},
    }
    return [{name: value for name, value in summary.items() if value != ""}]


def _offers(listing: Listing, marketplace: Marketplace, _: View) -> list[dict[str, Any]]:
    prices = (("B2C", "ALL", listing.price), ("B2B", "B2B", listing.business_price))
    return [
        {
            "marketplaceId": marketplace.id,
            "offerType": kind,
            "price": money(price, marketplace),
            "audience": {"value": audience},
        }
        for kind, audience, price in prices
        if price is not None and listing.standing != "Incomplete"
    ]


def _availability(listing: Listing, marketplace: Marketplace, _: View) -> list[dict[str, Any]]:
    if listing.amazon:
        return [{"fulfillmentChannelCode": CHANNEL[marketplace.region]}]
    if listing.quantity is None:
        return []
    return [{"fulfillmentChannelCode": "DEFAULT", "quantity": listing.quantity}]


def _issues(listing: Listing, marketplace: Marketplace, _: View) -> list[dict[str, Any]]:
    return [_issue(issue, marketplace) for issue in listing.issues]


def _issue(issue: Issue, marketplace: Marketplace) -> dict[str, Any]:
    body: dict[str, Any] = {
        "code": issue.code,
        "message": issue.message,
        "severity": issue.severity,
        "attributeNames": [issue.attribute],
        "categories": [issue.category],
        "marketplaceIds": [marketplace.id],
    }
    if issue.severity == "ERROR":
        actions = [{"action": "LISTING_SUPPRESSED"}]
        body["enforcements"] = {"actions": actions, "exemption": {"status": "NOT_EXEMPT"}}
    return body


def _relationships(listing: Listing, marketplace: Marketplace, view: View) -> list[dict[str, Any]]:
    theme = {"variationTheme": {"attributes": ["color"], "theme": "COLOR"}, "type": "VARIATION"}
    kin: list[dict[str, Any]] = []
    if listing.is_parent:
        kin = [{"childSkus": [child.sku for child in view.children(listing.sku)], **theme}]
    elif listing.parent:
        kin = [{"parentSkus": [listing.parent], **theme}]
    return [{"marketplaceId": marketplace.id, "relationships": kin}]


def _product_types(listing: Listing, marketplace: Marketplace, _: View) -> list[dict[str, Any]]:
    return [{"marketplaceId": marketplace.id, "productType": listing.product_type}]


def _attributes(listing: Listing, marketplace: Marketplace, _: View) -> dict[str, Any]:
    where = {"marketplace_id": marketplace.id}
    text = {"language_tag": marketplace.language, **where}
    body: dict[str, Any] = {
        "item_name": [{"value": listing.title, **text}],
        "product_description": [{"value": listing.description, **text}],
        "bullet_point": [{"value": line, **text} for line in ("Made to last", "Easy to clean")],
        "condition_type": [{"value": CONDITIONS[listing.condition], **where}],
        "main_product_image_locator": [{"media_location": _image(listing), **where}],
        "merchant_suggested_asin": [{"value": listing.asin, **where}],
        "item_weight": [{"unit": "grams", "value": 350.0, **where}],
        "fulfillment_availability": [_stock(listing, marketplace)],
    }
    if listing.product_id_type in _CODES:
        code = {"type": _CODES[listing.product_id_type], "value": listing.product_id}
        body["externally_assigned_product_identifier"] = [code | where]
    if listing.price is not None:
        body["purchasable_offer"] = [_price(listing.price, marketplace)]
    if listing.shipping_group:
        body["merchant_shipping_group"] = [{"value": listing.shipping_group, **where}]
    return body


def _stock(listing: Listing, marketplace: Marketplace) -> dict[str, Any]:
    channel = CHANNEL[marketplace.region] if listing.amazon else "DEFAULT"
    stock = {} if listing.quantity is None else {"quantity": listing.quantity}
    return {"fulfillment_channel_code": channel, **stock}


def _price(price: int, marketplace: Marketplace) -> dict[str, Any]:
    """Attributes have JSON numbers where everything else has decimal strings."""
    value = float(Decimal(price).scaleb(-marketplace.digits))
    return {
        "marketplace_id": marketplace.id,
        "currency": marketplace.currency,
        "audience": "ALL",
        "our_price": [{"schedule": [{"value_with_tax": value}]}],
    }


def _image(listing: Listing) -> str:
    return f"https://images.example/{listing.asin}.jpg"


_CODES = {3: "upc", 4: "ean"}
_SHAPES: Mapping[str, Callable[[Listing, Marketplace, View], object]] = {
    "summaries": _summaries,
    "attributes": _attributes,
    "issues": _issues,
    "offers": _offers,
    "fulfillmentAvailability": _availability,
    "relationships": _relationships,
    "productTypes": _product_types,
}
