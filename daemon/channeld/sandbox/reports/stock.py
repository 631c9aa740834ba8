"""Reports of what is for sale and what lies in Amazon's warehouses."""

from collections.abc import Iterator
from zlib import crc32

from channeld.sandbox.listings.listing import Listing
from channeld.sandbox.listings.shelf import View
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.reports.merchant import QUANTITY_PRICES
from channeld.sandbox.reports.text import amount, line

__all__ = ["afn_lines", "open_lines"]

OPEN_LISTINGS = ("sku", "asin", "price", "quantity", "Business Price", *QUANTITY_PRICES)
AFN = (
    "seller-sku",
    "fulfillment-channel-sku",
    "asin",
    "condition-type",
    "Warehouse-Condition-code",
    "Quantity Available",
)
NEW = 11
DAMAGED_ONE_OF = 5


def open_lines(view: View) -> Iterator[str]:
    """GET_FLAT_FILE_OPEN_LISTINGS_DATA: every active offer."""
    marketplace = BY_COUNTRY[view.country]
    yield line(OPEN_LISTINGS, marketplace)
    for listing in view:
        if listing.standing == "Active" and not listing.is_parent:
            quantity = "" if listing.quantity is None else str(listing.quantity)
            prices = [amount(price, marketplace) for price in (listing.price, listing.business_price)]
            cells = (listing.sku, listing.asin, prices[0], quantity, prices[1])
            yield line((*cells, *("" for _ in QUANTITY_PRICES)), marketplace)


def afn_lines(view: View) -> Iterator[str]:
    """GET_AFN_INVENTORY_DATA: a SKU with damaged units has a second row."""
    marketplace = BY_COUNTRY[view.country]
    yield line(AFN, marketplace)
    for listing in view:
        if listing.amazon:
            for condition, units in _units(listing).items():
                kind = "NewItem" if listing.condition == NEW else "UsedItem"
                cells = (listing.sku, listing.fn_sku, listing.asin, kind, condition, str(units))
                yield line(cells, marketplace)


def _units(listing: Listing) -> dict[str, int]:
    chance = crc32(listing.asin.encode())
    units = {"SELLABLE": chance % 90 if listing.standing == "Active" else 0}
    return units | ({"UNSELLABLE": chance % 7 + 1} if chance % DAMAGED_ONE_OF == 0 else {})
