"""Asking for orders: what a search and a single read send (Amazon's reference, section 4.1)."""

from collections.abc import Sequence
from datetime import datetime

from channeld.amazon.instants import format_instant
from channeld.amazon.operations import GET_ORDER, SEARCH_ORDERS, Call, Query
from channeld.amazon.order_reading import read_order
from channeld.amazon.order_wire import OrderPage

__all__ = [
    "INCLUDED_DATA",
    "OrderPage",
    "asked_marketplaces",
    "order_call",
    "read_order",
    "search_call",
    "search_query",
]

INCLUDED_DATA = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
)
"""Everything that an order can show, so that no order needs a second call."""


def search_query(
    marketplace_ids: Sequence[str],
    last_updated_after: datetime,
    last_updated_before: datetime | None = None,
    *,
    page_size: int = 100,
) -> Query:
    """A search by last update, rendered once: every page of it sends these very parameters.

    Both bounds are inclusive; the upper one must lie at least two minutes back when the request arrives.
    """
    bounds = [("lastUpdatedAfter", format_instant(last_updated_after))]
    if last_updated_before is not None:
        bounds.append(("lastUpdatedBefore", format_instant(last_updated_before)))
    return (
        *bounds,
        ("marketplaceIds", ",".join(marketplace_ids)),
        ("maxResultsPerPage", str(page_size)),
        ("includedData", ",".join(INCLUDED_DATA)),
    )


def asked_marketplaces(query: Query) -> frozenset[str]:
    """The marketplaces that a search asks for."""
    return frozenset(id_ for name, ids in query if name == "marketplaceIds" for id_ in ids.split(","))


def search_call(query: Query, page_token: str | None = None) -> Call[OrderPage]:
    """The first page of a search, or the page that a token stands for."""
    pages = () if page_token is None else (("paginationToken", page_token),)
    return Call(operation=SEARCH_ORDERS, query=(*query, *pages))


def order_call(order_id: str) -> Call[bytes]:
    """One order by its id, with everything that it can show."""
    included = ("includedData", ",".join(INCLUDED_DATA))
    return Call(operation=GET_ORDER, path_params=(("orderId", order_id),), query=(included,))
