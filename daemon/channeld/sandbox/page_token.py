"""Page tokens: where a search goes on, with its upper bound frozen.

Orders that change while a search is paged through move beyond its bound and so leave it, without moving
any other order to another page; the next search from that bound finds them.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from channeld.sandbox.account import Account
from channeld.sandbox.book import Key
from channeld.sandbox.refusal import Refusal, invalid
from channeld.sandbox.rules import NEWEST, Search

__all__ = ["PageToken", "first_page", "read_token", "written"]

TOKEN_LIFE = timedelta(hours=24)
CHECK_BYTES = 8


class PageToken(msgspec.Struct, frozen=True, kw_only=True):
    """The next page starts with the order at `start`, or the first one after it."""

    seller_id: str
    request: str
    """Digest of all parameters that must stay the same."""
    issued: datetime
    bound: datetime
    start: Key
    again: list[str] = []
    """Ids of orders that the fault `duplicates` delivers once more."""


def first_page(account: Account, search: Search, now: datetime) -> PageToken:
    """The chain's beginning: bounded by the request, else by what is two minutes old (whole milliseconds)."""
    newest = now - NEWEST
    bound = search.before or newest.replace(microsecond=newest.microsecond // 1000 * 1000)
    return PageToken(
        seller_id=account.spec.seller_id,
        request=_digest(search.fingerprint.encode()),
        issued=now,
        bound=bound,
        start=(search.after, ""),
    )


def written(token: PageToken, now: datetime) -> str:
    """The token as Amazon hands it out: opaque, and good for 24 hours from now."""
    body = msgspec.json.encode(msgspec.structs.replace(token, issued=now))
    return urlsafe_b64encode(_digest(body).encode() + body).decode().rstrip("=")


def read_token(account: Account, search: Search, now: datetime) -> PageToken:
    """The token of this request. Refusal 400 when it is forged, another chain's, or too old."""
    token = _decoded(search.token)
    if token is None or token.seller_id != account.spec.seller_id:
        raise _not_valid("It was not issued for this seller.")
    if token.request != _digest(search.fingerprint.encode()):
        raise _not_valid("Every parameter but maxResultsPerPage has to be as in the first request.")
    if now - token.issued > TOKEN_LIFE:
        raise _not_valid("It has expired.")
    return token


def _decoded(text: str) -> PageToken | None:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        digest, body = raw[: 2 * CHECK_BYTES], raw[2 * CHECK_BYTES :]
        return msgspec.json.decode(body, type=PageToken) if digest == _digest(body).encode() else None
    except ValueError:
        return None


def _not_valid(reason: str) -> Refusal:
    return invalid(f"The submitted paginationToken is not valid. {reason}")


def _digest(data: bytes) -> str:
    return sha256(b"page token" + data).hexdigest()[: 2 * CHECK_BYTES]
