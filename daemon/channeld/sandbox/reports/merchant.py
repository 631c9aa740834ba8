"""The merchant listings reports: a row for each listing of one marketplace.

They have more columns for some accounts than for others, and rows that differ in how they write the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from zlib import crc32

from channeld.sandbox.listings.attributes import CHANNEL
from channeld.sandbox.listings.listing import Listing
from channeld.sandbox.listings.shelf import View
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.options import ReportColumns
from channeld.sandbox.reports.dates import open_date
from channeld.sandbox.reports.text import amount, line

__all__ = ["QUANTITY_PRICES", "merchant_lines"]

QUANTITY_PRICES = (
    "Quantity Price Type",
    *(f"Quantity {what} {step}" for step in range(1, 6) for what in ("Lower Bound", "Price")),
    "Progressive Price Type",
    *(f"Progressive {what} {step}" for step in range(1, 4) for what in ("Lower Bound", "Price")),
)
ALL = (
    "item-name",
    "item-description",
    "listing-id",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "image-url",
    "item-is-marketplace",
    "product-id-type",
    "zshop-shipping-fee",
    "item-note",
    "item-condition",
    "zshop-category1",
    "zshop-browse-path",
    "zshop-storefront-feature",
    "asin1",
    "asin2",
    "asin3",
    "will-ship-internationally",
    "expedited-shipping",
    "zshop-boldface",
    "product-id",
    "bid-for-featured-placement",
    "add-delete",
    "pending-quantity",
    "fulfillment-channel",
)
BY_FEATURE: dict[ReportColumns, tuple[str, ...]] = {
    "business": ("Business Price", *QUANTITY_PRICES),
    "payment_exclusion": ("optional-payment-type-exclusion",),
    "shipping_group": ("merchant-shipping-group",),
    "price_limits": ("minimum-seller-allowed-price", "maximum-seller-allowed-price"),
}
"""In the order in which they follow."""
JAPANESE = {
    "item-name": "商品名",
    "listing-id": "出品ID",
    "seller-sku": "出品者SKU",
    "price": "価格",
    "quantity": "数量",
    "open-date": "出品日",
    "product-id-type": "商品IDタイプ",
    "item-note": "コンディション説明",
    "item-condition": "コンディション",
    "will-ship-internationally": "国外へ配送可",
    "expedited-shipping": "迅速な配送",
    "product-id": "商品ID",
    "pending-quantity": "在庫数",
    "fulfillment-channel": "フルフィルメント・チャンネル",
    "status": "ステータス",
}
NO_QUANTITY_PRICES = [""] * len(QUANTITY_PRICES)
ONE_OF = 3
"""Every so many rows are written the other way."""


def merchant_lines(
    view: View, features: Sequence[ReportColumns], *, everything: bool, localized: bool
) -> Iterator[str]:
    """All listings with their status, or the active ones without it."""
    marketplace = BY_COUNTRY[view.country]
    chosen: list[ReportColumns] = [feature for feature in BY_FEATURE if feature in features]
    columns = [*ALL, *(name for feature in chosen for name in BY_FEATURE[feature])]
    columns += ["status"] if everything else []
    names = JAPANESE if localized and view.country == "JP" else {}
    yield line((names.get(column, column) for column in columns), marketplace)
    for listing in view:
        if everything or listing.standing == "Active":
            cells = _cells(listing, marketplace)
            for feature in chosen:
                cells += _FEATURES[feature](listing, marketplace)
            cells += [listing.standing] if everything else []
            yield line(cells, marketplace)


def _cells(listing: Listing, marketplace: Marketplace) -> list[str]:
    """The columns of `ALL`. In one go, as there may be half a million rows."""
    other = crc32(listing.sku.encode()) % ONE_OF == 0
    if listing.quantity is None:
        quantity, pending = "  " if other else "", ""
    else:
        quantity, pending = str(listing.quantity), "0"
    price = amount(listing.price, marketplace, separators=other)
    identity = (listing.title, listing.description, listing.listing_id, listing.sku)
    offer = (price, quantity, open_date(listing.created, listing.country))
    middle = ("", "y", str(listing.product_id_type), "", "", str(listing.condition), "", "", "")
    asins, postage = (listing.asin, "", ""), ("", "", "")
    channel = CHANNEL[marketplace.region] if listing.amazon else "DEFAULT"
    return [*identity, *offer, *middle, *asins, *postage, listing.product_id, "", "", pending, channel]


def _shipping_group(listing: Listing, marketplace: Marketplace) -> list[str]:
    return [listing.shipping_group]


def _business(listing: Listing, marketplace: Marketplace) -> list[str]:
    return [amount(listing.business_price, marketplace), *NO_QUANTITY_PRICES]


def _nothing(cells: int) -> _Feature:
    return lambda listing, marketplace: [""] * cells


_Feature = Callable[[Listing, Marketplace], list[str]]
_FEATURES: dict[ReportColumns, _Feature] = {
    "business": _business,
    "payment_exclusion": _nothing(1),
    "shipping_group": _shipping_group,
    "price_limits": _nothing(2),
}
