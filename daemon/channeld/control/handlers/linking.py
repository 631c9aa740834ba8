"""Requests that link listings to items, or make items of them."""

from collections.abc import Iterable

from channel_protocol.base import Problem
from channel_protocol.listings import (
    ExtractListings,
    LinkAnswer,
    LinkListings,
    ListingsExtracted,
    ListingsLinked,
)
from channeld.commands.asking import Asked
from channeld.commands.extract import extract_listings
from channeld.commands.linking import LinkWish, link_listings
from channeld.control.context import Context
from channeld.errors import Problem as Fault
from channeld.store.unit import Unit

__all__ = ["extract", "link"]

MOST_EXTRACTED = 500
"""Listings of one page: more would keep others waiting."""


async def link(request: LinkListings, context: Context) -> ListingsLinked:
    wishes = [LinkWish(channel=row.channel, sku=row.sku, item=row.item) for row in request.rows]

    def act(unit: Unit, asked: Asked) -> ListingsLinked:
        return ListingsLinked(
            answers=tuple(
                LinkAnswer(outcome=each.outcome, orders=each.orders, problems=_problems(each.problems))
                for each in link_listings(unit, asked, wishes)
            )
        )

    return await context.change(request, ListingsLinked, act)


async def extract(request: ExtractListings, context: Context) -> ListingsExtracted:
    limit = min(request.limit, MOST_EXTRACTED)

    def act(unit: Unit, asked: Asked) -> ListingsExtracted:
        page = extract_listings(unit, asked, request.channel, request.skus, request.after, limit)
        return ListingsExtracted(
            created=page.created, linked=page.linked, skipped=_problems(page.skipped), after=page.after
        )

    return await context.change(request, ListingsExtracted, act)


def _problems(faults: Iterable[Fault]) -> tuple[Problem, ...]:
    return tuple(Problem(key=each.key, message=each.message, nearest=each.nearest) for each in faults)
