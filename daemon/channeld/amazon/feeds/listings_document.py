"""The JSON document of a listings feed, from changes of listings (Amazon's reference, section 8.4).

It is written message by message into the bytes that are sent: a large one never stands in memory twice.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

import msgspec

from channeld.amazon.assumptions import DOCUMENT_BYTES, LISTINGS_FEED_MESSAGES, OFFER_PRODUCT_TYPE
from channeld.amazon.listings.patches import ISSUE_LOCALE, Patch

__all__ = [
    "CONTENT_TYPE",
    "FEED_TYPE",
    "ListingChange",
    "ListingsDocument",
    "why_unsayable",
    "write_listings_document",
]

FEED_TYPE = "JSON_LISTINGS_FEED"
CONTENT_TYPE = "application/json; charset=UTF-8"
"""Of the document: announced, and sent with the upload."""


class ListingChange(msgspec.Struct, frozen=True, kw_only=True):
    """Some attributes of one listing are changed."""

    sku: str
    patches: Sequence[Patch]
    product_type: str = OFFER_PRODUCT_TYPE
    """The default does for quantities and prices."""


class ListingsDocument(msgspec.Struct, frozen=True):
    """One feed's worth."""

    content: bytes
    skus: tuple[str, ...]
    """Of its messages, numbered from 1: what the report is read with."""

    def __repr__(self) -> str:
        return f"ListingsDocument({len(self.skus)} messages, …)"


class _Header(msgspec.Struct, rename="camel"):
    seller_id: str
    version: str = "2.0"
    issue_locale: str = ISSUE_LOCALE


class _Message(msgspec.Struct, rename="camel"):
    message_id: int
    sku: str
    product_type: str
    patches: Sequence[Patch]
    operation_type: str = "PATCH"


_CLOSING = b"]}"


def write_listings_document(
    seller_id: str, changes: Iterable[ListingChange], most: int = LISTINGS_FEED_MESSAGES
) -> ListingsDocument:
    """As many of the changes, from the first on, as one feed takes; the same bytes for the same changes.

    The largest take a tenth of a second of work: it belongs into a worker thread. `most` messages are
    written, which is 1 to 25,000.

    Raises `ValueError` without changes, for a change that cannot be said (see `why_unsayable`), and for a SKU
    that comes twice: which of the two would stand is not said.
    """
    if not 1 <= most <= LISTINGS_FEED_MESSAGES:
        raise ValueError(f"a feed has 1 to {LISTINGS_FEED_MESSAGES} messages")
    document = BytesIO()
    document.write(_opening(seller_id))
    skus: dict[str, None] = {}
    for change in changes:
        if len(skus) == most:
            break
        message = _message(len(skus) + 1, change)
        if document.tell() + 1 + len(message) + len(_CLOSING) > DOCUMENT_BYTES:
            break
        if change.sku in skus:
            raise ValueError("a SKU comes twice")
        document.write(b"," + message if skus else message)
        skus[change.sku] = None
    if not skus:
        raise ValueError("a feed has at least one message, of less than the size of a feed")
    document.write(_CLOSING)
    return ListingsDocument(document.getvalue(), tuple(skus))  # not a copy: nothing else holds the bytes


def why_unsayable(change: ListingChange) -> str:
    """Why no feed can carry the change; empty if one can. It never says what is in it."""
    try:
        size = len(_message(LISTINGS_FEED_MESSAGES, change))
    except ValueError as error:
        return str(error)
    # The header, with the longest seller id that there can be, has less than 1,000 bytes.
    return "the change is larger than a feed" if size > DOCUMENT_BYTES - 1_000 else ""


def _opening(seller_id: str) -> bytes:
    return b'{"header":' + msgspec.json.encode(_Header(seller_id)) + b',"messages":['


def _message(number: int, change: ListingChange) -> bytes:
    """Raises `ValueError`."""
    if not change.sku:
        raise ValueError("the SKU is empty")
    if not change.patches:
        raise ValueError("a change names at least one attribute")
    try:
        return msgspec.json.encode(_Message(number, change.sku, change.product_type, change.patches))
    except UnicodeEncodeError:
        reason = "the SKU has a character that a feed cannot carry"
    raise ValueError(reason)
