"""What happened to the value of each SKU: told, accepted, refused, lost, shown. Kept for 90 days (D1)."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from channeld.store import tables
from channeld.store.rows import all_as, given
from channeld.store.sku_history import SkuHistory

__all__ = ["Event", "Happened", "Seen", "add", "forget", "of_sku", "seen_last"]

Event: TypeAlias = Literal[
    "sent",
    "accepted",
    "refused",
    "not sent",
    "lost",
    "overtaken",
    "feed ended",
    "shown",
    "forced",
    "closed",
    "relisted",
]


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to it."""

    at: datetime
    account_id: int
    sku: str
    event: Event
    quantity: int | None = None
    handling: str = ""
    """What was said, or is shown, of the handling time: `3 days`, `default`; empty for nothing."""
    route: str = ""
    """`patch` or `feed`."""
    reference: str = ""
    """Amazon's submission id, or the id of the feed."""
    note: str = ""
    """For people: a reason, or who asked for it."""
    id: int = 0


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a direct read has shown."""

    sku: str
    quantity: int
    at: datetime


_of = tables.stock_history.c
_seen_last = (
    select(_of.sku, _of.quantity, func.max(_of.at, type_=_of.at.type).label("at"))
    .where(_of.account_id == bindparam("account"), _of.sku.in_(given("skus")))
    .where(_of.event.in_(("shown", "closed")), _of.quantity.is_not(None))
    .group_by(_of.sku)
)
_history = SkuHistory(tables.stock_history, Happened, "account_id")
add, of_sku, forget = _history.add, _history.of_sku, _history.forget


def seen_last(connection: Connection, account_id: int, skus: Collection[str]) -> dict[str, Seen]:
    """By SKU what the last direct read has shown, as far as it was worth an entry."""
    if not skus:
        return {}
    found = all_as(connection, Seen, _seen_last, {"account": account_id, "skus": tuple(skus)})
    return {each.sku: each for each in found}
