"""A refund that looks like one that was made already (semantics C3)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from channeld.domain.money import format_amount
from channeld.errors import Problem

__all__ = ["WITHIN", "Earlier", "repeats"]

WITHIN = timedelta(days=7)


class Earlier(msgspec.Struct, frozen=True):
    """A refund of a line that was asked for before."""

    order_item_id: str
    minor: int
    at: datetime
    unpaid: bool = False
    """Its money never moved and does not move by itself: to refund it another way is no repeat."""


def repeats(
    asked: Iterable[tuple[str, int]], earlier: Iterable[Earlier], currency: str, now: datetime
) -> list[Problem]:
    """A problem for every line of which the same amount was refunded lately; `asked`: item id and amount."""
    lately = {
        (each.order_item_id, each.minor): each.at
        for each in sorted(earlier, key=lambda each: each.at)
        if each.at >= now - WITHIN and not each.unpaid
    }
    return [
        Problem(
            key=f"lines.{item}",
            message=f"{format_amount(minor, currency)} was refunded on {lately[item, minor]:%Y-%m-%d %H:%M}"
            " UTC already; ask for it `again` if it is meant",
        )
        for item, minor in asked
        if (item, minor) in lately
    ]
