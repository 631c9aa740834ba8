"""The XML document of an order feed, from effects of the ledger (Amazon's reference, section 5.2).

It is written message by message, so that thousands of them never stand as trees at once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, tostring

from channeld.amazon.assumptions import DOCUMENT_BYTES, ORDER_FEED_MESSAGES
from channeld.amazon.feeds.acknowledgement import acknowledgement
from channeld.amazon.feeds.adjustment import adjustment
from channeld.amazon.feeds.elements import Message, add
from channeld.amazon.feeds.fulfillment import fulfillment
from channeld.domain.ledger.kinds import CANCELLATION, DESPATCH, REFUND

__all__ = ["CONTENT_TYPE", "Message", "build", "fitting", "size_of"]

CONTENT_TYPE = "text/xml; charset=UTF-8"
"""Of the document: announced, and sent with the upload."""


class _Form(NamedTuple):
    message_type: str
    body: Callable[[Message], Element]


_FORMS: Mapping[str, _Form] = {
    DESPATCH.name: _Form("OrderFulfillment", fulfillment),
    CANCELLATION.name: _Form("OrderAcknowledgement", acknowledgement),
    REFUND.name: _Form("OrderAdjustment", adjustment),
}
"""Kind of work → what its messages are."""
_OPENING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    b' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">\n'
)
_CLOSING = b"</AmazonEnvelope>\n"


def build(seller_id: str, kind: str, messages: Iterable[Message]) -> bytes:
    """The whole document of one kind's messages; the same bytes for the same messages.

    Ten thousand take about a second of work: it belongs into a worker thread.

    Raises `ValueError` without messages, for more than one feed takes (see `fitting`), for numbers that are
    not 1 to n, and for a message that `size_of` raises it for.
    """
    document = bytearray(_head(seller_id, kind))
    count = 0
    for message in messages:
        document += _piece(message, kind)
        count += 1
        if count > ORDER_FEED_MESSAGES or len(document) + len(_CLOSING) > DOCUMENT_BYTES:
            raise ValueError("the messages are too many for one feed")
        if message.message_id != count:
            raise ValueError("messages are numbered from 1, one after the other")
    if not count:
        raise ValueError("a feed has at least one message")
    document += _CLOSING
    return bytes(document)


def size_of(message: Message, kind: str) -> int:
    """Bytes that it takes in a document.

    Raises `ValueError` for one that cannot be said: a field with a character that no feed carries, an amount
    that is not above zero. It says which, and never what is in it.
    """
    return len(_piece(message, kind))


def fitting(seller_id: str, kind: str, messages: Iterable[Message]) -> int:
    """How many of the messages, from the first on, one feed takes. Raises as `size_of` does."""
    room = DOCUMENT_BYTES - len(_head(seller_id, kind)) - len(_CLOSING)
    count = 0
    for message in messages:
        room -= size_of(message, kind)
        if room < 0 or count == ORDER_FEED_MESSAGES:
            break
        count += 1
    return count


def _head(seller_id: str, kind: str) -> bytes:
    header = Element("Header")
    add(header, "DocumentVersion", "1.01")
    add(header, "MerchantIdentifier", seller_id)
    message_type = Element("MessageType")
    message_type.text = _FORMS[kind].message_type
    return _OPENING + tostring(header, "utf-8") + b"\n" + tostring(message_type, "utf-8") + b"\n"


def _piece(message: Message, kind: str) -> bytes:
    wrapper = Element("Message")
    add(wrapper, "MessageID", message.message_id)
    wrapper.append(_FORMS[kind].body(message))
    return tostring(wrapper, "unicode").encode() + b"\n"
