"""Documents of feeds and reports: an address that takes one upload, others to download from; five minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from channeld.sandbox.reports.body import Body

__all__ = ["Document", "Documents", "StorageRefusal"]


class StorageRefusal(Exception):
    """The storage behind the addresses answers with this status and code."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        """Further elements of the answer."""

    def body(self) -> bytes:
        text = f"<Code>{self.code}</Code><Message>{self.message}</Message>{self.details}"
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{text}</Error>'.encode()


class Document(msgspec.Struct, kw_only=True):
    """What a seller uploads, or a result; `content` is None until it is uploaded."""

    document_id: str
    seller_id: str
    content_type: str
    content: bytes | None = None
    gzipped: bool = False
    body: Body | None = None
    """The text of a report, which is made when it is wanted; `content` stays None."""


class _Address(msgspec.Struct):
    document: Document
    expires: datetime
    upload: bool
    inflated_by_client: bool = False
    """The answer carries Content-Encoding: gzip."""


class Documents:
    """All documents of a sandbox; the last part of an address is all that one needs to use it."""

    def __init__(self, random: Random, seconds: float) -> None:
        self._random = random
        self._life = timedelta(seconds=seconds)
        self._documents: dict[str, Document] = {}
        self._addresses: dict[str, _Address] = {}

    def add(self, document: Document) -> None:
        self._documents[document.document_id] = document

    def new_id(self) -> str:
        return f"amzn1.tortuga.4.sandbox.{self._random.getrandbits(96):024x}"

    def get(self, document_id: str, seller_id: str) -> Document | None:
        """The seller's document; None for another's as for one that does not exist."""
        document = self._documents.get(document_id)
        return document if document and document.seller_id == seller_id else None

    def address(
        self, document: Document, now: datetime, *, upload: bool = False, inflated_by_client: bool = False
    ) -> str:
        """A new one, valid from now on."""
        token = f"{self._random.getrandbits(128):032x}"
        self._addresses[token] = _Address(document, now + self._life, upload, inflated_by_client)
        return token

    def owner(self, token: str) -> str:
        """The seller id behind an address, empty for one that does not exist."""
        known = self._addresses.get(token)
        return known.document.seller_id if known else ""

    def upload(self, token: str, content_type: str, content: bytes, now: datetime) -> None:
        """Take the content, once and with the content type it was announced with."""
        address = self._valid(token, now, upload=True)
        if content_type != address.document.content_type:
            raise StorageRefusal(403, "SignatureDoesNotMatch", "The content type is not the signed one.")
        if address.document.content is not None:
            raise StorageRefusal(403, "AccessDenied", "The document has been uploaded.")
        address.document.content = content

    def download(self, token: str, now: datetime) -> tuple[Document, dict[str, str]]:
        """The document, and the headers that say what it is."""
        address = self._valid(token, now, upload=False)
        headers = {"content-type": address.document.content_type}
        if address.inflated_by_client:
            headers["content-encoding"] = "gzip"
        return address.document, headers

    def _valid(self, token: str, now: datetime, *, upload: bool) -> _Address:
        address = self._addresses.get(token)
        if address is None or address.upload != upload:
            raise StorageRefusal(403, "SignatureDoesNotMatch", "The address is not valid for this method.")
        if now >= address.expires:
            raise StorageRefusal(403, "AccessDenied", "Request has expired", self._lapsed(address, now))
        return address

    def _lapsed(self, address: _Address, now: datetime) -> str:
        return (
            f"<X-Amz-Expires>{self._life.total_seconds():.0f}</X-Amz-Expires>"
            f"<Expires>{address.expires:%Y-%m-%dT%H:%M:%SZ}</Expires>"
            f"<ServerTime>{now:%Y-%m-%dT%H:%M:%SZ}</ServerTime>"
        )
