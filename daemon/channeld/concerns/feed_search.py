"""Amazon's feeds of one type and time: is the one among them of which the creation got no answer?"""

from collections.abc import Sequence

from channeld.amazon.assumptions import ADOPTION_BEFORE
from channeld.amazon.feeds.answers import Feed
from channeld.amazon.feeds.calls import feeds_call, feeds_page_call
from channeld.concerns.account_line import AccountLine
from channeld.concerns.page_tokens import PageTokens
from channeld.store.feeds import FeedRecord

__all__ = ["feeds_since"]

MOST_PAGES = 20
"""Of the feeds of one type and time; a list that is not read to its end says nothing."""


async def feeds_since(line: AccountLine, feed: FeedRecord) -> tuple[Sequence[Feed], int]:
    """Those that may be it, and others, and how many of the list say nothing. Raises what `ask` raises."""
    since = (feed.sent_at or feed.created_at) - ADOPTION_BEFORE
    page = await line.ask(feeds_call(feed.feed_type, since))
    listed, unreadable = list(page.feeds), page.unreadable
    tokens = PageTokens("getFeeds", MOST_PAGES)
    while page.next_token:
        page = await line.ask(feeds_page_call(tokens.follow(page.next_token)))
        listed += page.feeds
        unreadable += page.unreadable
    return listed, unreadable
