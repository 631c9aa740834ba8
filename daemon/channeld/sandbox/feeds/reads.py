"""getFeed, getFeeds and getFeedDocument (official model `feeds_2021-06-30.json`)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, get_args

from channeld.sandbox.feeds.lanes import Feed, Processing
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.refusal import Refusal, invalid
from channeld.sandbox.rules import instant_of, parameters
from channeld.sandbox.shape import instant

__all__ = ["OPERATIONS", "feed_of"]

FEEDS = "/feeds/2021-06-30/feeds"
DOCUMENTS = "/feeds/2021-06-30/documents"
FILTERS = frozenset(
    ("feedTypes", "marketplaceIds", "pageSize", "processingStatuses", "createdSince", "createdUntil")
)
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
    """Newest first. The token of the next page stands for all filters."""
    given = parameters(call.query, FILTERS | {"nextToken"})
    pages = call.account.feed_pages
    if token := given.get("nextToken"):
        if len(given) > 1:
            raise invalid("nextToken has to be the only parameter.")
        if token not in pages:
            raise invalid("nextToken is not valid.")
        found, size = pages[token]
    else:
        found, size = _found(call, given), _size(given)
    body: dict[str, Any] = {"feeds": [_shape(feed) for feed in found[:size]]}
    if found[size:]:
        token = f"page-{len(pages) + 1}"
        pages[token] = (found[size:], size)
        body["nextToken"] = token
    return body


def _found(call: Call, given: Mapping[str, str]) -> list[Feed]:
    if "feedTypes" not in given:
        raise invalid("Either feedTypes or nextToken is required.")
    since, until = _created(call, given)
    types, statuses = _values(given, "feedTypes"), _values(given, "processingStatuses")
    places = _values(given, "marketplaceIds")
    if statuses and not statuses <= set(get_args(Processing)):
        raise invalid("processingStatuses has an unknown value.")
    return [
        feed
        for feed in reversed(call.market.lanes.feeds.values())
        if feed.seller_id == call.account.spec.seller_id
        and feed.feed_type in types
        and (not statuses or feed.status in statuses)
        and (not places or places & set(feed.marketplace_ids))
        and since <= feed.created <= until
    ]


def _created(call: Call, given: Mapping[str, str]) -> tuple[datetime, datetime]:
    now = call.market.clock.now()
    since = instant_of(given, "createdSince") if "createdSince" in given else now - KEPT
    until = instant_of(given, "createdUntil") if "createdUntil" in given else now
    return max(since, now - KEPT), until


def _values(given: Mapping[str, str], name: str) -> set[str]:
    values = given[name].split(",") if name in given else []
    if len(values) > 10:
        raise invalid(f"{name} takes at most 10 values.")
    return set(values)


def _size(given: Mapping[str, str]) -> int:
    text = given.get("pageSize", "10")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 100):
        raise invalid("pageSize must be a number from 1 to 100.")
    return int(text)


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
