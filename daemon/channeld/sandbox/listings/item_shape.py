"""A listing in the JSON of Listings Items 2021-08-01 (official model `listingsItems_2021-08-01.json`)."""

from collections.abc import Callable, Mapping
from typing import Any

from channeld.sandbox.listings.attributes import CHANNEL, CONDITIONS, attributes_of, image
from channeld.sandbox.listings.listing import Issue, Listing, statuses
from channeld.sandbox.listings.shelf import View
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.money import money
from channeld.sandbox.shape import instant

__all__ = ["issue_shape", "listings_item"]

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
        "mainImage": {"link": image(listing), "height": IMAGE, "width": IMAGE},
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
    return [issue_shape(issue, marketplace) for issue in listing.issues]


def issue_shape(issue: Issue, marketplace: Marketplace) -> dict[str, Any]:
    body: dict[str, Any] = {
        "code": issue.code,
        "message": issue.message,
        "severity": issue.severity,
        "attributeNames": [issue.attribute] if issue.attribute else [],
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


def _attributes(listing: Listing, _marketplace: Marketplace, _: View) -> dict[str, Any]:
    return attributes_of(listing)


_SHAPES: Mapping[str, Callable[[Listing, Marketplace, View], object]] = {
    "summaries": _summaries,
    "attributes": _attributes,
    "issues": _issues,
    "offers": _offers,
    "fulfillmentAvailability": _availability,
    "relationships": _relationships,
    "productTypes": _product_types,
}
