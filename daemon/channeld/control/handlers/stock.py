"""Requests about stock."""

from channel_protocol.base import Problem
from channel_protocol.stock import (
    ListStock,
    SaveStock,
    ShowStock,
    StockAnswer,
    StockList,
    StockSaved,
    StockShown,
)
from channeld.book.stock.saving import Counted, Wanted
from channeld.commands.asking import Asked
from channeld.commands.stock import save_stock
from channeld.control.context import Context
from channeld.control.rows.stock import stock_page, stock_shown
from channeld.store.unit import Unit

__all__ = ["list_all", "save", "show"]


async def list_all(request: ListStock, context: Context) -> StockList:
    return await context.read(lambda c: stock_page(c, request))


async def show(request: ShowStock, context: Context) -> StockShown:
    return await context.read(lambda c: stock_shown(c, request))


async def save(request: SaveStock, context: Context) -> StockSaved:
    rows = [Wanted(sku=row.sku, location=row.location, units=row.units) for row in request.rows]

    def act(unit: Unit, asked: Asked) -> StockSaved:
        saved = save_stock(unit, asked, request.mode, rows, request.reason)
        return StockSaved(answers=tuple(map(_answer, saved)))

    return await context.change(request, StockSaved, act)


def _answer(counted: Counted) -> StockAnswer:
    return StockAnswer(
        outcome=counted.outcome,
        before=counted.before,
        after=counted.after,
        problems=tuple(Problem(key=p.key, message=p.message, nearest=p.nearest) for p in counted.problems),
    )
