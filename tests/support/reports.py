"""Listing reports as Amazon writes them, line by line, for tests."""

from channeld.amazon.reports.columns import Columns, read_columns
from channeld.amazon.reports.types import ALL_LISTINGS, ORDERS_BY_UPDATE, report_type

__all__ = ["ENGLISH", "listing_columns", "listing_line", "order_columns", "order_line"]

ENGLISH = (
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
    "merchant-shipping-group",
    "status",
)
_LISTING = {
    "item-name": "Kettle, blue",
    "listing-id": "0816Y30OYFH",
    "seller-sku": "KETTLE-1",
    "price": "19.99",
    "quantity": "7",
    "open-date": "24/03/2011 09:29:39 GMT",
    "item-is-marketplace": "y",
    "product-id-type": "1",
    "item-condition": "11",
    "asin1": "B00V7I4DHA",
    "product-id": "B00V7I4DHA",
    "pending-quantity": "0",
    "fulfillment-channel": "DEFAULT",
    "merchant-shipping-group": "Migrated Template",
    "status": "Active",
}
ORDER_NAMES = (
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
)
_ORDER = {
    "amazon-order-id": "203-1111111-2222222",
    "purchase-date": "2026-11-20T08:00:00+00:00",
    "last-updated-date": "2026-11-21T10:30:15+00:00",
    "order-status": "Shipped",
    "fulfillment-channel": "Merchant",
    "sales-channel": "Amazon.co.uk",
    "ship-city": "CANARY-CITY",
    "ship-postal-code": "CANARY-CODE",
}


def listing_columns(charset: str = "utf-8", names: tuple[str, ...] = ENGLISH) -> Columns:
    """Of a report of all listings."""
    return read_columns("\t".join(names).encode(charset), charset, report_type(ALL_LISTINGS))


def listing_line(charset: str = "utf-8", **changed: str) -> bytes:
    """A line of it; `seller_sku` stands for `seller-sku`."""
    values = _LISTING | {name.replace("_", "-"): value for name, value in changed.items()}
    return "\t".join(values.get(name, "") for name in ENGLISH).encode(charset)


def order_columns() -> Columns:
    """Of a report of all orders."""
    return read_columns("\t".join(ORDER_NAMES).encode(), "utf-8", report_type(ORDERS_BY_UPDATE))


def order_line(**changed: str) -> bytes:
    """A line of it."""
    values = _ORDER | {name.replace("_", "-"): value for name, value in changed.items()}
    return "\t".join(values.get(name, "") for name in ORDER_NAMES).encode()
