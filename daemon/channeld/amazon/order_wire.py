"""The answers of searchOrders and getOrder, orders left as they came (Amazon's reference, section 4.1).

A page is read without looking into its orders, so that a single damaged one never spoils it.
"""

from datetime import datetime

import msgspec

from channeld.amazon.instants import parse_instant

__all__ = ["OrderPage", "read_order_answer", "read_page"]


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


def read_page(body: bytes) -> OrderPage:
    """The answer of searchOrders. Raises `ValueError`."""
    page = _PAGE.decode(body)
    bound = page.last_updated_before
    return OrderPage(
        orders=tuple(bytes(order) for order in page.orders),
        next_token=(page.pagination and page.pagination.next_token) or None,
        last_updated_before=parse_instant(bound) if bound else None,
    )


def read_order_answer(body: bytes) -> bytes:
    """JSON of the order in the answer of getOrder. Raises `ValueError`."""
    return bytes(_ORDER.decode(body).order)
