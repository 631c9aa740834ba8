"""JSON_LISTINGS_FEED (schema 2.0): the document and its messages, each a write to one listing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from channeld.sandbox.feeds.listing_report import Report, Wanted, Wrong, report_json
from channeld.sandbox.listings.patching import Malformed, Patch
from channeld.sandbox.listings.submissions import Submission
from channeld.sandbox.listings.write import Deleted, Patched, Put, Requirements, Write
from channeld.sandbox.marketplaces import BY_ID

if TYPE_CHECKING:
    from channeld.sandbox.feeds.lanes import Feed
    from channeld.sandbox.market import Market

__all__ = ["LISTINGS", "Unreadable", "do_listings", "read_document", "write_of"]

LISTINGS = "JSON_LISTINGS_FEED"
MOST_MESSAGES, LARGEST = 25_000, 10 * 1024 * 1024
MALFORMED, UNREADABLE = "4000001", "4000000"
"""Codes of what breaks the schema: a message, or the whole document."""

Operation = Literal["UPDATE", "PARTIAL_UPDATE", "PATCH", "DELETE"]
Attribute = list[dict[str, Any]]
MessageId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Word = Annotated[str, Meta(min_length=1)]
CONTENT: Mapping[Operation, tuple[frozenset[str], frozenset[str]]] = {
    "UPDATE": (frozenset(("product_type", "attributes")), frozenset(("requirements",))),
    "PARTIAL_UPDATE": (frozenset(("product_type", "attributes")), frozenset()),
    "PATCH": (frozenset(("product_type", "patches")), frozenset()),
    "DELETE": (frozenset(), frozenset()),
}
"""What a message of each operation must have, and what it may have as well, of these four."""


class Unreadable(Exception):
    """The document as a whole breaks the schema; the message says where."""


class _Header(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    seller_id: str
    version: Literal["2.0"]
    issue_locale: str = ""
    report: Wanted | None = None


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    header: _Header
    messages: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MOST_MESSAGES)]


class _Identified(msgspec.Struct, frozen=True, rename="camel"):
    message_id: MessageId


class _Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    sku: Word
    operation_type: Operation
    product_type: Word | UnsetType = UNSET
    requirements: Requirements | UnsetType = UNSET
    attributes: Annotated[dict[str, Attribute], Meta(min_length=1)] | UnsetType = UNSET
    patches: Annotated[list[Patch], Meta(min_length=1)] | UnsetType = UNSET


class Document(NamedTuple):
    """A document that fits the schema as a whole; its messages may still be wrong."""

    wanted: Wanted | None
    """What of the listings the report is to show."""
    messages: Sequence[tuple[int, msgspec.Raw]]


def do_listings(
    market: Market, feed: Feed, content: bytes, share: Callable[[int], int], at: datetime
) -> Callable[[], bytes]:
    """Submit the first messages, as many as `share` says of their number; gives what makes the report."""
    report = Report(feed.feed_id, feed.seller_id, BY_ID[feed.marketplace_ids[0]].country)
    try:
        document = read_document(content, feed.seller_id)
    except Unreadable as error:
        report.wrong.append(Wrong(None, "", UNREADABLE, str(error), ""))
    else:
        report.wanted = document.wanted
        for number, raw in document.messages[: share(len(document.messages))]:
            _submit(market, feed, number, raw, report, at)
    return lambda: report_json(market, report)


def read_document(content: bytes, seller_id: str) -> Document:
    """The messages with their ids, which no two share. Unreadable when the document breaks the schema."""
    if len(content) > LARGEST:
        raise Unreadable("The document is larger than 10 MiB.")
    try:
        document = msgspec.json.decode(content, type=_Document)
        ids = [msgspec.json.decode(raw, type=_Identified).message_id for raw in document.messages]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"The document does not fit the schema: {error}") from None
    if document.header.seller_id != seller_id:
        raise Unreadable("sellerId is not the one that submits the feed.")
    if len(set(ids)) < len(ids):
        raise Unreadable("messageId has to be a number that no other message has.")
    return Document(document.header.report, list(zip(ids, document.messages, strict=True)))


def write_of(raw: bytes) -> tuple[str, Write]:
    """The SKU of a message and what is to be done. Malformed when the message breaks the schema."""
    try:
        message = msgspec.json.decode(raw, type=_Message)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
    needed, allowed = CONTENT[message.operation_type]
    four = ("product_type", "requirements", "attributes", "patches")
    given = {name for name in four if getattr(message, name) is not UNSET}
    if not needed <= given <= needed | allowed:
        raise Malformed(
            f"{message.operation_type} does not go with what the message has, or lacks something."
        )
    return message.sku, _write(message)


def _write(message: _Message) -> Write:
    product_type = message.product_type or ""
    match message.operation_type:
        case "DELETE":
            return Deleted()
        case "PATCH":
            return Patched(product_type=product_type, patches=message.patches or [])
        case "PARTIAL_UPDATE":
            given = message.attributes or {}
            patches = [
                Patch(op="replace", path=f"/attributes/{name}", value=value) for name, value in given.items()
            ]
            return Patched(product_type=product_type, patches=patches)
        case "UPDATE":
            requirements = message.requirements or "LISTING"
            return Put(
                product_type=product_type, requirements=requirements, attributes=message.attributes or {}
            )


def _submit(market: Market, feed: Feed, number: int, raw: msgspec.Raw, report: Report, at: datetime) -> None:
    report.processed += 1
    try:
        sku, write = write_of(raw)
        submission = Submission(
            seller_id=feed.seller_id,
            country=report.country,
            sku=sku,
            write=write,
            route=LISTINGS,
            said_at=feed.created,
            feed_id=feed.feed_id,
        )
        outcome = market.submissions.submit(submission, at)
    except Malformed as error:
        report.wrong.append(Wrong(number, "", MALFORMED, str(error), ""))
        report.invalid += 1
        return
    report.wrong += [Wrong(number, sku, each.code, each.message, each.attribute) for each in outcome.issues]
    if outcome.status == "INVALID":
        report.invalid += 1
    else:
        report.accepted.append(sku)
