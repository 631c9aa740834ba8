"""Documents of feeds: sent to, and fetched from, addresses that Amazon's storage gives for five minutes.

An address is all that one needs to use it. It is never logged and never part of an error; no access token
goes there, and no redirect is followed.
"""

import zlib
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from channeld.amazon.errors import AmazonError, UnreadableAnswer
from channeld.amazon.exchange import LARGEST_BODY, BadBody, ExchangeFailed, Received, exchange, prepared
from channeld.amazon.feeds.answers import FeedDocument, ResultDocument
from channeld.amazon.feeds.charset import decoded
from channeld.amazon.refusals import unavailable, unreachable, unreadable
from channeld.runtime.clock import Clock

__all__ = ["download", "upload"]

UPLOAD, DOWNLOAD = "document upload", "document download"
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_GONE = (403, 404)
"""The address has lapsed, or was used: another one helps."""


async def upload(
    http: httpx.AsyncClient, clock: Clock, document: FeedDocument, content: bytes, *, content_type: str
) -> None:
    """Put the content there, with the content type that the document was announced with.

    Raises `AmazonUnavailable` when a new document and another try may help, `UnreadableAnswer` for an address
    or an answer that is none. Nothing happens at Amazon before a feed names the document, so no failure here
    is ambiguous.
    """
    received = await _exchange(
        http, clock, UPLOAD, "PUT", document.url, {"content-type": content_type}, content
    )
    if not 200 <= received.status < 300:
        raise _refused(UPLOAD, received)


async def download(http: httpx.AsyncClient, clock: Clock, document: ResultDocument) -> str:
    """The text of a result document. Raises as `upload` does, `UnreadableAnswer` also for a damaged one."""
    received = await _exchange(http, clock, DOWNLOAD, "GET", document.url, {}, b"")
    if not 200 <= received.status < 300:
        raise _refused(DOWNLOAD, received)
    body = received.body
    if document.gzip and body.startswith(_GZIP):
        body = _inflated(body)
    return decoded(body, received.headers.get("content-type", ""))


async def _exchange(
    http: httpx.AsyncClient,
    clock: Clock,
    operation: str,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes,
) -> Received:
    if not _is_safe(url):
        raise _without_effect(unreadable(operation, "the document's address is not one of https"))
    try:
        return await exchange(http, clock, prepared(http, method, url, headers=headers, body=body))
    except ExchangeFailed as failure:
        raise _without_effect(unreachable(operation, failure.outage)) from None
    except BadBody as bad:
        raise _without_effect(unreadable(operation, str(bad))) from None


def _is_safe(url: str) -> bool:
    """https, or this machine; without a user, which would be sent along."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or not url.isascii() or not url.isprintable():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(operation: str, received: Received) -> AmazonError:
    if received.status >= 500 or received.status in (408, 425, 429):
        return _without_effect(unavailable(operation, f"status {received.status}", received))
    if received.status in _GONE:
        return _without_effect(
            unavailable(operation, "the document's address does not hold any more", received)
        )
    return _without_effect(unreadable(operation, f"status {received.status}", received))


def _without_effect(error: AmazonError) -> AmazonError:
    error.is_ambiguous = False
    return error


def _inflated(body: bytes) -> bytes:
    """All members of a gzip file. Raises `UnreadableAnswer` for a damaged one, or one that is a bomb."""
    parts: list[bytes] = []
    room = LARGEST_BODY
    while body:
        inflater = zlib.decompressobj(_GZIP_WINDOW)
        try:
            part = inflater.decompress(body, room + 1)
        except zlib.error:
            raise _damaged("its compression is damaged") from None
        room -= len(part)
        if room < 0:
            raise _damaged("it is too large")
        if not inflater.eof:
            raise _damaged("it ends too early")
        parts.append(part)
        body = inflater.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _damaged(reason: str) -> UnreadableAnswer:
    error = unreadable(DOWNLOAD, reason)
    error.is_ambiguous = False
    return error
