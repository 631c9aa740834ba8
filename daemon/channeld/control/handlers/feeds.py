"""Requests about feeds."""

from sqlalchemy import Connection

from channel_protocol.feeds import FeedList, FeedMessage, FeedShown, ListFeeds, ShowFeed
from channeld.commands.asking import find_account
from channeld.control.context import Context
from channeld.control.rows.feeds import feed_row
from channeld.errors import InvalidRequest, Problem
from channeld.store import feeds, ledger
from channeld.store.feeds import FeedRecord
from channeld.store.names import names

__all__ = ["list_all", "show"]

LARGEST_NUMBER = 2**63 - 1


async def list_all(request: ListFeeds, context: Context) -> FeedList:
    def query(connection: Connection) -> FeedList:
        account = find_account(connection, request.account) if request.account else None
        found = feeds.latest(connection, request.limit, account.id if account else None, request.feed_type)
        known = names(connection)
        return FeedList(rows=tuple(feed_row(feed, known) for feed in found))

    return await context.read(query)


async def show(request: ShowFeed, context: Context) -> FeedShown:
    def query(connection: Connection) -> FeedShown:
        feed = _find(connection, request.feed.strip())
        found = feeds.messages(connection, feed.id, request.limit)
        work = {record.id: record for record in ledger.by_ids(connection, [each.work_id for each in found])}
        return FeedShown(
            row=feed_row(feed, names(connection)),
            results=tuple(
                FeedMessage(
                    message_id=each.message_id,
                    work_id=each.work_id,
                    order_id=work[each.work_id].order_id,
                    result=each.result,
                    code=each.code,
                )
                for each in found
            ),
        )

    return await context.read(query)


def _find(connection: Connection, text: str) -> FeedRecord:
    """Numbers here are small; Amazon's ids are not. Raises `InvalidRequest("unknown_feed")`."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    found = feeds.get(connection, number) if 0 < number <= LARGEST_NUMBER else None
    found = found or (feeds.by_feed_id(connection, text) if text else None)
    if found is None:
        raise InvalidRequest(
            "unknown_feed",
            "There is no feed of that number or id here.",
            "`channelctl feed list` shows the latest.",
            [Problem(key="feed", message="is not known")],
        )
    return found
