"""The attributes of a listing as Amazon has them, and back: what a listing is by its attributes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from channeld.sandbox.listings.listing import NOTHING, Listing, standing
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace

__all__ = [
    "CHANNEL",
    "CONDITIONS",
    "DEFAULT",
    "OFFERS",
    "STOCK",
    "Attributes",
    "Values",
    "attributes_of",
    "image",
    "minor",
    "offer_to",
    "stock_of",
    "terms_of",
    "with_attributes",
    "with_terms",
]

Values = Sequence[Mapping[str, Any]]
Attributes = Mapping[str, Values]
"""The values of each attribute, by its name."""

STOCK, OFFERS = "fulfillment_availability", "purchasable_offer"
DEFAULT = "DEFAULT"
"""The channel of what the seller sends."""
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
_BY_CONDITION = {name: number for number, name in CONDITIONS.items()}
_CODES = {3: "upc", 4: "ean"}
_OFFER = frozenset(("marketplace_id", "currency", "audience", "our_price"))
"""What of an offer is kept as facts; the rest as it was sent."""


def attributes_of(listing: Listing) -> dict[str, Values]:
    """All attributes: those that follow from the facts, and what was sent otherwise."""
    every: dict[str, Any] = {**_from_facts(listing), **listing.more}
    return {name: values for name, values in every.items() if values is not None}


def with_attributes(listing: Listing, attributes: Attributes) -> Listing:
    """The listing that has these attributes and no others."""
    told = replace(
        listing,
        title=_text(attributes, "item_name"),
        description=_text(attributes, "product_description"),
        shipping_group=_text(attributes, "merchant_shipping_group"),
        condition=_BY_CONDITION.get(_text(attributes, "condition_type"), listing.condition),
        more=NOTHING,
    )
    after = with_terms(told, attributes)
    return replace(after, more=_more(after, attributes))


def terms_of(listing: Listing) -> dict[str, Values]:
    """The attributes that change most: what there is of it, and what it costs."""
    marketplace = BY_COUNTRY[listing.country]
    prices = (("ALL", listing.price, listing.terms), ("B2B", listing.business_price, listing.business_terms))
    offers = [_offer(*each, marketplace) for each in prices if each[1] is not None]
    stock: Values = [_availability(listing, marketplace)]
    return {STOCK: stock, OFFERS: offers} if offers else {STOCK: stock}


def with_terms(listing: Listing, attributes: Attributes) -> Listing:
    """The listing with these two as they are there, and with nothing of what is not."""
    marketplace, offers = BY_COUNTRY[listing.country], attributes.get(OFFERS, ())
    consumer, business = offer_to("ALL", offers), offer_to("B2B", offers)
    after = replace(
        listing,
        price=minor(consumer, "our_price", marketplace),
        terms=_terms(consumer),
        business_price=minor(business, "our_price", marketplace),
        business_terms=_terms(business),
        **_stock(listing, attributes),
    )
    return replace(after, standing=standing(after))


def stock_of(values: Values) -> Mapping[str, Any] | None:
    """The entry of what the seller sends, if there is one."""
    return next((each for each in values if each.get("fulfillment_channel_code") == DEFAULT), None)


def offer_to(audience: str, values: Values) -> Mapping[str, Any]:
    """The offer to that audience, empty when there is none."""
    return next((each for each in values if each.get("audience", "ALL") == audience), NOTHING)


def minor(offer: Mapping[str, Any], name: str, marketplace: Marketplace) -> int | None:
    """That price of an offer in minor units, None when it is not there. ValueError when it is no price."""
    if name not in offer:
        return None
    try:
        (only,) = offer[name]
        (step,) = only["schedule"]
        value = step["value_with_tax"]
        number = Decimal(str(value)).scaleb(marketplace.digits) if type(value) in (int, float) else Decimal(0)
    except (KeyError, TypeError, ValueError):
        raise ValueError(name) from None
    if not 0 < number < 10**12 or number != number.to_integral_value():
        raise ValueError(name)
    return int(number)


def image(listing: Listing) -> str:
    return f"https://images.example/{listing.asin}.jpg"


def _stock(listing: Listing, attributes: Attributes) -> dict[str, Any]:
    """A quantity that is not said any more is none; an entry of the seller's own wins over Amazon's."""
    if listing.is_parent:
        return {}
    values = attributes.get(STOCK, ())
    own = stock_of(values)
    if own is None and values:
        return {"amazon": True, "quantity": None, "lead_time": None, "restock": ""}
    own = own or NOTHING
    return {
        "amazon": False,
        "fn_sku": "",
        "quantity": own.get("quantity", 0),
        "lead_time": own.get("lead_time_to_ship_max_days"),
        "restock": own.get("restock_date", ""),
    }


def _more(listing: Listing, attributes: Attributes) -> Mapping[str, Any]:
    """In what the attributes differ from those that follow from the facts."""
    usual = _from_facts(listing)
    gone: dict[str, Any] = dict.fromkeys(usual.keys() - attributes.keys() - {STOCK, OFFERS})
    given = {name: values for name, values in attributes.items() if name not in (STOCK, OFFERS)}
    return gone | {name: values for name, values in given.items() if usual.get(name) != values} or NOTHING


def _terms(offer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in offer.items() if name not in _OFFER} or NOTHING


def _text(attributes: Attributes, name: str) -> str:
    return next((str(each.get("value", "")) for each in attributes.get(name, ())), "")


def _from_facts(listing: Listing) -> dict[str, Any]:
    marketplace = BY_COUNTRY[listing.country]
    where = {"marketplace_id": marketplace.id}
    text = {"language_tag": marketplace.language, **where}
    body: dict[str, Any] = {
        "item_name": [{"value": listing.title, **text}],
        "product_description": [{"value": listing.description, **text}],
        "bullet_point": [{"value": line, **text} for line in ("Made to last", "Easy to clean")],
        "condition_type": [{"value": CONDITIONS[listing.condition], **where}],
        "main_product_image_locator": [{"media_location": image(listing), **where}],
        "merchant_suggested_asin": [{"value": listing.asin, **where}],
        "item_weight": [{"unit": "grams", "value": 350.0, **where}],
        **terms_of(listing),
    }
    if listing.product_id_type in _CODES:
        code = {"type": _CODES[listing.product_id_type], "value": listing.product_id}
        body["externally_assigned_product_identifier"] = [code | where]
    if listing.shipping_group:
        body["merchant_shipping_group"] = [{"value": listing.shipping_group, **where}]
    return body


def _availability(listing: Listing, marketplace: Marketplace) -> dict[str, Any]:
    stock = {
        "quantity": listing.quantity,
        "lead_time_to_ship_max_days": listing.lead_time,
        "restock_date": listing.restock or None,
    }
    channel = CHANNEL[marketplace.region] if listing.amazon else DEFAULT
    said = {name: value for name, value in stock.items() if value is not None}
    return {"fulfillment_channel_code": channel, **said}


def _offer(
    audience: str, price: int | None, terms: Mapping[str, Any], marketplace: Marketplace
) -> dict[str, Any]:
    """Attributes have JSON numbers where everything else has decimal strings."""
    value = float(Decimal(price or 0).scaleb(-marketplace.digits))
    return {
        "marketplace_id": marketplace.id,
        "currency": marketplace.currency,
        "audience": audience,
        "our_price": [{"schedule": [{"value_with_tax": value}]}],
        **terms,
    }
