"""Where documents are: addresses that Amazon's storage gives for five minutes, and which of them are asked.

An address is all that one needs to use it. It is never logged and never part of an error; no access token
goes there, and no redirect is followed.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

__all__ = ["ResultDocument", "is_safe", "plain_document_id"]

_LONGEST_ID = 300


class ResultDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document can be read, for five minutes."""

    url: str
    """Whoever knows it may read it: it is never shown."""
    gzip: bool
    """The document itself is compressed."""

    def __repr__(self) -> str:
        return f"ResultDocument(gzip={self.gzip})"


def plain_document_id(given: str) -> str:
    """A document's id as it is: longer than other ids, and of signs that are not written down.

    Raises `ValueError` for what is none.
    """
    if not (0 < len(given) <= _LONGEST_ID and given.isascii() and given.isprintable()):
        raise ValueError("a document's id is not one")
    return given


def is_safe(url: str) -> bool:
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
