"""A document of any size, read as it comes: nothing of it is kept, and its end is proved."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import httpx

from channeld.amazon.documents.charset import charset_in
from channeld.amazon.documents.failures import (
    DOWNLOAD,
    bad_document,
    no_answer,
    refused,
    truncated,
    unsafe,
)
from channeld.amazon.documents.inflating import BadPacking, Unpacking
from channeld.amazon.documents.places import ResultDocument, is_safe
from channeld.amazon.errors import AmazonError
from channeld.amazon.exchange import ExchangeFailed, prepared
from channeld.amazon.outages import outage_of
from channeld.runtime.clock import Clock

__all__ = ["Document", "open_document"]

_LONGEST_WAIT = 1800.0
"""Seconds of real time that may be waited for a document's bytes, all in all."""
_FAILURES = (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError)


class Document:
    """An open document: iterate over it once. Its pieces are unpacked, and at most 256 KiB each.

    Iterating raises `DocumentTruncated` when it ends before its end or its compression is damaged, and
    `UnreadableAnswer` above 2 GiB.
    """

    def __init__(self, clock: Clock, response: httpx.Response) -> None:
        self._clock = clock
        self._arriving = response.aiter_raw()
        self._unpacking = _unpacking(response)
        self._pieces: Iterator[bytes] = iter(())
        self._arrived = 0
        self._wait_left = _LONGEST_WAIT
        self._is_over = False
        self.charset = charset_in(response.headers.get("content-type", ""))
        """Python's name of the charset that was announced; empty if none was."""
        self.content_length = _length(response)
        """Bytes that are to arrive, packed as they are; None if that was not announced."""

    @property
    def arrived(self) -> int:
        """Bytes that have arrived, packed as they are: with `content_length` a measure of progress."""
        return self._arrived

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while True:
            if piece := self._next_piece():
                return piece
            if self._is_over:
                raise StopAsyncIteration
            packed = await self._receive()
            self._is_over = packed is None
            self._pieces = self._unpacking.finish() if packed is None else self._unpacking.feed(packed)

    def _next_piece(self) -> bytes:
        """Empty if more has to arrive first."""
        try:
            return next(self._pieces, b"")
        except BadPacking as bad:
            raise _unpackable(bad) from None

    async def _receive(self) -> bytes | None:
        """What arrives next; None at the end."""
        before = anyio.current_time()
        with self._clock.working():
            try:
                with anyio.fail_after(self._wait_left):
                    packed = await anext(self._arriving, None)
            except _FAILURES:
                raise truncated("the connection broke") from None
        self._wait_left -= anyio.current_time() - before
        self._arrived += len(packed or b"")
        if packed is None and self.content_length is not None and self._arrived != self.content_length:
            raise truncated("it is shorter than was announced")
        return packed


@asynccontextmanager
async def open_document(
    http: httpx.AsyncClient, clock: Clock, document: ResultDocument
) -> AsyncGenerator[Document]:
    """Ask for the document and hand out its pieces while the context lasts.

    Whether it is compressed is told by its first bytes, whatever was announced. Raises `AmazonUnavailable`
    when another address and another try may help, `UnreadableAnswer` for an address or an answer that is
    none.
    """
    if not is_safe(document.url):
        raise unsafe(DOWNLOAD)
    response = await _ask(http, clock, document.url)
    try:
        if not 200 <= response.status_code < 300:
            raise refused(DOWNLOAD, response.status_code, response.headers)
        yield Document(clock, response)
    finally:
        with clock.working(), anyio.move_on_after(1, shield=True):
            await response.aclose()


async def _ask(http: httpx.AsyncClient, clock: Clock, url: str) -> httpx.Response:
    try:
        request = prepared(http, "GET", url)
    except ExchangeFailed as failure:
        raise no_answer(DOWNLOAD, failure.outage) from None
    with clock.working():
        try:
            with anyio.fail_after(_LONGEST_WAIT):
                return await http.send(request, stream=True)
        except _FAILURES as failure:
            raise no_answer(DOWNLOAD, outage_of(failure, request.url)) from None


def _unpacking(response: httpx.Response) -> Unpacking:
    try:
        return Unpacking(response.headers.get("content-encoding", ""))
    except BadPacking as bad:
        raise bad_document(DOWNLOAD, str(bad)) from None


def _unpackable(bad: BadPacking) -> AmazonError:
    return bad_document(DOWNLOAD, str(bad)) if bad.is_bomb else truncated(str(bad))


def _length(response: httpx.Response) -> int | None:
    """None for a body whose length the protocol tells in another way."""
    text = response.headers.get("content-length", "")
    is_told = text.isascii() and text.isdigit() and "transfer-encoding" not in response.headers
    return int(text) if is_told else None
