"""The answers of searchOrders and getOrder, orders left as they came (Amazon's reference, section 4.1).

A page is read without looking into its orders, so that a single damaged one never spoils it.
"""

import re
from datetime import datetime
from typing import TypeVar

import msgspec

from channeld.amazon.instants import parse_instant

__all__ = ["OrderPage", "read_order_answer", "read_page"]

T = TypeVar("T")


class OrderPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a search."""

    orders: tuple[bytes, ...]
    """JSON of each order, as it came."""
    next_token: str | None
    """None on the last page."""
    last_updated_before: datetime | None
    """Up to when the search looked; the next one starts there."""

    def __repr__(self) -> str:
        return f"OrderPage({len(self.orders)} orders, …)"


class _Pagination(msgspec.Struct, rename="camel"):
    next_token: str | None = None


class _Page(msgspec.Struct, rename="camel"):
    orders: list[msgspec.Raw]
    pagination: _Pagination | None = None
    last_updated_before: str | None = None


class _Order(msgspec.Struct):
    order: msgspec.Raw


_PAGE = msgspec.json.Decoder(_Page)
_ORDER = msgspec.json.Decoder(_Order)

_LONGEST_TOKEN = 16_384
"""A token goes into the next request's URL, and no server takes a longer one."""
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def read_page(body: bytes) -> OrderPage:
    """The answer of searchOrders. Raises `ValueError`."""
    page = _decoded(_PAGE, body)
    bound = page.last_updated_before
    next_token = (page.pagination and page.pagination.next_token) or None
    if next_token and len(next_token) > _LONGEST_TOKEN:
        raise ValueError("the page token is too long")
    return OrderPage(
        orders=tuple(bytes(order) for order in page.orders),
        next_token=next_token,
        last_updated_before=parse_instant(bound) if bound else None,
    )


def read_order_answer(body: bytes) -> bytes:
    """JSON of the order in the answer of getOrder. Raises `ValueError`."""
    return bytes(_decoded(_ORDER, body).order)


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """A text that was cut in the middle of a character outside the basic plane must not spoil the page."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        mended = _ESCAPE.sub(lambda escape: rb"\ufffd" if escape["half"] else escape[0], body)
        if mended == body:
            raise
        return decoder.decode(mended)
