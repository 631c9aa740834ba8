"""Every operation that the sandbox answers."""

from typing import Any

from channeld.sandbox.confirmation import CONFIRM_SHIPMENT
from channeld.sandbox.feeds import reads, writes
from channeld.sandbox.finances import LIST_TRANSACTIONS
from channeld.sandbox.listings.reads import OPERATIONS as LISTINGS
from channeld.sandbox.listings.writes import OPERATIONS as LISTING_WRITES
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.reports import reading, writing
from channeld.sandbox.rules import included_data, parameters, parse_search
from channeld.sandbox.search import read_order, search_orders

__all__ = ["OPERATIONS"]


def _participations(call: Call) -> dict[str, Any]:
    parameters(call.query, frozenset())
    return {"payload": call.account.participations()}


def _search(call: Call) -> dict[str, Any]:
    search = parse_search(call.query, call.account, call.market.clock.now())
    return search_orders(call.market, call.account, search)


def _get(call: Call) -> dict[str, Any]:
    given = parameters(call.query, frozenset({"includedData"}))
    return read_order(call.market, call.account, call.path["order_id"], included_data(given))


OPERATIONS = (
    Operation("getMarketplaceParticipations", "/sellers/v1/marketplaceParticipations", _participations),
    Operation("searchOrders", "/orders/2026-01-01/orders", _search),
    Operation("getOrder", "/orders/2026-01-01/orders/{order_id}", _get),
    CONFIRM_SHIPMENT,
    *reads.OPERATIONS,
    *writes.OPERATIONS,
    LIST_TRANSACTIONS,
    *reading.OPERATIONS,
    *writing.OPERATIONS,
    *LISTINGS,
    *LISTING_WRITES,
)
