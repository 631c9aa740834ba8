"""Documents of feeds: sent to addresses that Amazon's storage gives for five minutes."""

import httpx

from channeld.amazon.documents.download import download
from channeld.amazon.documents.failures import UPLOAD, bad_document, no_answer, refused, unsafe
from channeld.amazon.documents.places import is_safe
from channeld.amazon.exchange import BadBody, ExchangeFailed, exchange, prepared
from channeld.amazon.feeds.answers import FeedDocument
from channeld.runtime.clock import Clock

__all__ = ["download", "upload"]


async def upload(
    http: httpx.AsyncClient, clock: Clock, document: FeedDocument, content: bytes, *, content_type: str
) -> None:
    """Put the content there, with the content type that the document was announced with.

    Raises `AmazonUnavailable` when a new document and another try may help, `UnreadableAnswer` for an address
    or an answer that is none. Nothing happens at Amazon before a feed names the document, so no failure here
    is ambiguous.
    """
    if not is_safe(document.url):
        raise unsafe(UPLOAD)
    headers = {"content-type": content_type}
    try:
        request = prepared(http, "PUT", document.url, headers=headers, body=content)
        received = await exchange(http, clock, request)
    except ExchangeFailed as failure:
        raise no_answer(UPLOAD, failure.outage) from None
    except BadBody as bad:
        raise bad_document(UPLOAD, str(bad)) from None
    if not 200 <= received.status < 300:
        raise refused(UPLOAD, received.status, received.headers)
