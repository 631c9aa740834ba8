"""The shape of Amazon's listings items, read tolerantly: types wander, and parts may be missing."""

import msgspec

__all__ = ["Item", "Items", "Offer", "Relationship", "Summary"]


class Image(msgspec.Struct):
    """An image; its size is not looked at."""

    link: str | None = None


class Summary(msgspec.Struct, rename="camel"):
    """What a listing is in one marketplace."""

    marketplace_id: str
    asin: str | None = None
    product_type: str | None = None
    condition_type: str | None = None
    status: list[str] | None = None
    item_name: str | None = None
    fn_sku: str | None = None
    created_date: str | None = None
    last_updated_date: str | None = None
    main_image: Image | None = None


class Action(msgspec.Struct):
    """What Amazon does to a listing."""

    action: str | None = None


class Exemption(msgspec.Struct):
    """Whether it does."""

    status: str | None = None


class Enforcements(msgspec.Struct):
    """What an issue leads to."""

    actions: list[Action] | None = None
    exemption: Exemption | None = None


class Issue(msgspec.Struct):
    """What Amazon finds wrong; issues name no marketplace."""

    code: str | int | None = None
    message: str | None = None
    severity: str | None = None
    enforcements: Enforcements | None = None


class Money(msgspec.Struct, rename="camel"):
    """An amount; documented as a text, and met as a number."""

    currency_code: str | None = None
    amount: msgspec.Raw = msgspec.Raw(b"")


class Audience(msgspec.Struct):
    """Whom an offer is for."""

    value: str | None = None


class Offer(msgspec.Struct, rename="camel"):
    """A price in one marketplace."""

    marketplace_id: str
    offer_type: str | None = None
    price: Money | None = None
    audience: Audience | None = None


class Availability(msgspec.Struct, rename="camel"):
    """The stock that Amazon shows."""

    fulfillment_channel_code: str
    quantity: int | None = None


class Theme(msgspec.Struct):
    """What variations differ in."""

    theme: str | None = None


class Relationship(msgspec.Struct, rename="camel"):
    """How listings belong together."""

    type: str
    child_skus: list[str] | None = None
    parent_skus: list[str] | None = None
    variation_theme: Theme | None = None


class Relationships(msgspec.Struct, rename="camel"):
    """Those of one marketplace."""

    marketplace_id: str
    relationships: list[Relationship] | None = None


class ProductType(msgspec.Struct, rename="camel"):
    """The product type that the seller gave."""

    marketplace_id: str
    product_type: str


class Item(msgspec.Struct, rename="camel"):
    """One listing."""

    sku: str | int
    summaries: list[Summary] | None = None
    attributes: msgspec.Raw = msgspec.Raw(b"")
    issues: list[Issue] | None = None
    offers: list[Offer] | None = None
    fulfillment_availability: list[Availability] | None = None
    relationships: list[Relationships] | None = None
    product_types: list[ProductType] | None = None


class Pagination(msgspec.Struct, rename="camel"):
    """Where to go on."""

    next_token: str | None = None


class Items(msgspec.Struct, rename="camel"):
    """A page of a search."""

    items: list[msgspec.Raw]
    number_of_results: int | None = None
    pagination: Pagination | None = None
