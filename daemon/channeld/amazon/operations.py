"""Amazon's operations as data, and one call of one (Amazon's reference, section 16)."""

from collections.abc import Callable
from typing import Generic, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from channeld.amazon.order_wire import OrderPage, read_order_answer, read_page
from channeld.amazon.sellers import Participation, read_participations

__all__ = ["GET_ORDER", "GET_PARTICIPATIONS", "OPERATIONS", "SEARCH_ORDERS", "Call", "Operation", "Query"]

T = TypeVar("T")
Query = tuple[tuple[str, str], ...]


class Operation(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One operation: where it is, what it costs, and how its answer is read."""

    name: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """With the names of its parameters in braces."""
    rate: float
    """Tokens a second, as published."""
    burst: int
    """Tokens the bucket holds, as published."""
    repeat_safe: bool
    """Whether it may be repeated when it is unknown whether Amazon acted on it: true of reads."""
    read: Callable[[bytes], T]
    """Bytes of a success to the answer; raises `ValueError` for anything unforeseen."""


class Call(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One request of an operation, fixed to the byte."""

    operation: Operation[T]
    path_params: Query = ()
    query: Query = ()
    """Names and values in the order in which they are sent."""

    @property
    def sends_page_token(self) -> bool:
        """Whether it asks for a later page of a search."""
        return any(name == "paginationToken" for name, _ in self.query)

    @property
    def target(self) -> str:
        """Path and query, percent-encoded; the same bytes for the same call."""
        path = self.operation.path.format_map({k: quote(v, safe="") for k, v in self.path_params})
        return f"{path}?{urlencode(self.query, quote_via=quote, safe='')}" if self.query else path


SEARCH_ORDERS: Operation[OrderPage] = Operation(
    name="searchOrders",
    method="GET",
    path="/orders/2026-01-01/orders",
    rate=0.0056,
    burst=20,
    repeat_safe=True,
    read=read_page,
)
GET_ORDER: Operation[bytes] = Operation(
    name="getOrder",
    method="GET",
    path="/orders/2026-01-01/orders/{orderId}",
    rate=0.5,
    burst=30,
    repeat_safe=True,
    read=read_order_answer,
)
GET_PARTICIPATIONS: Operation[tuple[Participation, ...]] = Operation(
    name="getMarketplaceParticipations",
    method="GET",
    path="/sellers/v1/marketplaceParticipations",
    rate=0.016,
    burst=15,
    repeat_safe=True,
    read=read_participations,
)

OPERATIONS = {operation.name: operation for operation in (SEARCH_ORDERS, GET_ORDER, GET_PARTICIPATIONS)}
