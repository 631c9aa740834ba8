"""Requests about prices."""

from collections.abc import Sequence

from channel_protocol.base import Problem
from channel_protocol.prices import (
    ApprovePrices,
    DropPrices,
    ListPrices,
    PriceAnswer,
    PriceDecision,
    PriceList,
    PricesDecided,
    PriceShown,
    PricesSaved,
    PushPrices,
    SavePrices,
    ShowPrice,
)
from channeld.book.pricing.deciding import Decided
from channeld.book.pricing.saving import Saved
from channeld.book.pricing.typed import Wanted
from channeld.commands import prices as commands
from channeld.commands.asking import Asked
from channeld.control.context import Context
from channeld.control.rows.prices import price_page, price_shown
from channeld.domain.marketplaces import BY_ID
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["approve", "drop", "list_all", "push", "save", "show"]


async def list_all(request: ListPrices, context: Context) -> PriceList:
    return await context.read(lambda c: price_page(c, request, context.parts.instance))


async def show(request: ShowPrice, context: Context) -> PriceShown:
    return await context.read(lambda c: price_shown(c, request, context.parts.instance))


async def save(request: SavePrices, context: Context) -> PricesSaved:
    rows = [
        Wanted(
            sku=row.sku,
            price=row.price,
            least=row.min_price,
            most=row.max_price,
            currency=row.currency.strip().upper(),
        )
        for row in request.rows
    ]

    def act(unit: Unit, asked: Asked) -> PricesSaved:
        is_import = request.mode == "import"
        channel, answers = commands.save(unit, asked, request.channel, rows, imported=is_import)
        return PricesSaved(currency=_currency(channel), answers=tuple(map(_answer, answers)))

    return await context.change(request, PricesSaved, act)


async def approve(request: ApprovePrices, context: Context) -> PricesDecided:
    wanted = {row.sku: row.price for row in request.rows}

    def act(unit: Unit, asked: Asked) -> PricesDecided:
        return _decided(*commands.approve(unit, asked, request.channel, wanted))

    return await context.change(request, PricesDecided, act)


async def drop(request: DropPrices, context: Context) -> PricesDecided:
    def act(unit: Unit, asked: Asked) -> PricesDecided:
        return _decided(*commands.drop(unit, asked, request.channel, request.skus))

    return await context.change(request, PricesDecided, act)


async def push(request: PushPrices, context: Context) -> PricesDecided:
    def act(unit: Unit, asked: Asked) -> PricesDecided:
        return _decided(*commands.push(unit, asked, request.channel, request.skus, request.after))

    return await context.change(request, PricesDecided, act)


def _answer(saved: Saved) -> PriceAnswer:
    return PriceAnswer(
        outcome=saved.outcome,
        before=saved.before,
        after=saved.after,
        note=saved.note,
        problems=tuple(Problem(key=p.key, message=p.message, nearest=p.nearest) for p in saved.problems),
    )


def _decided(channel: Channel, answers: Sequence[Decided], after: str = "") -> PricesDecided:
    shown = (
        PriceDecision(sku=each.sku, outcome=each.outcome, price=each.price, note=each.note)
        for each in answers
    )
    return PricesDecided(currency=_currency(channel), answers=tuple(shown), after=after)


def _currency(channel: Channel) -> str:
    return BY_ID[channel.marketplace_id].currency
