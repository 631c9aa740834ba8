"""Amazon's answers about listings (Amazon's reference, section 8.1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from channeld.amazon.errors import plain_code, plain_text
from channeld.amazon.instants import BadInstant, parse_instant
from channeld.amazon.listings import item_wire as wire
from channeld.amazon.listings.attributes import Values, first_text, image_urls, read_attributes
from channeld.domain.listing.item import ItemIssue, ItemRead, ItemRelationship
from channeld.domain.money import BadAmount, parse_amount

__all__ = ["ItemsPage", "read_item", "read_items"]

_LONGEST_TOKEN = 16_384
_LONGEST = 1_000
_LONGEST_SKU = 400
_MOST_ACTIONS = 20


class ItemsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the listings asked for, each once for every marketplace that it is shown in."""

    items: tuple[ItemRead, ...]
    next_token: str
    """Empty on the last page."""
    unreadable: int = 0
    """How many are left out, as they have no SKU, or nothing in the shape that is documented."""


_ITEM = msgspec.json.Decoder(wire.Item, strict=False)
_ITEMS = msgspec.json.Decoder(wire.Items, strict=False)


def read_items(body: bytes) -> ItemsPage:
    """The answer of searchListingsItems. Raises `ValueError`; a single listing never spoils the page."""
    page = _ITEMS.decode(body)
    token = (page.pagination and page.pagination.next_token) or ""
    if len(token) > _LONGEST_TOKEN:
        raise ValueError("the page token is too long")
    read = [_readable(raw) for raw in page.items]
    found = tuple(each for item in read for each in item)
    return ItemsPage(items=found, next_token=token, unreadable=sum(not item for item in read))


def read_item(body: bytes) -> tuple[ItemRead, ...]:
    """The answer of getListingsItem, once for every marketplace. Raises `ValueError`."""
    return _by_marketplace(_ITEM.decode(body))


def _readable(raw: msgspec.Raw) -> tuple[ItemRead, ...]:
    try:
        return _by_marketplace(_ITEM.decode(raw))
    except (ValueError, RecursionError):
        return ()


def _by_marketplace(item: wire.Item) -> tuple[ItemRead, ...]:
    sku = str(item.sku)
    if not 0 < len(sku) <= _LONGEST_SKU:
        raise ValueError("a listing has no SKU")
    parts = (*(item.summaries or ()), *(item.offers or ()), *(item.relationships or ()))
    marketplaces = dict.fromkeys(plain_code(part.marketplace_id) for part in parts)
    values = read_attributes(_attributes(item))
    return tuple(_read(item, sku, each, values) for each in marketplaces or ("",))


def _read(item: wire.Item, sku: str, marketplace_id: str, values: Values) -> ItemRead:
    summary = _of(item.summaries, marketplace_id) or wire.Summary(marketplace_id=marketplace_id)
    typed = _of(item.product_types, marketplace_id)
    stock = next(iter(item.fulfillment_availability or ()), None)
    price = _price(item.offers, marketplace_id)
    image = summary.main_image
    return ItemRead(
        sku=sku,
        marketplace_id=marketplace_id,
        asin=plain_code(summary.asin),
        product_type=plain_code(summary.product_type or (typed and typed.product_type)),
        status=tuple(filter(None, map(plain_code, summary.status or ()))),
        title=_text(summary.item_name),
        condition=plain_code(summary.condition_type),
        fn_sku=plain_code(summary.fn_sku),
        issues=tuple(map(_issue, item.issues or ())),
        price_minor=price[0] if price else None,
        currency=price[1] if price else "",
        fulfillment_channel=plain_code(stock.fulfillment_channel_code) if stock else "",
        quantity=stock.quantity if stock else None,
        description=first_text(values, "product_description", marketplace_id),
        attributes=_attributes(item),
        images=image_urls(values, image.link if image else None, marketplace_id),
        relationships=_relationships(item, marketplace_id),
        created_at=_instant(summary.created_date),
        updated_at=_instant(summary.last_updated_date),
    )


def _attributes(item: wire.Item) -> bytes:
    shown = bytes(item.attributes)
    return b"" if shown == b"null" else shown


_Part = TypeVar("_Part", wire.Summary, wire.ProductType, wire.Relationships)


def _of(parts: Iterable[_Part] | None, marketplace_id: str) -> _Part | None:
    return next((each for each in parts or () if each.marketplace_id == marketplace_id), None)


def _price(offers: Iterable[wire.Offer] | None, marketplace_id: str) -> tuple[int, str] | None:
    """Minor units and currency of the offer for everybody; None without one that can be read."""
    found = [each for each in offers or () if each.marketplace_id == marketplace_id and _is_for_all(each)]
    return next(filter(None, (_amount(each.price) for each in found if each.price)), None)


def _is_for_all(offer: wire.Offer) -> bool:
    return offer.offer_type != "B2B" and (offer.audience is None or offer.audience.value in (None, "ALL"))


def _amount(money: wire.Money) -> tuple[int, str] | None:
    currency = money.currency_code or ""
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        return None
    try:
        return parse_amount(bytes(money.amount).decode().strip('"'), currency), currency
    except BadAmount:
        return None


def _issue(issue: wire.Issue) -> ItemIssue:
    return ItemIssue(
        code=plain_code(str(issue.code or "")),
        message=plain_text(issue.message),
        severity=plain_code(issue.severity),
        actions=tuple(filter(None, map(plain_code, _actions(issue.enforcements)))),
    )


def _actions(enforced: wire.Enforcements | None) -> Iterable[str | None]:
    """None while the listing is exempt from them."""
    if enforced is None or (enforced.exemption and (enforced.exemption.status or "").startswith("EXEMPT")):
        return ()
    return (each.action for each in (enforced.actions or ())[:_MOST_ACTIONS])


def _relationships(item: wire.Item, marketplace_id: str) -> tuple[ItemRelationship, ...]:
    here = _of(item.relationships, marketplace_id)
    return tuple(map(_relationship, (here and here.relationships) or ()))


def _relationship(shown: wire.Relationship) -> ItemRelationship:
    theme = shown.variation_theme
    return ItemRelationship(
        kind=plain_code(shown.type),
        parent_skus=_skus(shown.parent_skus),
        child_skus=_skus(shown.child_skus),
        theme=_text(theme.theme if theme else None),
    )


def _skus(given: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(sku for sku in given or () if 0 < len(sku) <= _LONGEST_SKU)


def _text(given: str | None) -> str:
    return " ".join((given or "").split())[:_LONGEST]


def _instant(text: str | None) -> datetime | None:
    try:
        return parse_instant(text) if text else None
    except BadInstant:
        return None
