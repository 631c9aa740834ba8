"""Asking about listings: what each call sends (Amazon's reference, sections 2.4 and 8.1)."""

from collections.abc import Sequence

from channeld.amazon.listings.answers import ItemsPage
from channeld.amazon.operations import GET_LISTINGS_ITEM, SEARCH_LISTINGS_ITEMS, Call
from channeld.domain.listing.item import ItemRead

__all__ = ["EVERYTHING", "MOST_SKUS", "fits_a_search", "listings_item_call", "search_listings_call"]

MOST_SKUS = 20
"""SKUs of one search, which then has one page."""
EVERYTHING = (
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "relationships",
    "productTypes",
)
"""All that is read of a listing."""


def fits_a_search(sku: str) -> bool:
    """Whether it can be searched for: a comma would be taken for the next SKU."""
    return bool(sku.strip()) and "," not in sku


def search_listings_call(
    seller_id: str, marketplace_id: str, skus: Sequence[str], included: Sequence[str] = EVERYTHING
) -> Call[ItemsPage]:
    """The listings with those SKUs; the answer has one page, and leaves out what Amazon does not know.

    Raises `ValueError` without a SKU, for more than 20, and for one that only `listings_item_call` can ask
    for (see `fits_a_search`).
    """
    if not 1 <= len(skus) <= MOST_SKUS:
        raise ValueError(f"a search is for 1 to {MOST_SKUS} SKUs")
    if not all(map(fits_a_search, skus)):
        raise ValueError("a SKU with a comma cannot be searched for")
    query = (
        ("marketplaceIds", marketplace_id),
        ("includedData", ",".join(included)),
        ("identifiers", ",".join(skus)),
        ("identifiersType", "SKU"),
        ("pageSize", str(MOST_SKUS)),
    )
    return Call(operation=SEARCH_LISTINGS_ITEMS, path_params=(("sellerId", seller_id),), query=query)


def listings_item_call(
    seller_id: str, marketplace_id: str, sku: str, included: Sequence[str] = EVERYTHING
) -> Call[tuple[ItemRead, ...]]:
    """The listing with that SKU."""
    query = (("marketplaceIds", marketplace_id), ("includedData", ",".join(included)))
    path = (("sellerId", seller_id), ("sku", sku))
    return Call(operation=GET_LISTINGS_ITEM, path_params=path, query=query)
