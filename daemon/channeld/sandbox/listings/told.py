"""What a seller told Amazon of a SKU, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from channeld.sandbox.listings.attributes import OFFERS, STOCK, minor, offer_to, stock_of
from channeld.sandbox.listings.write import Write, said
from channeld.sandbox.marketplaces import BY_COUNTRY

__all__ = ["Told", "told"]


class Told(msgspec.Struct, kw_only=True):
    """One accepted write. None: it says nothing of that."""

    at: datetime
    """When the request came; for a feed, when it was created."""
    route: str
    """The operation, or the type of the feed."""
    submission: str
    """Its submissionId, or the id of the feed."""
    country: str
    quantity: int | None = None
    lead_time: int | None = None
    price: int | None = None
    """Minor units of the offer for all."""
    business_price: int | None = None
    applied: datetime | None = None
    """None: not yet, or never."""
    wiped_lead_time: bool = False
    """There was a handling time, it was not sent along, and is gone."""


def told(write: Write, *, at: datetime, route: str, submission: str, country: str) -> Told:
    """What this write says."""
    values, marketplace = said(write), BY_COUNTRY[country]
    stock: Mapping[str, Any] = stock_of(values.get(STOCK, ())) or {}
    offers = values.get(OFFERS, ())
    return Told(
        at=at,
        route=route,
        submission=submission,
        country=country,
        quantity=stock.get("quantity"),
        lead_time=stock.get("lead_time_to_ship_max_days"),
        price=minor(offer_to("ALL", offers), "our_price", marketplace),
        business_price=minor(offer_to("B2B", offers), "our_price", marketplace),
    )
