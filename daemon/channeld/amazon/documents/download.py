"""A small document, fetched whole as text: a processing report, or why a report failed."""

import zlib

import httpx

from channeld.amazon.documents.charset import decoded
from channeld.amazon.documents.failures import DOWNLOAD, bad_document, no_answer, refused, unsafe
from channeld.amazon.documents.places import ResultDocument, is_safe
from channeld.amazon.exchange import LARGEST_BODY, BadBody, ExchangeFailed, exchange, prepared
from channeld.runtime.clock import Clock

__all__ = ["download"]

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


async def download(http: httpx.AsyncClient, clock: Clock, document: ResultDocument) -> str:
    """The text of a document of at most 64 MiB; `open_document` is for those of any size.

    Raises `AmazonUnavailable` when another address and another try may help, `UnreadableAnswer` for an
    address or an answer that is none, and for a damaged one.
    """
    if not is_safe(document.url):
        raise unsafe(DOWNLOAD)
    try:
        received = await exchange(http, clock, prepared(http, "GET", document.url))
    except ExchangeFailed as failure:
        raise no_answer(DOWNLOAD, failure.outage) from None
    except BadBody as bad:
        raise bad_document(DOWNLOAD, str(bad)) from None
    if not 200 <= received.status < 300:
        raise refused(DOWNLOAD, received.status, received.headers)
    body = received.body
    if document.gzip and body.startswith(_GZIP):
        body = _inflated(body)
    return decoded(body, received.headers.get("content-type", ""))


def _inflated(body: bytes) -> bytes:
    """All members of a gzip file. Raises `UnreadableAnswer` for a damaged one, or one that is a bomb."""
    parts: list[bytes] = []
    room = LARGEST_BODY
    while body:
        inflater = zlib.decompressobj(_GZIP_WINDOW)
        try:
            part = inflater.decompress(body, room + 1)
        except zlib.error:
            raise bad_document(DOWNLOAD, "its compression is damaged") from None
        room -= len(part)
        if room < 0:
            raise bad_document(DOWNLOAD, "it is too large")
        if not inflater.eof:
            raise bad_document(DOWNLOAD, "it ends too early")
        parts.append(part)
        body = inflater.unused_data.lstrip(b"\0")
    return b"".join(parts)
