"""createFeedDocument, createFeed and cancelFeed (official model `feeds_2021-06-30.json`)."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec

from channeld.sandbox.feeds.documents import Document
from channeld.sandbox.feeds.lanes import Feed
from channeld.sandbox.feeds.listing_messages import LISTINGS
from channeld.sandbox.feeds.processing import KINDS
from channeld.sandbox.feeds.reads import DOCUMENTS, FEEDS, feed_of
from channeld.sandbox.operations import Call, Operation, read_body
from channeld.sandbox.refusal import denied, invalid, throttled
from channeld.sandbox.rules import parameters

__all__ = ["OPERATIONS"]

FIRST_FEED = 50_000_000_000
LISTING_FEEDS, WITHIN = 5, timedelta(minutes=5)
"""So many feeds of listings are taken from a seller in a region within that time."""


class _DocumentSpecification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    content_type: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class _FeedSpecification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    feed_type: str
    marketplace_ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=25)]
    input_feed_document_id: str
    feed_options: dict[str, str] = {}


def _create_document(call: Call) -> dict[str, Any]:
    """A document without content, and the address that takes it."""
    parameters(call.query, frozenset())
    wanted = read_body(call, _DocumentSpecification)
    documents = call.market.documents
    document = Document(
        document_id=documents.new_id(),
        seller_id=call.account.spec.seller_id,
        content_type=wanted.content_type,
    )
    documents.add(document)
    token = documents.address(document, call.market.clock.now(), upload=True)
    return {"feedDocumentId": document.document_id, "url": f"{call.base}/documents/{token}"}


def _create_feed(call: Call) -> dict[str, Any]:
    """The feed waits in its lane with what has been uploaded by now."""
    parameters(call.query, frozenset())
    wanted = read_body(call, _FeedSpecification)
    seller_id = call.account.spec.seller_id
    if wanted.feed_type not in KINDS:
        raise invalid("feedType is not supported.", f"Supported are {', '.join(KINDS)}.")
    if not call.account.marketplace_ids.issuperset(wanted.marketplace_ids):
        raise denied("A marketplace is not one of this seller's in this region.")
    document = call.market.documents.get(wanted.input_feed_document_id, seller_id)
    if document is None:
        raise invalid("inputFeedDocumentId does not exist.")
    kind = KINDS[wanted.feed_type]
    if wanted.feed_type == LISTINGS:
        _check_listing_feed(call, wanted)
    readable = document.content_type.startswith(kind.content_type)
    feed = Feed(
        feed_id=str(FIRST_FEED + len(call.market.lanes.feeds) + 1),
        feed_type=wanted.feed_type,
        seller_id=seller_id,
        marketplace_ids=tuple(wanted.marketplace_ids),
        created=call.market.stamp(),
        content=document.content if readable else None,
        messages=(document.content or b"").count(kind.marks_message),
        stuck=timedelta(0),
    )
    call.market.lanes.add(feed)
    return {"feedId": feed.feed_id}


def _check_listing_feed(call: Call, wanted: _FeedSpecification) -> None:
    """One marketplace, and not too many of them at a time. Refusal 400 or 429."""
    if len(wanted.marketplace_ids) != 1:
        raise invalid("marketplaceIds has to be one marketplace for this feedType.")
    seller_id, since = call.account.spec.seller_id, call.market.clock.now() - WITHIN
    lately = [
        feed
        for feed in call.market.lanes.feeds.values()
        if (feed.seller_id, feed.feed_type) == (seller_id, LISTINGS) and feed.created > since
    ]
    if len(lately) >= LISTING_FEEDS:
        call.market.truth.over_budget[seller_id, "createFeed"] += 1
        raise throttled()


def _cancel(call: Call) -> dict[str, Any]:
    parameters(call.query, frozenset())
    if not call.market.lanes.cancel(feed_of(call), call.market.clock.now()):
        raise invalid("Only a feed that is IN_QUEUE can be cancelled.")
    return {}


OPERATIONS = (
    Operation("createFeedDocument", DOCUMENTS, _create_document, method="POST", status=201),
    Operation("createFeed", FEEDS, _create_feed, method="POST", status=202),
    Operation("cancelFeed", f"{FEEDS}/{{feed_id}}", _cancel, method="DELETE"),
)
