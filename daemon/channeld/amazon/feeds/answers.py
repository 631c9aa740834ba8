"""Amazon's answers about feeds and their documents (Amazon's reference, section 6)."""

from datetime import datetime

import msgspec

from channeld.amazon.documents.places import ResultDocument, plain_document_id
from channeld.amazon.errors import plain_code
from channeld.amazon.instants import parse_instant

__all__ = [
    "Feed",
    "FeedDocument",
    "FeedsPage",
    "ResultDocument",
    "read_created",
    "read_feed",
    "read_feed_document",
    "read_feeds",
    "read_result_document",
]

_LONGEST_TOKEN = 16_384
"""It goes into the next request's URL, and no server takes a longer one."""


class FeedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A place for one document, for five minutes."""

    document_id: str
    url: str
    """Whoever knows it may write to it: it is never shown."""

    def __repr__(self) -> str:
        return f"FeedDocument({self.document_id!r}, …)"


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One feed as Amazon shows it."""

    feed_id: str
    feed_type: str
    status: str
    """IN_QUEUE, IN_PROGRESS, DONE, CANCELLED or FATAL; an open list."""
    created_at: datetime
    result_document_id: str = ""
    """Empty while there is none; FATAL may have one too."""


class FeedsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the feeds asked for."""

    feeds: tuple[Feed, ...]
    next_token: str
    """Empty on the last page."""
    unreadable: int = 0
    """How many are left out, as they lack an id, a type, a status or a time."""


class _Document(msgspec.Struct, rename="camel"):
    feed_document_id: str
    url: str
    compression_algorithm: str | None = None


class _Feed(msgspec.Struct, rename="camel"):
    feed_id: str
    feed_type: str
    processing_status: str
    created_time: str
    result_feed_document_id: str | None = None


class _Feeds(msgspec.Struct, rename="camel"):
    feeds: list[msgspec.Raw]
    next_token: str | None = None


class _Created(msgspec.Struct, rename="camel"):
    feed_id: str


_DOCUMENT = msgspec.json.Decoder(_Document, strict=False)
_FEED = msgspec.json.Decoder(_Feed, strict=False)
_FEEDS = msgspec.json.Decoder(_Feeds, strict=False)
_CREATED = msgspec.json.Decoder(_Created, strict=False)


def read_feed_document(body: bytes) -> FeedDocument:
    """The answer of createFeedDocument. Raises `ValueError`."""
    document = _DOCUMENT.decode(body)
    return FeedDocument(document_id=plain_document_id(document.feed_document_id), url=document.url)


def read_result_document(body: bytes) -> ResultDocument:
    """The answer of getFeedDocument. Raises `ValueError`, also for a compression that is not known."""
    document = _DOCUMENT.decode(body)
    if document.compression_algorithm not in (None, "", "GZIP"):
        raise ValueError("the document is compressed in an unknown way")
    return ResultDocument(url=document.url, gzip=document.compression_algorithm == "GZIP")


def read_created(body: bytes) -> str:
    """The id of the new feed, from the answer of createFeed. Raises `ValueError`."""
    return _feed_id(_CREATED.decode(body).feed_id)


def read_feed(body: bytes) -> Feed:
    """The answer of getFeed. Raises `ValueError`."""
    return _feed(_FEED.decode(body))


def read_feeds(body: bytes) -> FeedsPage:
    """The answer of getFeeds. Raises `ValueError`; a single feed never spoils the page."""
    page = _FEEDS.decode(body)
    token = page.next_token or ""
    if len(token) > _LONGEST_TOKEN:
        raise ValueError("the page token is too long")
    read = [_readable(raw) for raw in page.feeds]
    found = tuple(feed for feed in read if feed is not None)
    return FeedsPage(feeds=found, next_token=token, unreadable=len(read) - len(found))


def _readable(raw: msgspec.Raw) -> Feed | None:
    try:
        return _feed(_FEED.decode(raw))
    except ValueError:
        return None


def _feed(shown: _Feed) -> Feed:
    if not (plain_code(shown.feed_type) and plain_code(shown.processing_status)):
        raise ValueError("a feed's type or status is not a code")
    result = shown.result_feed_document_id
    return Feed(
        feed_id=_feed_id(shown.feed_id),
        feed_type=shown.feed_type,
        status=shown.processing_status,
        created_at=parse_instant(shown.created_time),
        result_document_id=plain_document_id(result) if result else "",
    )


def _feed_id(given: str) -> str:
    if not plain_code(given):
        raise ValueError("a feed's id is not a code")
    return given
