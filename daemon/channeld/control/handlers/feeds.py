"""Requests about feeds."""

from collections.abc import Iterator

from sqlalchemy import Connection

from channel_protocol.feeds import (
    AbandonFeed,
    FeedAbandoned,
    FeedList,
    FeedMessage,
    FeedShown,
    ListFeeds,
    ShowFeed,
)
from channeld.amazon.feeds.listings_document import FEED_TYPE as LISTINGS_FEED
from channeld.commands.asking import find_account
from channeld.commands.feeds import Abandoned, abandon_feed, count_in_doubt, find_feed
from channeld.control.context import Context
from channeld.control.rows.feeds import feed_row
from channeld.store import feeds, ledger, stock_messages
from channeld.store.feeds import FeedRecord
from channeld.store.names import names

__all__ = ["abandon", "list_all", "show"]


async def list_all(request: ListFeeds, context: Context) -> FeedList:
    def query(connection: Connection) -> FeedList:
        account = find_account(connection, request.account) if request.account else None
        found = feeds.latest(connection, request.limit, account.id if account else None, request.feed_type)
        known = names(connection)
        return FeedList(rows=tuple(feed_row(feed, known) for feed in found))

    return await context.read(query)


async def show(request: ShowFeed, context: Context) -> FeedShown:
    def query(connection: Connection) -> FeedShown:
        feed = find_feed(connection, request.feed.strip())
        messages = _of_stock if feed.feed_type == LISTINGS_FEED else _of_work
        return FeedShown(
            row=feed_row(feed, names(connection)), results=tuple(messages(connection, feed, request.limit))
        )

    return await context.read(query)


def _of_work(connection: Connection, feed: FeedRecord, limit: int) -> Iterator[FeedMessage]:
    found = feeds.messages(connection, feed.id, limit)
    work = {record.id: record for record in ledger.by_ids(connection, [each.work_id for each in found])}
    for each in found:
        yield FeedMessage(
            message_id=each.message_id,
            work_id=each.work_id,
            order_id=work[each.work_id].order_id,
            result=each.result,
            code=each.code,
        )


def _of_stock(connection: Connection, feed: FeedRecord, limit: int) -> Iterator[FeedMessage]:
    """Those of a feed that has not ended; after that `stock explain` tells of each SKU."""
    for number, sku in stock_messages.skus_of(connection, feed.id, 0, limit).items():
        yield FeedMessage(message_id=number, work_id=0, order_id="", sku=sku, result="", code="")


async def abandon(request: AbandonFeed, context: Context) -> FeedAbandoned:
    """Without confirmation nothing is changed, and nothing is remembered: the deed may have the same id."""
    text = request.feed.strip()
    if not request.confirmed:
        asked = context.asked()
        return await context.read(lambda c: _abandoned(c, count_in_doubt(c, asked, text), done=False))
    return await context.change(
        request,
        FeedAbandoned,
        lambda unit, asked: _abandoned(unit.connection, abandon_feed(unit, asked, text), done=True),
    )


def _abandoned(connection: Connection, found: Abandoned, *, done: bool) -> FeedAbandoned:
    return FeedAbandoned(
        done=done,
        row=feed_row(found.feed, names(connection)),
        message=found.message,
        in_doubt=found.in_doubt,
    )
