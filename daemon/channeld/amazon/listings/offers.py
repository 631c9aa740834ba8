"""The attribute `purchasable_offer`: the price for everybody, told and read (reference 8.3)."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from channeld.amazon.assumptions import REPLACING_SPARES_OTHER_MARKETPLACES, SALE_PRICE, is_for_everybody
from channeld.amazon.listings.attributes import Entry, read_entries
from channeld.amazon.listings.patches import Patch, make_patch
from channeld.domain.listing.item import ItemRead
from channeld.domain.money import decimal_text, parse_amount

__all__ = ["PRICE_DATA", "ShownPrice", "price_patch", "read_price"]

PRICE_DATA = ("attributes",)
"""What a read has to include for `read_price`, and for the price to be changed: `offers` shows what is paid
now, which is the sale price while there is a sale."""


class ShownPrice(msgspec.Struct, frozen=True, kw_only=True):
    """The price of a listing for everybody, without regard to sales."""

    minor: int | None
    """Minor units of `currency`; None if the listing has no price."""
    currency: str
    """Empty if the listing has no price."""
    has_sale_price: bool
    """Whether a sale price stands beside it, whenever its time is."""


class _Priced(msgspec.Struct):
    value_with_tax: msgspec.Raw


class _Scheduled(msgspec.Struct):
    schedule: list[_Priced]


class _Offer(NamedTuple):
    entry: Entry
    is_the_price: bool
    """For everybody, in the marketplace that is asked about."""
    currency: str
    """Empty if it names none."""


_OFFER = "purchasable_offer"
_TEXT = msgspec.json.Decoder(str | None)
_PRICES = msgspec.json.Decoder(list[_Scheduled])


def price_patch(item: ItemRead, marketplace_id: str, minor: int, currency: str) -> Patch:
    """The price for everybody, in minor units; the offer's other parts and other offers are sent as shown.

    `item` is a read with `PRICE_DATA`, as fresh as can be: what changed at Amazon since then is undone. Sale
    price, limits and prices for businesses stay.

    Raises `ValueError` for a price that is not above zero, when the offers of `item` cannot be told, and when
    the one for everybody is in another currency.
    """
    if minor <= 0:
        raise ValueError("a price is above zero")
    offers = _offers(item, marketplace_id)
    if offers is None:
        raise ValueError("the listing's offers were not read, or are not as documented")
    if any(offer.is_the_price and offer.currency not in ("", currency) for offer in offers):
        raise ValueError("the listing's price is in another currency")
    said = _said(minor, currency)
    entries = [offer.entry | said if offer.is_the_price else offer.entry for offer in offers]
    if not any(offer.is_the_price for offer in offers):
        entries.append(_raw({"marketplace_id": marketplace_id, "audience": "ALL"}) | said)
    return make_patch("replace", _OFFER, entries)


def read_price(item: ItemRead, marketplace_id: str) -> ShownPrice | None:
    """The price of a read with `PRICE_DATA`. None if it cannot be told, or is told twice."""
    offers = _offers(item, marketplace_id)
    if offers is None:
        return None
    priced = [offer for offer in offers if offer.is_the_price and "our_price" in offer.entry]
    if not priced:
        return ShownPrice(minor=None, currency="", has_sale_price=False)
    minor = _minor(priced[0]) if len(priced) == 1 else None
    if minor is None:
        return None
    return ShownPrice(minor=minor, currency=priced[0].currency, has_sale_price=SALE_PRICE in priced[0].entry)


def _offers(item: ItemRead, marketplace_id: str) -> list[_Offer] | None:
    """Those to be sent when one of them changes; None if they cannot be told."""
    shown = read_entries(item.attributes, _OFFER)
    try:
        offers = [_offer(entry, marketplace_id) for entry in shown or ()]
    except ValueError:
        return None
    return None if shown is None else [offer for offer in offers if offer is not None]


def _offer(entry: Entry, marketplace_id: str) -> _Offer | None:
    """None for an entry that is left out, being of another marketplace. Raises `ValueError`."""
    is_here = _text(entry, "marketplace_id") in (None, marketplace_id)
    if REPLACING_SPARES_OTHER_MARKETPLACES and not is_here:
        return None
    is_the_price = is_here and is_for_everybody(_text(entry, "audience"))
    return _Offer(entry, is_the_price, _text(entry, "currency") or "")


def _text(entry: Entry, name: str) -> str | None:
    """A part of the entry; None without it. Raises `ValueError` for one that is no text."""
    return _TEXT.decode(entry[name]) if name in entry else None


def _minor(offer: _Offer) -> int | None:
    """The amount; None for several, as they differ by time, and for what is none."""
    if not offer.currency:
        return None
    try:
        prices = _PRICES.decode(offer.entry["our_price"])
        (amount,) = (amount for price in prices for amount in price.schedule)
        return parse_amount(bytes(amount.value_with_tax).decode().strip('"'), offer.currency)
    except (ValueError, RecursionError):
        return None


def _said(minor: int, currency: str) -> Entry:
    """The amount's decimals are written out, as no binary number in between is exact."""
    amount = msgspec.Raw(decimal_text(minor, currency).encode())
    return _raw({"currency": currency, "our_price": [{"schedule": [{"value_with_tax": amount}]}]})


def _raw(parts: Mapping[str, object]) -> Entry:
    return {name: msgspec.Raw(msgspec.json.encode(part)) for name, part in parts.items()}
