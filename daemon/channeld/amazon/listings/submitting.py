"""Changing listings: what each call sends (Amazon's reference, section 8.2)."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from channeld.amazon.assumptions import OFFER_PRODUCT_TYPE
from channeld.amazon.listings.patches import ISSUE_LOCALE, Patch
from channeld.amazon.listings.submissions import Submission
from channeld.amazon.operation import Query
from channeld.amazon.operations import PATCH_LISTINGS_ITEM, PUT_LISTINGS_ITEM, Call

__all__ = ["Requirements", "fits_a_path", "patch_listing_call", "put_listing_call"]

Requirements = Literal["LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"]
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class _Patches(msgspec.Struct, rename="camel"):
    product_type: str
    patches: Sequence[Patch]


class _Listing(msgspec.Struct, rename="camel"):
    product_type: str
    requirements: Requirements
    attributes: msgspec.Raw


def fits_a_path(sku: str) -> bool:
    """Whether a request can name it: dots alone mean another address on the way there. A feed can."""
    return bool(sku.strip()) and sku not in (".", "..")


def patch_listing_call(
    seller_id: str,
    marketplace_id: str,
    sku: str,
    patches: Sequence[Patch],
    product_type: str = OFFER_PRODUCT_TYPE,
) -> Call[Submission]:
    """Change some attributes of a listing. The default product type does for quantities and prices.

    Raises `ValueError` without patches, and for a SKU that does not fit (see `fits_a_path`).
    """
    if not patches:
        raise ValueError("a change names at least one attribute")
    return Call(
        operation=PATCH_LISTINGS_ITEM,
        path_params=_path(seller_id, sku),
        query=_query(marketplace_id),
        body=msgspec.json.encode(_Patches(product_type, patches)),
    )


def put_listing_call(
    seller_id: str,
    marketplace_id: str,
    sku: str,
    attributes: bytes,
    product_type: str,
    requirements: Requirements,
) -> Call[Submission]:
    """Create a listing, or replace all of it by those attributes, which are a JSON object.

    Raises `ValueError` for attributes that are none, and for a SKU that does not fit (see `fits_a_path`).
    """
    if not _OBJECT.decode(attributes):
        raise ValueError("a listing has attributes")
    return Call(
        operation=PUT_LISTINGS_ITEM,
        path_params=_path(seller_id, sku),
        query=_query(marketplace_id),
        body=msgspec.json.encode(_Listing(product_type, requirements, msgspec.Raw(attributes))),
    )


def _path(seller_id: str, sku: str) -> Query:
    if not fits_a_path(sku):
        raise ValueError("no request can name the SKU")
    return (("sellerId", seller_id), ("sku", sku))


def _query(marketplace_id: str) -> Query:
    return (("marketplaceIds", marketplace_id), ("issueLocale", ISSUE_LOCALE))
