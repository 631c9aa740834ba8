"""Requests about what is set for single listings."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from channel_protocol.limits import LimitsList, ListLimits
from channel_protocol.offers import (
    ListingSetAnswer,
    ListingSettings,
    ListingsPreviewed,
    ListingsSet,
    PreviewListings,
    SetListings,
)
from channeld.commands.asking import Asked
from channeld.commands.listing_limits import OwnWish, SetAnswer, plan_limits, set_limits
from channeld.commands.stock_preview import preview_limits
from channeld.control.context import Context
from channeld.control.rows.listing_limits import limits_page
from channeld.errors import Problem
from channeld.store.unit import Unit

__all__ = ["change", "list_all", "preview"]


async def list_all(request: ListLimits, context: Context) -> LimitsList:
    return await context.read(lambda c: limits_page(c, request))


async def preview(request: PreviewListings, context: Context) -> ListingsPreviewed:
    def query(connection: Connection) -> ListingsPreviewed:
        plan = plan_limits(connection, request.channel, _wishes(request.listings))
        told = preview_limits(connection, plan)
        return ListingsPreviewed(changed=len(plan.changed), consequences=tuple(each.text for each in told))

    return await context.read(query)


async def change(request: SetListings, context: Context) -> ListingsSet:
    def act(unit: Unit, asked: Asked) -> ListingsSet:
        wishes = _wishes(request.listings)
        plan = set_limits(unit, asked, request.channel, wishes, imported=request.imported)
        return ListingsSet(answers=tuple(map(_answer, plan.answers)))

    return await context.change(request, ListingsSet, act)


def _wishes(listings: Sequence[ListingSettings]) -> list[OwnWish]:
    return [OwnWish(sku=each.sku, values=each.values) for each in listings]


def _answer(answer: SetAnswer) -> ListingSetAnswer:
    return ListingSetAnswer(sku=answer.sku, outcome=answer.outcome, message=_told(answer.problems))


def _told(problems: Iterable[Problem]) -> str:
    return "; ".join(
        f"{each.key} {each.message}" + (f" (did you mean {each.nearest}?)" if each.nearest else "")
        for each in problems
    )
