"""Requests about items."""

from channel_protocol.base import Problem
from channel_protocol.items import (
    ItemAnswer,
    ItemFields,
    ItemList,
    ItemShown,
    ItemsSaved,
    ListItems,
    SaveItems,
    ShowItem,
)
from channeld.book.items.saving import Saved
from channeld.commands.asking import Asked
from channeld.commands.items import save_items
from channeld.control.context import Context
from channeld.control.rows.items import item_page, item_shown
from channeld.domain.item import Part, Wish
from channeld.store.unit import Unit

__all__ = ["list_all", "save", "show"]


async def list_all(request: ListItems, context: Context) -> ItemList:
    return await context.read(lambda c: item_page(c, request.find, request.after, request.limit))


async def show(request: ShowItem, context: Context) -> ItemShown:
    return await context.read(lambda c: item_shown(c, request.sku))


async def save(request: SaveItems, context: Context) -> ItemsSaved:
    def act(unit: Unit, asked: Asked) -> ItemsSaved:
        saved = save_items(unit, asked, request.mode, [_wish(row) for row in request.rows])
        return ItemsSaved(answers=tuple(_answer(each) for each in saved))

    return await context.change(request, ItemsSaved, act)


def _wish(fields: ItemFields) -> Wish:
    parts = fields.components
    return Wish(
        sku=fields.sku,
        title=fields.title,
        barcodes=fields.barcodes,
        properties=fields.properties,
        components=None if parts is None else tuple(Part(sku=p.sku, quantity=p.quantity) for p in parts),
    )


def _answer(saved: Saved) -> ItemAnswer:
    return ItemAnswer(
        sku=saved.sku,
        outcome=saved.outcome,
        linked=saved.linked,
        problems=tuple(Problem(key=p.key, message=p.message, nearest=p.nearest) for p in saved.problems),
    )
