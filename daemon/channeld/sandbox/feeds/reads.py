"""getFeed, getFeeds and getFeedDocument (official model `feeds_2021-06-30.json`)."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, get_args

from channeld.sandbox.feeds.lanes import Feed, Processing
from channeld.sandbox.lists import instant_or, page_of, values
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.refusal import Refusal, invalid
from channeld.sandbox.rules import parameters
from channeld.sandbox.shape import instant

__all__ = ["OPERATIONS", "feed_of"]

FEEDS = "/feeds/2021-06-30/feeds"
DOCUMENTS = "/feeds/2021-06-30/documents"
KEPT = timedelta(days=90)


def feed_of(call: Call) -> Feed:
    """The seller's feed that the path names. Refusal 404."""
    feed = call.market.lanes.feeds.get(call.path["feed_id"])
    if feed is None or feed.seller_id != call.account.spec.seller_id:
        raise Refusal(404, "NotFound", "The feed does not exist.")
    return feed


def _get(call: Call) -> dict[str, Any]:
    parameters(call.query, frozenset())
    return _shape(feed_of(call))


def _list(call: Call) -> dict[str, Any]:
    """Newest first."""
    find = partial(_found, call)
    feeds, following = page_of(call.query, "feedTypes", call.account.feed_pages, find)
    return {"feeds": [_shape(feed) for feed in feeds], **following}


def _found(call: Call, given: Mapping[str, str]) -> list[Feed]:
    now = call.market.clock.now()
    since, until = instant_or(given, "createdSince", now - KEPT), instant_or(given, "createdUntil", now)
    types, statuses = values(given, "feedTypes"), values(given, "processingStatuses")
    places = values(given, "marketplaceIds")
    if not statuses <= set(get_args(Processing)):
        raise invalid("processingStatuses has an unknown value.")
    return [
        feed
        for feed in reversed(call.market.lanes.feeds.values())
        if feed.seller_id == call.account.spec.seller_id
        and feed.feed_type in types
        and (not statuses or feed.status in statuses)
        and (not places or places & set(feed.marketplace_ids))
        and max(since, now - KEPT) <= feed.created <= until
    ]


def _document(call: Call) -> dict[str, Any]:
    """An address to download a document from, a new one each time."""
    given = parameters(call.query, frozenset({"enableContentEncodingUrlHeader"}))
    documents = call.market.documents
    document = documents.get(call.path["document_id"], call.account.spec.seller_id)
    if document is None or document.content is None:
        raise Refusal(404, "NotFound", "The feed document does not exist.")
    inflated = given.get("enableContentEncodingUrlHeader") == "true" and document.gzipped
    token = documents.address(document, call.market.clock.now(), inflated_by_client=inflated)
    body = {"feedDocumentId": document.document_id, "url": f"{call.base}/documents/{token}"}
    return body | ({"compressionAlgorithm": "GZIP"} if document.gzipped else {})


def _shape(feed: Feed) -> dict[str, Any]:
    body: dict[str, Any] = {
        "feedId": feed.feed_id,
        "feedType": feed.feed_type,
        "marketplaceIds": list(feed.marketplace_ids),
        "createdTime": instant(feed.created, True),
        "processingStatus": feed.status,
    }
    if feed.started:
        body["processingStartTime"] = instant(feed.started, True)
    if feed.ended:
        body["processingEndTime"] = instant(feed.ended, True)
    if feed.result_document_id:
        body["resultFeedDocumentId"] = feed.result_document_id
    return body


OPERATIONS = (
    Operation("getFeed", f"{FEEDS}/{{feed_id}}", _get),
    Operation("getFeeds", FEEDS, _list),
    Operation("getFeedDocument", f"{DOCUMENTS}/{{document_id}}", _document),
)
