"""Asking about feeds: what each call sends (Amazon's reference, section 6)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channeld.amazon.feeds.answers import Feed, FeedDocument, FeedsPage, ResultDocument
from channeld.amazon.instants import format_instant
from channeld.amazon.operations import (
    CREATE_FEED,
    CREATE_FEED_DOCUMENT,
    GET_FEED,
    GET_FEED_DOCUMENT,
    GET_FEEDS,
    Call,
)

__all__ = [
    "create_feed_call",
    "create_feed_document_call",
    "feed_call",
    "feed_document_call",
    "feeds_call",
    "feeds_page_call",
]

_MOST_MARKETPLACES = 25
_PAGE_SIZE = 100


def create_feed_document_call(content_type: str) -> Call[FeedDocument]:
    """A place for a document; the upload must have this very content type."""
    return Call(operation=CREATE_FEED_DOCUMENT, body=msgspec.json.encode({"contentType": content_type}))


def create_feed_call(feed_type: str, marketplace_ids: Sequence[str], document_id: str) -> Call[str]:
    """Submit what was uploaded. Raises `ValueError` without a marketplace, or for more than 25."""
    if not 1 <= len(marketplace_ids) <= _MOST_MARKETPLACES:
        raise ValueError(f"a feed goes to 1 to {_MOST_MARKETPLACES} marketplaces")
    wanted = {
        "feedType": feed_type,
        "marketplaceIds": list(marketplace_ids),
        "inputFeedDocumentId": document_id,
    }
    return Call(operation=CREATE_FEED, body=msgspec.json.encode(wanted))


def feed_call(feed_id: str) -> Call[Feed]:
    """How one feed stands."""
    return Call(operation=GET_FEED, path_params=(("feedId", feed_id),))


def feeds_call(feed_type: str, created_since: datetime) -> Call[FeedsPage]:
    """The feeds of that type, by whatever program, created since then."""
    filters = (
        ("feedTypes", feed_type),
        ("pageSize", str(_PAGE_SIZE)),
        ("createdSince", format_instant(created_since)),
    )
    return Call(operation=GET_FEEDS, query=filters)


def feeds_page_call(next_token: str) -> Call[FeedsPage]:
    """The page that a token stands for; no other parameter may go with it."""
    return Call(operation=GET_FEEDS, query=(("nextToken", next_token),))


def feed_document_call(document_id: str) -> Call[ResultDocument]:
    """Where a result document can be read. One in 45 seconds: it is fetched once."""
    return Call(operation=GET_FEED_DOCUMENT, path_params=(("feedDocumentId", document_id),))
