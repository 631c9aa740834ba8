"""What Amazon finds wrong with a write to a listing before it takes it on: issues, and INVALID."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from channeld.sandbox.listings.attributes import (
    CHANNEL,
    DEFAULT,
    OFFERS,
    STOCK,
    Values,
    minor,
    stock_of,
)
from channeld.sandbox.listings.listing import Issue, Listing
from channeld.sandbox.listings.patching import selectors
from channeld.sandbox.listings.write import (
    OFFER_ATTRIBUTES,
    Deleted,
    Patched,
    Put,
    Write,
    said,
    touched,
    values_after,
)
from channeld.sandbox.marketplaces import Marketplace
from channeld.sandbox.money import Convention

__all__ = ["INVALID_VALUE", "Scene", "issues_of", "wrong"]

INVALID_VALUE, MISSING, UNKNOWN_SKU = "90000900", "90220", "13013"
"""Codes: a value that cannot be, an attribute that has to be there, a patch for a SKU that is not listed."""
ANY_TYPE = "PRODUCT"
"""The product type that fits every listing as long as only sales terms are written."""
REQUIRED = {
    "LISTING": ("item_name", "product_description", "bullet_point", "condition_type"),
    "LISTING_PRODUCT_ONLY": ("item_name", "product_description", "bullet_point"),
    "LISTING_OFFER_ONLY": ("merchant_suggested_asin", "condition_type"),
}
MOST_UNITS, LONGEST_LEAD = 99_999_999, 30
PRICES = ("our_price", "discounted_price", "minimum_seller_allowed_price", "maximum_seller_allowed_price")
AUDIENCES = ("ALL", "B2B")


class Scene(NamedTuple):
    """Where the write is to happen."""

    marketplace: Marketplace
    convention: Convention
    listing: Listing | None
    """As it is by now."""


def issues_of(write: Write, scene: Scene) -> list[Issue]:
    """Everything that is wrong with it. Malformed for a patch of anything but whole attributes."""
    names, listing = touched(write), scene.listing
    match write:
        case Deleted():
            return []
        case Patched():
            if listing is None:
                return [Issue(UNKNOWN_SKU, "This SKU is not listed.", "ERROR", "INVALID_ATTRIBUTE", "")]
            incomplete = _without_selectors(write)
            values = values_after(write, listing)
        case Put():
            incomplete = _missing(write)
            values = write.attributes
    if listing and write.product_type != listing.product_type and not _fits_any(write, names):
        incomplete.append(wrong("product_type", "is not the one of the listing"))
    found = (_CHECKS.get(name, _plain)(name, values.get(name, ()), scene) for name in sorted(names))
    return [*incomplete, *(issue for issues in found for issue in issues)]


def wrong(name: str, why: str = "is not valid", category: str = "INVALID_ATTRIBUTE") -> Issue:
    """The issue of a value that cannot be."""
    return Issue(INVALID_VALUE, f"The value for '{name}' {why}.", "ERROR", category, name)


def _fits_any(write: Patched | Put, names: set[str]) -> bool:
    return write.product_type == ANY_TYPE and names <= OFFER_ATTRIBUTES | {"merchant_suggested_asin"}


def _missing(write: Put) -> list[Issue]:
    return [_absent(name) for name in REQUIRED[write.requirements] if not write.attributes.get(name)]


def _absent(name: str) -> Issue:
    return Issue(MISSING, f"'{name}' is required but not supplied.", "ERROR", "MISSING_ATTRIBUTE", name)


def _without_selectors(write: Patched) -> list[Issue]:
    """A replacement without values, a merge that does not say which value it means."""
    empty = [name for name, values in said(write).items() if not values]
    merged = (
        name
        for patch in write.patches
        if patch.op == "merge"
        for name in touched(Patched(product_type=write.product_type, patches=[patch]))
        if not all(each.get(field) for each in patch.value or () for field in selectors(name))
    )
    unselected = [wrong(name, f"needs {', '.join(selectors(name))} to be merged") for name in merged]
    return [*(wrong(name, "has no values") for name in empty), *unselected]


def _stock(name: str, values: Values, scene: Scene) -> Iterator[Issue]:
    amazons = CHANNEL[scene.marketplace.region]
    channels = [each.get("fulfillment_channel_code") for each in values]
    if len(set(map(str, channels))) < len(channels) or any(it not in (DEFAULT, amazons) for it in channels):
        yield wrong(name, "names a fulfillment channel that is not known, or twice")
    for each in values:
        for field, value in each.items():
            if field != "fulfillment_channel_code" and not _STOCK_FIELDS.get(field, _never)(value):
                yield wrong(name, f"has a {field} that is not valid")
        if each.get("fulfillment_channel_code") == amazons and len(each) > 1:
            yield wrong(name, "has facts that are not the seller's to say of what Amazon sends")
    listing, own = scene.listing, stock_of(values)
    if listing is None or own is None:
        return
    if listing.is_parent and "quantity" in own:
        yield wrong(name, "is not for a variation parent")
    if listing.amazon and scene.convention.amazon_stock == "refused":
        yield wrong(name, "has a quantity for a SKU that is fulfilled by Amazon")


def _offers(name: str, values: Values, scene: Scene) -> Iterator[Issue]:
    marketplace = scene.marketplace
    audiences = [str(each.get("audience", "ALL")) for each in values]
    if len(set(audiences)) < len(audiences) or not set(audiences) <= set(AUDIENCES):
        yield wrong(name, "names an audience that is not known, or twice")
    for each in values:
        if each.get("marketplace_id") != marketplace.id or each.get("currency") != marketplace.currency:
            yield wrong(name, "is not of the marketplace and its currency")
        if "our_price" not in each:
            yield _absent("our_price")
        for price in PRICES:
            if not _is_price(each, price, marketplace):
                yield wrong(name, f"has no valid {price}", "INVALID_PRICE")


def _plain(name: str, values: Values, scene: Scene) -> Iterator[Issue]:
    here = (None, scene.marketplace.id)
    if any(each.get("marketplace_id") not in here for each in values):
        yield wrong(name, "is not of the marketplace")


def _is_price(offer: Mapping[str, Any], name: str, marketplace: Marketplace) -> bool:
    try:
        minor(offer, name, marketplace)
    except ValueError:
        return False
    return True


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _never(_: Any) -> bool:
    return False


_STOCK_FIELDS: Mapping[str, Callable[[Any], bool]] = {
    "quantity": _whole(0, MOST_UNITS),
    "lead_time_to_ship_max_days": _whole(1, LONGEST_LEAD),
    "restock_date": _is_day,
}
_CHECKS: Mapping[str, Callable[[str, Values, Scene], Iterator[Issue]]] = {STOCK: _stock, OFFERS: _offers}
