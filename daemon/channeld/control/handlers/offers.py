"""Requests about what Amazon is told of stock."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from channel_protocol.offers import (
    ExplainedOffer,
    ExplainStock,
    ListOffers,
    OfferList,
    OfferRow,
    PushAnswer,
    PushStock,
    StockExplained,
    StockPushed,
)
from channeld.commands.asking import Asked, find_account, find_channel
from channeld.commands.items import find_item
from channeld.commands.offered import find_offered
from channeld.commands.stock_push import Pushed, check_push, push_page, push_skus, tell_pushed
from channeld.control.context import Context
from channeld.control.rows.offer_explained import explained_offers
from channeld.control.rows.offers import offer_rows
from channeld.store import accounts, offer_queries
from channeld.store.accounts import Account
from channeld.store.names import Names, names
from channeld.store.offer_queries import OfferPage
from channeld.store.unit import Unit

__all__ = ["explain", "list_all", "push"]

MOST_LISTED = 500
MOST_EVENTS = 200
MOST_EXPLAINED = 50
"""Seller SKUs of one item."""


async def list_all(request: ListOffers, context: Context) -> OfferList:
    """A page: account after account by name, each by SKU. What is looked through at once is bounded."""
    limit = min(max(request.limit, 1), MOST_LISTED)
    begin, _, sku = request.after.partition("/")
    rows: list[OfferRow] = []
    for account in await context.read(lambda c: _accounts(c, request, begin)):
        after: str | None = sku if account.name == begin else ""
        while after is not None:
            found, after = await _next_page(context, request, account, after, limit + 1 - len(rows))
            rows += found
            if len(rows) > limit:
                return OfferList(rows=tuple(rows[:limit]), after=rows[limit - 1].key, more=True)
    return OfferList(rows=tuple(rows), after="", more=False)


async def explain(request: ExplainStock, context: Context) -> StockExplained:
    limit, now = min(max(request.limit, 1), MOST_EVENTS), context.asked().now

    def query(connection: Connection) -> StockExplained:
        found = find_offered(connection, [request.sku], request.account)[:MOST_EXPLAINED]
        offers: list[ExplainedOffer] = []
        for account_id, mine in groupby(sorted(found), key=itemgetter(0)):
            skus = [sku for _, sku in mine]
            offers += explained_offers(connection, account_id, skus, limit, now, context.parts.instance)
        return StockExplained(offers=tuple(offers))

    return await context.read(query)


async def push(request: PushStock, context: Context) -> StockPushed:
    check_push(request.skus, request.channel)
    if request.channel:
        return await _push_channel(request, context)

    def act(unit: Unit, asked: Asked) -> StockPushed:
        pushed = push_skus(unit, asked, request.skus, request.account)
        return _pushed(pushed, names(unit.connection))

    return await context.change(request, StockPushed, act)


async def _push_channel(request: PushStock, context: Context) -> StockPushed:
    """Page by page, as a channel may have many; the command is written down once, with the last of them."""
    count = 0

    async def act() -> StockPushed:
        nonlocal count
        await context.read(lambda c: find_channel(c, request.channel))
        after: str | None = ""
        while after is not None:
            count, after = await _push_next(context, request.channel, count, after)
        return StockPushed(answers=(), queued=count)

    return await context.act(
        request, StockPushed, act, lambda unit, asked: tell_pushed(unit, asked, request.channel, count)
    )


async def _push_next(context: Context, channel: str, count: int, after: str) -> tuple[int, str | None]:
    asked = context.asked()
    found, last = await context.parts.store.write(
        lambda unit: push_page(unit, asked, find_channel(unit.connection, channel), after)
    )
    return count + found, last


def _pushed(pushed: Sequence[Pushed], known: Names) -> StockPushed:
    answers = tuple(
        PushAnswer(
            account=known.account(each.account_id),
            sku=each.sku,
            outcome="nothing" if each.quantity is None else "queued",
            quantity=each.quantity,
            note=each.note,
        )
        for each in pushed
    )
    return StockPushed(answers=answers, queued=sum(each.outcome == "queued" for each in answers))


async def _next_page(
    context: Context, request: ListOffers, account: Account, after: str, limit: int
) -> tuple[Sequence[OfferRow], str | None]:
    now, instance = context.asked().now, context.parts.instance

    def query(connection: Connection) -> tuple[Sequence[OfferRow], str | None]:
        found = _page(connection, request, account.id, after, limit)
        return offer_rows(connection, found.rows, now, instance), found.after

    return await context.read(query)


def _page(connection: Connection, request: ListOffers, account_id: int, after: str, limit: int) -> OfferPage:
    return offer_queries.page(
        connection,
        account_id,
        only=request.only,
        channel_id=find_channel(connection, request.channel).id if request.channel else None,
        item_id=find_item(connection, request.item).id if request.item else None,
        start=request.text,
        after=after,
        limit=limit,
    )


def _accounts(connection: Connection, request: ListOffers, begin: str) -> list[Account]:
    """Those that are asked for, from that one on. Raises `InvalidRequest` for what is not known."""
    if request.item:
        find_item(connection, request.item)
    found = [find_account(connection, request.account)] if request.account else None
    found = accounts.all_accounts(connection) if found is None else found
    if request.channel:
        of_channel = find_channel(connection, request.channel).account_id
        found = [each for each in found if each.id == of_channel]
    return sorted((each for each in found if each.name >= begin), key=lambda each: each.name)
