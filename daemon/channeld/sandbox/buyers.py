"""Buyers who order: a seeded generator of orders with everything that occurs at Amazon.

The n-th order of an account depends on the seed, the account and n alone, whatever else happens.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random

import msgspec

from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.orders import Buyer, Line, Order
from channeld.sandbox.pools import COMPANIES, GIFT_MESSAGES, GOODS, PEOPLE, PLACES, Goods

__all__ = ["numbered", "order_by_chance", "ordinary_buyer"]

SHARES = {
    "pending": 0.2,
    "amazon": 0.15,
    "business": 0.1,
    "gift": 0.08,
    "discount": 0.15,
    "free_shipping": 0.1,
    "paid_shipping": 0.4,
    "replacement": 0.02,
    "non_amazon": 0.02,
    "tip": 0.02,
    "whole_seconds": 0.15,
    "ioss": 0.05,
    "uoss": 0.02,
    "deemed_reseller": 0.05,
    "pickup_point": 0.03,
    "customized": 0.02,
    "points": 0.3,
    "cash_on_delivery": 0.1,
}
"""How often each thing occurs, out of one."""

ORDER_PREFIX = {"GB": "204", "DE": "304", "FR": "405", "US": "113", "CA": "702", "JP": "249"}
PROGRAMS = (("PRIME",), ("PREMIUM",), (), (), (), ())
SERVICE_LEVELS = ("STANDARD", "STANDARD", "STANDARD", "EXPEDITED", "SECOND_DAY", "NEXT_DAY")


def order_by_chance(
    random: Random, *, seller_id: str, number: str, country: str, at: datetime, earlier: Sequence[str]
) -> Order:
    """An order placed at `at`; `number` is unique (7 digits), `earlier` are ids a replacement can name."""
    marketplace = BY_COUNTRY[country]
    happens = _Chance(random)
    business = happens("business")
    order = Order(
        order_id=f"{ORDER_PREFIX.get(country, '408')}-{random.randrange(10**6, 10**7)}-{number}",
        seller_id=seller_id,
        country=country,
        created=at,
        updated=at,
        status="PENDING" if happens("pending") else "UNSHIPPED",
        lines=tuple(_line(random, marketplace, business) for _ in range(random.choice((1, 1, 1, 1, 2, 3)))),
        buyer=_buyer(random, marketplace, business, happens("pickup_point")),
        fulfilled_by="AMAZON" if happens("amazon") else "MERCHANT",
        service_level=random.choice(SERVICE_LEVELS),
        programs=(*random.choice(PROGRAMS), *(("AMAZON_BUSINESS",) if business else ())),
        tip=200 if happens("tip") else 0,
        seller_order_id=f"S-{number}" if random.random() < 0.5 else "",
        whole_seconds=happens("whole_seconds"),
        pending_shows_zero=random.random() < 0.5,
    )
    return numbered(_special(order, happens, earlier))


def numbered(order: Order) -> Order:
    """Give an order item id to each line that has none: digits, unique over all orders."""
    stem = order.order_id[-7:] + order.order_id[4:8]
    lines = (
        line if line.order_item_id else msgspec.structs.replace(line, order_item_id=f"{stem}{position:03d}")
        for position, line in enumerate(order.lines, start=1)
    )
    return msgspec.structs.replace(order, lines=tuple(lines))


def ordinary_buyer(country: str) -> Buyer:
    """A consumer at a home address of that country."""
    return _buyer(Random(0), BY_COUNTRY[country], business=False, pickup_point=False)  # noqa: S311 - no secret


class _Chance:
    def __init__(self, random: Random) -> None:
        self._random = random

    def __call__(self, name: str) -> bool:
        return self._random.random() < SHARES[name]


def _special(order: Order, happens: _Chance, earlier: Sequence[str]) -> Order:
    """Now and then a replacement free of charge, or an order from outside Amazon's shop."""
    if happens("replacement") and earlier:
        free = tuple(_free(line) for line in order.lines)
        return msgspec.structs.replace(order, lines=free, replaces=earlier[-1], tip=0, status="UNSHIPPED")
    if happens("non_amazon"):
        return msgspec.structs.replace(order, non_amazon=True, fulfilled_by="AMAZON", tip=0)
    return order


def _free(line: Line) -> Line:
    return Line(sku=line.sku, asin=line.asin, title=line.title, quantity=line.quantity, unit_price=0)


def _buyer(random: Random, marketplace: Marketplace, business: bool, pickup_point: bool) -> Buyer:
    country = marketplace.country
    place = random.choice(PLACES.get(country, PLACES["FR"]))
    alias = f"{random.getrandbits(64):016x}"
    return Buyer(
        name=random.choice(PEOPLE.get(country, PEOPLE["FR"])),
        email=f"{alias}@marketplace.amazon.{marketplace.domain}",
        phone=place.phone,
        line1=place.street,
        line2=random.choice(("", "", "c/o Reception")),
        city=place.city,
        region=place.region,
        postal_code=place.postal_code,
        country=country,
        company=random.choice(COMPANIES) if business else "",
        po_number=f"PO-{random.randrange(10**5)}" if business and random.random() < 0.7 else "",
        pickup_point=pickup_point,
    )


def _line(random: Random, marketplace: Marketplace, business: bool) -> Line:
    goods = random.choice(GOODS)
    quantity = random.choice((1, 1, 1, 1, 2, 2, 3, 12))
    line = Line(
        sku=goods.sku,
        asin=goods.asin,
        title=goods.title,
        quantity=quantity,
        unit_price=_price(goods, marketplace),
        business_price=business,
    )
    changes = _extras(random, line, marketplace) | _tax_facts(random, marketplace)
    return msgspec.structs.replace(line, **changes)


def _price(goods: Goods, marketplace: Marketplace) -> int:
    """JPY has no decimals: the same figure, in yen."""
    return goods.price if marketplace.digits else max(goods.price, 100)


def _extras(random: Random, line: Line, marketplace: Marketplace) -> dict[str, object]:
    happens = _Chance(random)
    extras: dict[str, object] = {}
    if happens("paid_shipping"):
        extras |= {"shipping": 399, "shipping_discount": 399 if happens("free_shipping") else 0}
    if happens("discount"):
        off = line.unit_price * line.quantity * random.choice((5, 10, 15)) // 100
        extras |= {"discount": off, "promotion_id": f"SAVE-{random.randrange(1000):03d}"}
    if happens("gift"):
        message = random.choice((*GIFT_MESSAGES, ""))
        extras |= {"gift": True, "gift_wrap": 295, "gift_wrap_level": "Classic", "gift_message": message}
    if happens("customized"):
        extras["customized_url"] = f"https://customized.example/{random.getrandbits(64):x}.zip"
    if marketplace.country == "JP":
        extras["points"] = line.unit_price // 100 if happens("points") else 0
        extras["cod_fee"] = 330 if happens("cash_on_delivery") else 0
    return extras


def _tax_facts(random: Random, marketplace: Marketplace) -> dict[str, object]:
    """Who collects the tax: Amazon for all lines in the US, for imports and some sellers elsewhere."""
    happens = _Chance(random)
    if marketplace.country == "US":
        return {"facilitator": "Amazon Services, Inc."}
    if marketplace.country == "GB" and happens("deemed_reseller"):
        return {"facilitator": "Amazon EU S.à r.l."}
    if marketplace.currency != "EUR":
        return {}
    if happens("ioss"):
        return {"reporting_scheme": "IOSS"}
    return {"reporting_scheme": "UOSS"} if happens("uoss") else {}
