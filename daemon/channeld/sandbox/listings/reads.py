"""searchListingsItems and getListingsItem (official model `listingsItems_2021-08-01.json`)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import msgspec

from channeld.sandbox.listings.finding import find
from channeld.sandbox.listings.item_shape import listings_item
from channeld.sandbox.listings.query import READ, Query, country_of, included, parse_query, same_seller
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.refusal import Refusal, invalid
from channeld.sandbox.rules import parameters

__all__ = ["ITEM", "OPERATIONS"]

ITEMS = "/listings/2021-08-01/items/{seller_id}"
ITEM = f"{ITEMS}/{{sku:path}}"
CHANGING = ("pageToken=", "pageSize=")
REACHABLE = 1_000
"""Results that can be paged through."""


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """A pageToken before it is encoded."""

    offset: int
    request: str
    """Digest of all parameters that must stay the same."""


def _search(call: Call) -> dict[str, Any]:
    """One page; what changes meanwhile may come twice, or on no page at all, as at Amazon."""
    same_seller(call.path, call.account)
    query = parse_query(call.query, call.account)
    offset = _offset(call, query)
    view = call.market.listings.shown(call.account.spec.seller_id, query.country, call.market.clock.now())
    end = min(offset + query.size, REACHABLE)
    found = find(view, query, end)
    page = found.listings[offset:end]
    body: dict[str, Any] = {"numberOfResults": found.total}
    if pagination := _pagination(call, query, offset, min(found.total, REACHABLE)):
        body["pagination"] = pagination
    return body | {"items": [listings_item(listing, query.included, view) for listing in page]}


def _get(call: Call) -> dict[str, Any]:
    same_seller(call.path, call.account)
    given = parameters(call.query, READ)
    country, wanted = country_of(given, call.account), included(given)
    view = call.market.listings.shown(call.account.spec.seller_id, country, call.market.clock.now())
    listing = view.get(call.path["sku"])
    if listing is None:
        sku = call.path["sku"]
        raise Refusal(404, "NOT_FOUND", f"SKU '{sku}' not found in marketplace {given['marketplaceIds']}")
    return listings_item(listing, wanted, view)


def _pagination(call: Call, query: Query, offset: int, reachable: int) -> dict[str, str]:
    tokens: dict[str, str] = {}
    if offset + query.size < reachable:
        tokens["nextToken"] = _token(call, offset + query.size)
    if offset:
        tokens["previousToken"] = _token(call, max(0, offset - query.size))
    return tokens


def _offset(call: Call, query: Query) -> int:
    """Where the page begins. Refusal 400 for a token of another search."""
    if not query.token:
        return 0
    try:
        text = urlsafe_b64decode(query.token + "=" * (-len(query.token) % 4))
        page = msgspec.json.decode(text, type=_Page)
    except ValueError:
        raise invalid("pageToken is not valid.") from None
    if page.request != _digest(call):
        raise invalid("pageToken is not valid with these parameters.")
    return page.offset


def _token(call: Call, offset: int) -> str:
    return urlsafe_b64encode(msgspec.json.encode(_Page(offset, _digest(call)))).decode().rstrip("=")


def _digest(call: Call) -> str:
    """Of the seller and of everything that is asked for, byte for byte."""
    same = sorted(pair for pair in call.query.split("&") if not pair.startswith(CHANGING))
    return sha256("&".join((call.account.spec.seller_id, *same)).encode()).hexdigest()[:16]


OPERATIONS = (
    Operation("searchListingsItems", ITEMS, _search),
    Operation("getListingsItem", ITEM, _get),
)
